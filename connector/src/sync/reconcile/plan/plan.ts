import { type PartyKey, partyKeyText } from "../../../domain/index.ts";
import { considerParties } from "../consider/consider.ts";
import { type Considered, groupingOf } from "../consider/facts.ts";
import type { Decision } from "../decide/decision.ts";
import { compareFields } from "../deliver/fields.ts";
import { passOf } from "../own/decide-and-deliver.ts";
import type { ReconcilePorts } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import { countBeside, countOfCards, linkedTops } from "./count-beside.ts";
import { countDecision, emptyCounts } from "./count-decision.ts";
import { effectsOf } from "./effects.ts";
import type { PlanChange, PlanCounts, PlanLookup, PlannedEffect, PlanStore, ProposedPlan } from "./ports.ts";

export interface PlanPorts extends ReconcilePorts {
  plans: PlanStore & PlanLookup;
}

const batch = 500;
const organizationsPerSecond = 15;
const jobItems = 100;

/** Stores what applying a change would do, for a person to approve. `connection` has the change laid over it: see `laidOver`. */
export async function proposePlan(
  ports: PlanPorts,
  connections: readonly OwnedConnection[],
  connection: OwnedConnection,
  { change, progress }: { change: PlanChange; progress: (done: number) => void },
): Promise<ProposedPlan> {
  const id = await ports.plans.draft(connection.id, change);
  let kept = 0;
  const keep = async (effects: readonly PlannedEffect[]) => {
    await ports.plans.addEffects(id, effects, kept);
    kept += effects.length;
  };
  const byFamily = change.kind === "settings" && Object.hasOwn(change.patch, "families");
  const counts = await decideAll(ports, connections, connection, { keep, progress, byFamily });
  await ports.plans.propose(id, counts);
  const proposed = await ports.plans.latest(connection.id);
  if (proposed?.id !== id) throw new Error(`plan ${id} was replaced while it was worked out`);
  return proposed;
}

/** What a pass over every card would do now. Nothing is written or stored. */
export async function computePlan(
  ports: ReconcilePorts,
  connections: readonly OwnedConnection[],
  connection: OwnedConnection,
  progress: (done: number) => void,
): Promise<{ counts: PlanCounts; effects: PlannedEffect[] }> {
  const effects: PlannedEffect[] = [];
  const keep = async (more: readonly PlannedEffect[]) => {
    effects.push(...more);
  };
  return { counts: await decideAll(ports, connections, connection, { keep, progress, byFamily: false }), effects };
}

interface Deciding {
  keep: (effects: readonly PlannedEffect[]) => Promise<void>;
  progress: (done: number) => void;
  /** All that one family of QuickBooks becomes is tried, and stopped, together: its cards are computed from one another. */
  byFamily: boolean;
}

/** Runs the engine's own decide step over every card of the connection, and over linked parties that QuickBooks has no more. */
async function decideAll(
  ports: ReconcilePorts,
  connections: readonly OwnedConnection[],
  connection: OwnedConnection,
  { keep, progress, byFamily }: Deciding,
): Promise<PlanCounts> {
  const counts = emptyCounts();
  const others = connections.map((each) => (each.id === connection.id ? connection : each));
  // A card of several parties comes with each batch that holds one of them.
  const told = new Set<string>();
  let after: PartyKey | undefined;
  for (;;) {
    const tops = await ports.replica.allTops(groupingOf(connection), after, batch);
    if (tops.length === 0) break;
    after = tops.at(-1);
    const { considered } = await considerParties(ports, passOf(ports, others, connection), tops, () => true);
    const fresh = considered.filter((one) => isFresh(told, one));
    const before = await ports.links.dispositionsOf(
      connection.id,
      fresh.flatMap((one) => one.tops),
    );
    const cardOf = byFamily ? await rootsOf(ports, connection, fresh) : undefined;
    const effects = fresh.map((one) => effectsOf(one, before, cardOf));
    for (const [index, one] of fresh.entries()) countDecision(counts, one.decision, effects[index]?.[0]);
    await countOfCards(ports, connection, linkedTops(fresh), counts);
    await keep(effects.flat());
    progress(counts.parties);
  }
  await countCosts(ports, connection, counts);
  await countBeside(ports, connection, counts);
  return counts;
}

/** The tops of families in QuickBooks, whatever the setting makes of them. */
async function rootsOf(
  ports: ReconcilePorts,
  { id }: OwnedConnection,
  considered: readonly Considered[],
): Promise<(first: PartyKey) => PartyKey> {
  const firsts = considered.flatMap(({ tops }) => tops.slice(0, 1));
  const families = await ports.replica.familiesOf({ id, families: "separate" }, firsts);
  const rootOf = new Map(families.map(({ top, root }) => [partyKeyText(top), root]));
  return (first) => rootOf.get(partyKeyText(first)) ?? first;
}

/** Of the decisions about one organization the first is told; the parties that it speaks for are told with it. */
function isFresh(told: Set<string>, { decision, tops }: Considered): boolean {
  const names = organizationOf(decision) ?? tops.map(partyKeyText);
  if (names.some((name) => told.has(name))) return false;
  for (const name of names) told.add(name);
  return true;
}

function organizationOf(decision: Decision): string[] | undefined {
  if (decision.kind === "update") return [`organization:${decision.organization.id}`];
  if (decision.kind === "unchanged") return [`organization:${decision.organizationId}`];
  return undefined;
}

async function countCosts(ports: ReconcilePorts, connection: OwnedConnection, counts: PlanCounts): Promise<void> {
  const { missing, otherType, missingOptions } = compareFields(
    connection.mapping.definitions,
    await ports.writers.bulk.listFields(connection.subdomain),
  );
  counts.fieldsToCreate = missing.length;
  counts.conflicts = [
    ...otherType.map(({ key, type }) => `The organization field ${key} is of type ${type} in Zendesk.`),
    ...missingOptions.map(
      ({ key, values }) => `The organization field ${key} lacks the options ${values.join(", ")} in Zendesk.`,
    ),
    ...counts.conflicts,
  ];
  const updates = counts.update + counts.clear;
  counts.calls =
    missing.length +
    Math.ceil(counts.create / jobItems) +
    Math.ceil(updates / jobItems) +
    Math.ceil(counts.members / jobItems);
  counts.expectedSeconds = Math.ceil((counts.create + updates + counts.members) / organizationsPerSecond);
}
