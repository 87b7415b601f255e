import {
  type Disposition,
  type FieldValues,
  mixedCurrency,
  type Organization,
  organizationKey,
  type PartyKey,
  partyKeyText,
} from "../../../domain/index.ts";
import { changedFields, clearedFields } from "../../../rules/mapping/index.ts";
import { type CardParty, profileCard } from "../../../rules/profile/index.ts";
import type { Link } from "../../links/ports.ts";
import type { CardSnapshot, DecidedFamily, DecisionContext } from "./card-snapshot.ts";
import type { CardFacts, Decision, FamilyKeys, Standing } from "./decision.ts";
import { cardToMap, earlier, wantedValues } from "./map-card.ts";

/** Pure: the same snapshot and context give the same decision. */
export function decideCard(card: CardSnapshot, context: DecisionContext): Decision {
  const profile = profileCard({
    parties: cardParties(card),
    documents: [...card.documents],
    terms: new Map(context.terms),
    policy: { tolerance: context.settings.tolerance, graceDays: context.settings.graceDays },
    homeCurrency: context.homeCurrency,
    zone: context.zone,
    today: context.today,
  });
  const mapped = context.mapping.map(cardToMap(card, profile, context));
  const wanted = wantedValues(mapped, card.organization, context);
  const facts: CardFacts = {
    nextFlipOn: earlier(profile.nextFlipOn, mapped.nextFlipOn),
    faults: mapped.faults,
    mixedCurrency: profile.currency === mixedCurrency,
    members: context.settings.members ? [...card.strays] : [],
  };
  if (!card.organization) return creation(card, wanted, facts);
  // tested above; the closure forgets it
  const links = card.links.map((link) => ({ ...link, organizationId: (card.organization as Organization).id }));
  const families = familyKeys(card.families);
  const changed = changedFields(context.mapping.owned, wanted, card.organization.fields);
  const renamed = card.name && card.name.value !== card.organization.name ? card.name : undefined;
  if (changed.length === 0 && !renamed)
    return { kind: "unchanged", organizationId: card.organization.id, links, families, facts, unlinked: [] };
  return {
    kind: "update",
    organization: card.organization,
    name: renamed,
    changed: pick(wanted, changed),
    before: pick(card.organization.fields, changed),
    links,
    families,
    facts,
    unlinked: [],
  };
}

/**
 * The card that lost its last party: what we wrote is taken back. Where QuickBooks has its parties no more, the status says merged, beside
 * the keys of those that they were merged into; where a person took them away, nothing of ours stays.
 */
export function decideEmptyCard(
  organization: Organization,
  left: readonly { party: PartyKey; vanished?: { into: PartyKey | undefined } | undefined }[],
  { mapping, brokenFields, realm }: Pick<DecisionContext, "mapping" | "brokenFields" | "realm">,
): Decision {
  const merged = left.flatMap(({ party, vanished }) => (vanished ? [{ party, into: vanished.into }] : []));
  const survivors = merged.flatMap(({ into }) => (into ? organizationKey(realm, into) : []));
  const values = {
    ...clearedFields(mapping.owned),
    ...(merged.length === left.length ? mapping.merged([...new Set(survivors)]) : {}),
  };
  const wanted = wantedValues({ values, faults: [], nextFlipOn: undefined }, organization, { mapping, brokenFields });
  const changed = changedFields(mapping.owned, wanted, organization.fields);
  return {
    kind: "clear",
    organization,
    changed: pick(wanted, changed),
    before: pick(organization.fields, changed),
    unlinked: left.map(({ party }) => party),
    merged,
  };
}

function creation(card: CardSnapshot, fields: FieldValues, facts: CardFacts): Decision {
  const first = card.families[0]?.top;
  if (!first || !card.name || card.externalId === undefined)
    throw new Error("a card to be created has a party, a name and an external id");
  return {
    kind: "create",
    first: { kind: first.kind, id: first.id },
    name: card.name.value,
    nameKey: card.name.key,
    externalId: card.externalId,
    fields,
    links: [...card.links],
    families: familyKeys(card.families),
    facts,
  };
}

function familyKeys(families: readonly DecidedFamily[]): FamilyKeys[] {
  return families.map(({ top, others }) => ({ top: keyOf(top), others: others.map(keyOf) }));
}

/** Of a card that has its organization: the tops are linked, the others rolled up into theirs. */
export function standingsOf(families: readonly FamilyKeys[], links: readonly Link[]): Standing[] {
  const byParty = new Map(links.map((link) => [partyKeyText(link.party), link]));
  return families.flatMap(({ top, others }) => {
    const link = byParty.get(partyKeyText(top));
    if (!link) throw new Error(`no link for ${partyKeyText(top)} on its own card`);
    const linked: Disposition = { kind: "linked", organizationId: link.organizationId, step: link.step };
    return [{ party: top, disposition: linked }, ...rolledUp(top, others)];
  });
}

export function rolledUp(top: PartyKey, others: readonly PartyKey[]): Standing[] {
  return others.map((party) => ({ party: keyOf(party), disposition: { kind: "rolled-up", into: keyOf(top) } }));
}

export function keyOf(party: PartyKey): PartyKey {
  return { kind: party.kind, id: party.id };
}

function cardParties(card: CardSnapshot): CardParty[] {
  return card.families.flatMap(({ top, others }) => [
    { party: top, linked: true },
    ...others.map((party) => ({ party, linked: false })),
  ]);
}

function pick(values: FieldValues, keys: readonly string[]): FieldValues {
  return Object.fromEntries(keys.map((key) => [key, values[key] ?? null]));
}
