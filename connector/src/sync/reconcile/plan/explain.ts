import {
  type Document,
  type FieldValues,
  type MappingFault,
  type PartyKey,
  type Profile,
  partyKeyText,
} from "../../../domain/index.ts";
import { profileCard } from "../../../rules/profile/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import type { Link } from "../../links/index.ts";
import { decidedFamily } from "../consider/cards.ts";
import { type ConsiderPorts, groupingOf, type Pass } from "../consider/facts.ts";
import { cardToMap, wantedValues } from "../decide/map-card.ts";

/** One card as a person may ask about it: the same inputs and rules as a decision, nothing concluded. */
export interface ExplainedCard {
  organization: ListedOrganization;
  links: Link[];
  documents: Document[];
  profile: Profile;
  wanted: FieldValues;
}

/** A card with what the pass's mapping makes of it; a party that nobody has linked yet as a card of its own. */
export interface MappedParty extends Omit<ExplainedCard, "organization"> {
  organization: ListedOrganization | undefined;
  faults: MappingFault[];
}

/** The card of a linked party; undefined where it is not linked or its organization is gone. */
export async function explainCard(
  ports: ConsiderPorts,
  pass: Pass,
  party: PartyKey,
): Promise<ExplainedCard | undefined> {
  const mapped = await mapParty(ports, pass, party);
  if (!mapped?.organization) return undefined;
  const { faults: _faults, ...card } = mapped;
  return { ...card, organization: mapped.organization };
}

/** Undefined: the replica has no such party. */
export async function mapParty(ports: ConsiderPorts, pass: Pass, party: PartyKey): Promise<MappedParty | undefined> {
  const { connection } = pass;
  const [asked] = await ports.replica.familiesOf(groupingOf(connection), [party]);
  const [link] = await ports.links.linksOf(connection.id, [asked?.top ?? party]);
  const [organization] = link
    ? await ports.directory.organizationsByIds(connection.subdomain, [link.organizationId])
    : [];
  const links = link
    ? (await ports.links.linksTo(connection.subdomain, [link.organizationId])).filter(
        ({ connectionId }) => connectionId === connection.id,
      )
    : [];
  const tops = links.length > 0 ? links.map((each) => each.party) : asked ? [asked.top] : [];
  const families = await ports.replica.familiesOf(groupingOf(connection), tops);
  if (families.length === 0) return undefined;
  const members = families.flatMap((family) => family.members.map((member) => member.party));
  const shown = new Set(tops.map(partyKeyText));
  const [documents, terms] = await Promise.all([
    ports.replica.documentsOf(connection.id, members),
    ports.replica.terms(connection.id),
  ]);
  const context = { ...pass.context, terms: new Map(terms.map((term) => [term.id, term])) };
  const profile = profileCard({
    parties: members.map((member) => ({ party: member, linked: shown.has(partyKeyText(member)) })),
    documents,
    terms: context.terms,
    policy: { tolerance: context.settings.tolerance, graceDays: context.settings.graceDays },
    homeCurrency: context.homeCurrency,
    zone: context.zone,
    today: pass.today,
  });
  const mapped = context.mapping.map(cardToMap({ families: families.map(decidedFamily), documents }, profile, context));
  const wanted = { ...organization?.fields, ...wantedValues(mapped, organization, context) };
  return { organization, links, documents, profile, wanted, faults: mapped.faults };
}
