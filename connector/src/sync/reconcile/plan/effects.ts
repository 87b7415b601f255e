import { type Disposition, type Json, type PartyKey, partyKeyText } from "../../../domain/index.ts";
import type { Considered } from "../consider/facts.ts";
import type { Decision } from "../decide/decision.ts";
import type { EffectKind, FoundEffect, PlannedEffect, Trait } from "./ports.ts";

/** What a decision would do to its organization. `before`: the dispositions of its parties until now. Pure. */
export function effectOf(decision: Decision, before: ReadonlyMap<string, Disposition>): FoundEffect {
  switch (decision.kind) {
    case "create":
      return { effect: "create", organizationId: null, organization: decision.name };
    case "update": {
      const { id, name } = decision.organization;
      const effect = decision.name ? "rename" : adopts(decision, before) ? "adopt" : "update";
      return { effect, organizationId: id, organization: name };
    }
    case "unchanged":
      return { effect: "unchanged", organizationId: decision.organizationId, organization: null };
    case "clear":
      return { effect: "clear", organizationId: decision.organization.id, organization: decision.organization.name };
    case "gone":
      return { effect: "gone", organizationId: decision.organizationId, organization: null };
    case "rest": {
      const own = decision.standings[0]?.disposition;
      if (own?.kind === "parked")
        return { effect: "parked", organizationId: null, organization: own.candidates[0]?.name ?? null };
      return { effect: own?.kind === "ignored" ? "ignored" : "out-of-scope", organizationId: null, organization: null };
    }
  }
}

/** One of its parties was not linked there, and the organization does not carry its key: somebody else made it. */
function adopts({ links }: Extract<Decision, { kind: "update" }>, before: ReadonlyMap<string, Disposition>): boolean {
  return links.some(({ party, organizationId, step }) => {
    const was = before.get(partyKeyText(party));
    return step !== "key" && !(was?.kind === "linked" && was.organizationId === organizationId);
  });
}

/** The effects of one decision, a row for each of its parties. `cardOf`: what its first party is written together with; else it alone. */
export function effectsOf(
  considered: Considered,
  before: ReadonlyMap<string, Disposition>,
  cardOf?: (first: PartyKey) => PartyKey,
): PlannedEffect[] {
  const { decision, tops } = considered;
  const [first] = tops;
  if (!first) return [];
  const { effect, organizationId, organization } = effectOf(decision, before);
  const traits = traitsOf(decision);
  return tops.map((top) => ({
    party: partyKeyText(top),
    card: partyKeyText(cardOf ? cardOf(first) : first),
    effect,
    organizationId: organizationId ?? undefined,
    organization: organization ?? undefined,
    because: becauseOf(decision, top),
    changed: top === first ? changedBy(decision) : {},
    traits,
  }));
}

function becauseOf(decision: Decision, top: PartyKey): string | undefined {
  const key = partyKeyText(top);
  switch (decision.kind) {
    case "create":
    case "update":
    case "unchanged":
      return decision.links.find(({ party }) => partyKeyText(party) === key)?.step;
    case "rest": {
      const own = decision.standings.find(({ party }) => partyKeyText(party) === key)?.disposition;
      return own?.kind === "parked" ? own.reason : undefined;
    }
    case "clear":
    case "gone":
      return undefined;
  }
}

function changedBy(decision: Decision): Record<string, Json[]> {
  if (decision.kind === "create")
    return Object.fromEntries(
      Object.entries(decision.fields).flatMap(([key, value]) => (value === null ? [] : [[key, [null, value]]])),
    );
  if (decision.kind !== "update" && decision.kind !== "clear") return {};
  const { before } = decision;
  return Object.fromEntries(
    Object.entries(decision.changed).map(([key, value]) => [key, [before[key] ?? null, value]]),
  );
}

function traitsOf(decision: Decision): Trait[] {
  if (decision.kind !== "create" && decision.kind !== "update") return [];
  const kinds = new Set(decision.links.map(({ party }) => party.kind));
  return [
    ...(decision.families.some(({ others }) => others.length > 0) ? ["family" as const] : []),
    ...(kinds.size > 1 ? ["customer-and-vendor" as const] : kinds.has("vendor") ? ["vendor-only" as const] : []),
    ...(decision.facts.mixedCurrency ? ["mixed-currency" as const] : []),
    ...(decision.facts.members.length > 0 ? ["members" as const] : []),
    ...(decision.links.length > 1 ? ["joined" as const] : []),
  ];
}

const writes: ReadonlySet<EffectKind> = new Set(["create", "adopt", "rename", "update", "clear", "restore", "remove"]);

/** Whether an effect of this kind is a write to Zendesk. */
export function isWrite(effect: EffectKind): boolean {
  return writes.has(effect);
}

/** At most this many cards are tried. */
const mostCanaries = 12;

/** One card of each kind and trait, the first of each in the plan's order; a card may stand for several. */
export function chooseCanaries(effects: readonly Pick<PlannedEffect, "card" | "effect" | "traits">[]): string[] {
  const chosen = new Set<string>();
  const shown = new Set<string>();
  for (const { card, effect, traits } of effects) {
    if (!isWrite(effect) || chosen.has(card)) continue;
    const shows = [effect, ...traits].filter((each) => !shown.has(each));
    if (shows.length === 0 || chosen.size >= mostCanaries) continue;
    for (const each of shows) shown.add(each);
    chosen.add(card);
  }
  return [...chosen];
}
