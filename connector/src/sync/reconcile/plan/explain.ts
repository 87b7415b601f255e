import { type Document, type FieldValues, type PartyKey, type Profile, partyKeyText } from "../../../domain/index.ts";
import { profileCard } from "../../../rules/profile/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import type { Link } from "../../links/index.ts";
import { decidedFamily } from "../consider/cards.ts";
import type { ConsiderPorts, Pass } from "../consider/facts.ts";
import { cardToMap, wantedValues } from "../decide/map-card.ts";

/** One card as a person may ask about it: the same inputs and rules as a decision, nothing concluded. */
export interface ExplainedCard {
  organization: ListedOrganization;
  links: Link[];
  documents: Document[];
  profile: Profile;
  wanted: FieldValues;
}

/** The card of a linked party; undefined where it is not linked or its organization is gone. */
export async function explainCard(
  ports: ConsiderPorts,
  pass: Pass,
  party: PartyKey,
): Promise<ExplainedCard | undefined> {
  const { connection } = pass;
  const [asked] = await ports.replica.familiesOf(connection.id, [party]);
  const [link] = await ports.links.linksOf(connection.id, [asked?.top ?? party]);
  if (!link) return undefined;
  const [organization] = await ports.directory.organizationsByIds(connection.subdomain, [link.organizationId]);
  if (!organization) return undefined;
  const links = (await ports.links.linksTo(connection.subdomain, [link.organizationId])).filter(
    ({ connectionId }) => connectionId === connection.id,
  );
  const families = await ports.replica.familiesOf(
    connection.id,
    links.map((each) => each.party),
  );
  const members = families.flatMap((family) => family.members.map((member) => member.party));
  const linked = new Set(links.map((each) => partyKeyText(each.party)));
  const [documents, terms] = await Promise.all([
    ports.replica.documentsOf(connection.id, members),
    ports.replica.terms(connection.id),
  ]);
  const profile = profileCard({
    parties: members.map((member) => ({ party: member, linked: linked.has(partyKeyText(member)) })),
    documents,
    terms: new Map(terms.map((term) => [term.id, term])),
    policy: { tolerance: pass.context.settings.tolerance, graceDays: pass.context.settings.graceDays },
    homeCurrency: pass.context.homeCurrency,
    zone: pass.context.zone,
    today: pass.today,
  });
  const context = { ...pass.context, terms: new Map(terms.map((term) => [term.id, term])) };
  const mapped = connection.mapping.map(
    cardToMap({ families: families.map(decidedFamily), documents }, profile, context),
  );
  const wanted = { ...organization.fields, ...wantedValues(mapped, organization, context) };
  return { organization, links, documents, profile, wanted };
}
