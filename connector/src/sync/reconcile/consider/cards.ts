import {
  type Disposition,
  type Document,
  type OrganizationId,
  organizationKey,
  type Party,
  type PartyKey,
  parseOrganizationKey,
  partyKeyText,
  type UserId,
} from "../../../domain/index.ts";
import { compareByRank } from "../../../rules/profile/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import { type Link, topOf } from "../../links/index.ts";
import type { Family } from "../../replica/index.ts";
import type { CardSnapshot, DecidedFamily, DecisionContext, NewOrOldLink } from "../decide/card-snapshot.ts";
import { decideCard, decideEmptyCard, rolledUp } from "../decide/decide-card.ts";
import type { Decision } from "../decide/decision.ts";
import type { Intent } from "../decide/intents.ts";
import type { OwnedConnection } from "../ports.ts";
import { createBreather } from "./breather.ts";
import {
  type Adopted,
  type Considered,
  type ConsiderPorts,
  groupingOf,
  type Leaving,
  type Looked,
  type Pass,
} from "./facts.ts";
import { withoutFutileWrites } from "./futile-writes.ts";
import { type Merged, winnerAsCandidate } from "./merged.ts";
import { type NameAnswer, nameOrganizations, nameWait } from "./naming.ts";
import { straysOf } from "./strays.ts";

/** Puts families, old and new, together by organization, loads what their cards are computed from, and decides each card. */
export async function decideCards(
  ports: ConsiderPorts,
  pass: Pass,
  input: {
    adopted: readonly Adopted[];
    created: readonly Looked[];
    leaving: readonly Leaving[];
    merged: ReadonlyMap<OrganizationId, Merged>;
  },
): Promise<Considered[]> {
  const { connection } = pass;
  const { families } = connection.settings;
  const organizationIds = [...new Set([...input.adopted, ...input.leaving].map(({ link }) => link.organizationId))];
  const [coLinks, organizations] = await Promise.all([
    ports.links.linksTo(connection.subdomain, organizationIds),
    ports.directory.organizationsByIds(connection.subdomain, organizationIds),
  ]);
  const organizationOf = new Map(organizations.map((organization) => [organization.id, organization]));
  const adopted = input.adopted.map(({ link }) => withOrigin(link, organizationOf.get(link.organizationId)));
  const looked = new Set(adopted.map(({ party }) => partyKeyText(party)));
  const leaving = new Set(input.leaving.map(({ link }) => partyKeyText(link.party)));
  const linksOf = new Map<OrganizationId, Map<string, Link>>();
  for (const link of [...coLinks.filter(({ connectionId }) => connectionId === connection.id), ...adopted]) {
    if (leaving.has(partyKeyText(link.party))) continue;
    const ofCard = linksOf.get(link.organizationId) ?? new Map<string, Link>();
    ofCard.set(partyKeyText(link.party), link);
    linksOf.set(link.organizationId, ofCard);
  }
  const familyOf = new Map(
    [...input.adopted.map(({ looked }) => looked), ...input.created].map(({ family }) => [
      partyKeyText(family.top),
      family,
    ]),
  );
  await addMissingFamilies(
    ports,
    connection,
    familyOf,
    [...linksOf.values()].flatMap((links) => [...links.values()]),
  );
  const tops = [...familyOf.values()].map(topOf);
  const creating = new Set(input.created.map(({ top }) => partyKeyText(top)));
  const bearerOf = nameBearers(linksOf, familyOf);
  const [documents, termList, names, strays] = await Promise.all([
    ports.replica.documentsOf(
      connection.id,
      [...familyOf.values()].flatMap(({ members }) => members.map(({ party }) => party)),
    ),
    ports.replica.terms(connection.id),
    nameOrganizations(ports, connection.subdomain, { realm: connection.realm, families, all: pass.rivals }, [
      ...tops.filter((top) => creating.has(partyKeyText(top))).map((party) => ({ party, organizationId: undefined })),
      ...[...bearerOf].map(([organizationId, party]) => ({ party, organizationId })),
    ]),
    connection.settings.members
      ? straysOf(
          ports,
          { id: connection.id, subdomain: connection.subdomain, families },
          cardsByFamily(familyOf, linksOf),
          pass.rivals.map(({ id }) => id),
        )
      : new Map<string, UserId[]>(),
  ]);
  const documentsOfParty = groupByParty(documents);
  const context: DecisionContext = { ...pass.context, terms: new Map(termList.map((term) => [term.id, term])) };
  const snapshot = (
    families: readonly Family[],
    strayCard: string,
    rest: Omit<CardSnapshot, "families" | "documents" | "strays">,
  ): CardSnapshot => ({
    families: families.map(decidedFamily),
    documents: families.flatMap(({ members }) =>
      members.flatMap(({ party }) => documentsOfParty.get(partyKeyText(party)) ?? []),
    ),
    strays: strays.get(strayCard) ?? [],
    ...rest,
  });

  const result: Considered[] = [];
  const breathe = createBreather();
  for (const organizationId of organizationIds) {
    await breathe();
    const organization = organizationOf.get(organizationId);
    const links = [...(linksOf.get(organizationId)?.values() ?? [])];
    const families = links.flatMap(({ party }) => familyOf.get(partyKeyText(party)) ?? []);
    const leavers = input.leaving.filter(({ link }) => link.organizationId === organizationId);
    const left = leavers.map(({ link }) => link.party);
    const ofCard = families.map(({ top }) => top);
    const goneTo = input.merged.get(organizationId);
    if (!organization)
      // The others of its card were marked when it was found to be gone: their own answers decide what becomes of them.
      result.push(
        ...families
          .filter((family) => looked.has(partyKeyText(family.top)))
          .map((family) => ({
            tops: [family.top],
            decision: {
              kind: "gone" as const,
              organizationId,
              families: [familyKeys(family)],
              unlinked: [],
              candidates: goneTo ? [winnerAsCandidate(goneTo)] : [],
            },
          })),
        ...(left.length === 0
          ? []
          : [
              {
                tops: left,
                decision: { kind: "gone" as const, organizationId, families: [], unlinked: left, candidates: [] },
              },
            ]),
      );
    else if (families.length === 0) {
      result.push({
        tops: left,
        decision: decideEmptyCard(
          organization,
          leavers.map(({ link, vanished }) => ({ party: link.party, vanished })),
          context,
        ),
      });
    } else {
      const bearer = bearerOf.get(organizationId);
      const name = bearer ? names.get(partyKeyText(bearer)) : undefined;
      const decision = decideCard(
        snapshot(families, String(organizationId), {
          links,
          organization,
          name: name?.kind === "name" ? { value: name.value, key: name.key } : undefined,
          externalId: undefined,
        }),
        context,
      );
      const nameConflict = name?.kind === "taken" ? { organizationId, wanted: name.wanted } : undefined;
      result.push({ tops: [...ofCard, ...left], decision: withUnlinked(decision, left), nameConflict });
    }
  }
  for (const { family, top, intent } of input.created) {
    await breathe();
    const name = names.get(partyKeyText(top));
    result.push({ tops: [family.top], decision: creationOf(pass, family, name, snapshot, context, intent) });
  }
  return withoutFutileWrites(ports.values, connection.subdomain, result);
}

function creationOf(
  pass: Pass,
  family: Family,
  name: NameAnswer | undefined,
  snapshot: (
    families: readonly Family[],
    strayCard: string,
    rest: Omit<CardSnapshot, "families" | "documents" | "strays">,
  ) => CardSnapshot,
  context: DecisionContext,
  intent: Intent,
): Decision {
  if (!name) throw new Error(`no name for ${partyKeyText(family.top)}`);
  if (name.kind === "taken")
    return restDecision(family, {
      kind: "parked",
      reason: "name-taken",
      says: `Zendesk has an organization named "${name.candidate.name}" already. Is it the same client?`,
      candidates: [name.candidate],
      waitsFor: nameWait(name.wanted, name.candidate),
    });
  const by = intent.kind === "create" ? intent.by : undefined;
  const link: NewOrOldLink = {
    connectionId: pass.connection.id,
    party: family.top,
    subdomain: pass.connection.subdomain,
    origin: "created",
    step: by === undefined ? "created" : "answer",
    evidence: [],
    confirmedBy: by,
  };
  return decideCard(
    snapshot([family], partyKeyText(family.top), {
      links: [link],
      organization: undefined,
      name: { value: name.value, key: name.key },
      externalId: organizationKey(pass.connection.realm, family.top),
    }),
    context,
  );
}

/** On cards that we created, the first party by rank whose link says "created" gives the name. */
function nameBearers(
  linksOf: ReadonlyMap<OrganizationId, ReadonlyMap<string, Link>>,
  familyOf: ReadonlyMap<string, Family>,
): Map<OrganizationId, Party> {
  const bearers = new Map<OrganizationId, Party>();
  for (const [organizationId, links] of linksOf) {
    const creators = [...links.values()]
      .filter(({ origin }) => origin === "created")
      .flatMap(({ party }) => familyOf.get(partyKeyText(party)) ?? [])
      .map(topOf)
      .sort(compareByRank);
    if (creators[0]) bearers.set(organizationId, creators[0]);
  }
  return bearers;
}

async function addMissingFamilies(
  ports: ConsiderPorts,
  connection: OwnedConnection,
  familyOf: Map<string, Family>,
  links: readonly Link[],
): Promise<void> {
  const missing = links.map(({ party }) => party).filter((party) => !familyOf.has(partyKeyText(party)));
  if (missing.length === 0) return;
  for (const family of await ports.replica.familiesOf(groupingOf(connection), missing))
    familyOf.set(partyKeyText(family.top), family);
}

function cardsByFamily(
  familyOf: ReadonlyMap<string, Family>,
  linksOf: ReadonlyMap<OrganizationId, ReadonlyMap<string, Link>>,
): Map<string, Family[]> {
  const cardOf = new Map<string, string>();
  for (const [organizationId, links] of linksOf)
    for (const text of links.keys()) cardOf.set(text, String(organizationId));
  const grouped = new Map<string, Family[]>();
  for (const [text, family] of familyOf) {
    const card = cardOf.get(text) ?? text;
    grouped.set(card, [...(grouped.get(card) ?? []), family]);
  }
  return grouped;
}

/** An organization whose external_id is a key of ours was created by us, also when our database has forgotten it. */
function withOrigin(link: Link, organization: ListedOrganization | undefined): Link {
  const ours = organization?.externalId !== undefined && parseOrganizationKey(organization.externalId) !== undefined;
  return ours ? { ...link, origin: "created" } : link;
}

/** Members are rolled up into a top that is parked or ignored; they are out of scope with one that is. */
export function restDecision(family: Family, disposition: Disposition): Decision {
  const others = othersOf(family);
  const standings =
    disposition.kind === "out-of-scope"
      ? others.map((party) => ({ party: { kind: party.kind, id: party.id }, disposition }))
      : rolledUp(family.top, others);
  return { kind: "rest", standings: [{ party: family.top, disposition }, ...standings] };
}

function withUnlinked(decision: Decision, unlinked: readonly PartyKey[]): Decision {
  return decision.kind === "update" || decision.kind === "unchanged"
    ? { ...decision, unlinked: [...unlinked] }
    : decision;
}

function familyKeys(family: Family): { top: PartyKey; others: PartyKey[] } {
  return { top: family.top, others: othersOf(family).map(({ kind, id }) => ({ kind, id })) };
}

export function decidedFamily(family: Family): DecidedFamily {
  const top = topOf(family);
  return { top, others: othersOf(family), record: family.members.find(({ party }) => party === top)?.record ?? {} };
}

function othersOf(family: Family): Party[] {
  return family.members
    .map(({ party }) => party)
    .filter(({ kind, id }) => kind !== family.top.kind || id !== family.top.id);
}

function groupByParty(documents: readonly Document[]): Map<string, Document[]> {
  const grouped = new Map<string, Document[]>();
  for (const document of documents) {
    const text = partyKeyText(document.party);
    const list = grouped.get(text);
    if (list) list.push(document);
    else grouped.set(text, [document]);
  }
  return grouped;
}
