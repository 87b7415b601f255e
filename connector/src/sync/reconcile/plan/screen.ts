import { type Disposition, type PartyKey, parsePartyKey, partyKeyText } from "../../../domain/index.ts";
import type { Mark } from "../../marks/index.ts";
import type { Considered } from "../consider/facts.ts";
import { rolledUp } from "../decide/decide-card.ts";
import type { Decision } from "../decide/decision.ts";
import type { EffectChange, OwnedConnection } from "../ports.ts";
import { effectOf } from "./effects.ts";
import type { EffectKind, FoundEffect, PlanLookup, RecordedEffect } from "./ports.ts";

/** Keys of one connection that are decided under the same settings and mapping. */
export interface Part<Item extends Keyed> {
  connection: OwnedConnection;
  marks: Item[];
}

/** A mark, or whatever else stands for a party; `key`: the party in text form. */
type Keyed = Pick<Mark, "key">;

/**
 * Who is decided now, and under which rules, while a plan is under way:
 *
 *   mode      first load                        mapping, settings
 *   applying  everybody, as planned             everybody under the candidate, which is in force
 *   trying    canaries; the others wait         canaries under the candidate, the others as before
 *   stopped   what was written; others wait     what was written under the candidate, the others as before; a card that was begun is
 *                                               finished, and where the plan changes families a card there is all that one family becomes
 *   applied   everybody; changed effects wait   everybody; changed effects wait
 */
export async function partsOf<Item extends Keyed>(
  plans: Pick<PlanLookup, "effectsOf">,
  connection: OwnedConnection,
  marks: readonly Item[],
): Promise<{ parts: Part<Item>[]; waiting: Item[] }> {
  const { plan } = connection;
  if (!plan || plan.mode === "applying" || plan.mode === "applied")
    return { parts: [{ connection, marks: [...marks] }], waiting: [] };
  const effects = await plans.effectsOf(
    plan.id,
    connection.id,
    marks.map(({ key }) => parsePartyKey(key)),
  );
  const covered: Item[] = [];
  const others: Item[] = [];
  for (const mark of marks) {
    const effect = effects.get(mark.key);
    const isCovered = effect !== undefined && (effect.begun || (plan.mode === "trying" && effect.canary));
    (isCovered ? covered : others).push(mark);
  }
  const candidate = { ...connection, ...plan.candidate };
  if (plan.kind === "first-load") return { parts: nonEmpty([{ connection, marks: covered }]), waiting: others };
  return {
    parts: nonEmpty([
      { connection: candidate, marks: covered },
      // Nothing of the plan is said of them, and nothing of it is done by what becomes of them.
      { connection: { ...connection, plan: undefined }, marks: others },
    ]),
    waiting: [],
  };
}

function nonEmpty<Item extends Keyed>(parts: readonly Part<Item>[]): Part<Item>[] {
  return parts.filter(({ marks }) => marks.length > 0);
}

/**
 * May this be written, which was approved as something else or not at all? Figures move, and that is no other effect: a planned update
 * may have nothing left to write, and the other way round. What a person answered since, and what carries our key already, was not guessed
 * by anybody. Pure.
 */
export function isAsApproved(
  approved: Pick<RecordedEffect, "effect" | "organizationId">,
  found: FoundEffect,
  answered: boolean,
): boolean {
  if (answered || !guarded.has(found.effect)) return true;
  const same = approved.organizationId === (found.organizationId ?? undefined);
  // An organization that needed no write when it was found needs one now.
  if (found.effect === "adopt") return same && (approved.effect === "adopt" || approved.effect === "unchanged");
  return found.effect === approved.effect;
}

/** The rest follows from what is linked already: figures, and what is taken back where QuickBooks or a person ended a link. */
const guarded: ReadonlySet<EffectKind> = new Set(["create", "adopt", "rename"]);

/** Takes out of what was considered what is no longer as it was approved. */
export async function screened(
  plans: Pick<PlanLookup, "effectsOf">,
  { id, plan }: Pick<OwnedConnection, "id" | "plan">,
  considered: readonly Considered[],
  previous: ReadonlyMap<string, Disposition>,
): Promise<{ approved: Considered[]; changed: { considered: Considered; effects: EffectChange[] }[] }> {
  if (!plan) return { approved: [...considered], changed: [] };
  const effects = await plans.effectsOf(
    plan.id,
    id,
    considered.flatMap(({ tops }) => tops),
  );
  const approved: Considered[] = [];
  const changed: { considered: Considered; effects: EffectChange[] }[] = [];
  for (const one of considered) {
    const found = effectOf(one.decision, previous);
    // A sub-customer that came since has no effect of its own, and that of its family's top says nothing about it.
    const open = one.tops.filter((top) => {
      const effect = effects.get(partyKeyText(top));
      return effect?.party === partyKeyText(top) && isOpen(effect);
    });
    const differs = open.filter((top) => {
      const effect = effects.get(partyKeyText(top));
      return effect !== undefined && !isAsApproved(effect, found, isAnswered(one, top));
    });
    if (differs.length === 0) approved.push(one);
    else
      changed.push({
        considered: one,
        effects: differs.map((top) => ({ planId: plan.id, party: partyKeyText(top), found })),
      });
  }
  return { approved, changed };
}

function isOpen(effect: RecordedEffect | undefined): boolean {
  return effect?.state === "planned" || effect?.state === "changed";
}

function isAnswered({ decision }: Considered, top: PartyKey): boolean {
  if (decision.kind !== "create" && decision.kind !== "update") return false;
  const link = decision.links.find(({ party }) => partyKeyText(party) === partyKeyText(top));
  return link?.step === "answer" || link?.step === "key";
}

/** Nothing is written for it: a party that is linked stays as it is, any other waits for a person. */
export function withheld({ decision, tops }: Considered, previous: ReadonlyMap<string, Disposition>): Considered {
  const families = decision.kind === "create" || decision.kind === "update" ? decision.families : [];
  const standings = families
    .filter(({ top }) => previous.get(partyKeyText(top))?.kind !== "linked")
    .flatMap(({ top, others }) => [{ party: top, disposition: changedSincePlan(decision) }, ...rolledUp(top, others)]);
  return { tops, decision: { kind: "rest", standings } };
}

function changedSincePlan(decision: Decision): Disposition {
  const organization = decision.kind === "update" ? decision.organization : undefined;
  const candidate = organization && {
    organizationId: organization.id,
    name: organization.name,
    score: 0.9,
    evidence: ["It was found after the plan was made."],
  };
  const now = organization ? `the organization "${organization.name}" is there` : "an organization would be created";
  return {
    kind: "parked",
    reason: "changed-since-plan",
    says: `The plan that was approved said otherwise; now ${now}. Approve it by itself, answer, or plan again.`,
    candidates: candidate ? [candidate] : [],
    waitsFor: [],
  };
}
