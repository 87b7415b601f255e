import { type PartyKey, partyKeyText } from "../../../domain/index.ts";
import { considerParties } from "../consider/consider.ts";
import type { Decision } from "../decide/decision.ts";
import { compareFields } from "../deliver/fields.ts";
import { passOf } from "../own/decide-and-deliver.ts";
import type { ReconcilePorts } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import type { PlanCounts, PlannedEffect, PlanStore, ProposedPlan } from "./ports.ts";

export interface PlanPorts extends ReconcilePorts {
  plans: PlanStore;
}

const batch = 500;
const organizationsPerSecond = 15;
const jobItems = 100;

/** Stores what the first load would do, for a person to approve. */
export async function proposePlan(
  ports: PlanPorts,
  connections: readonly OwnedConnection[],
  connection: OwnedConnection,
  progress: (done: number) => void,
): Promise<ProposedPlan> {
  const { counts, effects } = await computePlan(ports, connections, connection, progress);
  const id = await ports.plans.propose(connection.id, "first-load", counts, effects);
  return { id, connectionId: connection.id, counts, effects, state: "proposed" };
}

/** Runs the engine's own decide step over every card of the connection, and writes nothing. */
export async function computePlan(
  ports: ReconcilePorts,
  connections: readonly OwnedConnection[],
  connection: OwnedConnection,
  progress: (done: number) => void,
): Promise<Pick<ProposedPlan, "counts" | "effects">> {
  const effects: PlannedEffect[] = [];
  const counts = emptyCounts();
  let after: PartyKey | undefined;
  for (;;) {
    const tops = await ports.replica.allTops(connection.id, after, batch);
    if (tops.length === 0) break;
    after = tops.at(-1);
    const { considered } = await considerParties(ports, passOf(ports, connections, connection), tops, () => true);
    for (const { decision } of considered) count(counts, effects, decision);
    progress(counts.parties);
  }
  const { missing } = compareFields(
    connection.mapping.definitions,
    await ports.writers.bulk.listFields(connection.subdomain),
  );
  counts.fieldsToCreate = missing.length;
  counts.calls =
    missing.length +
    Math.ceil(counts.create / jobItems) +
    Math.ceil(counts.update / jobItems) +
    Math.ceil(counts.members / jobItems);
  counts.expectedSeconds = Math.ceil((counts.create + counts.update + counts.members) / organizationsPerSecond);
  return { counts, effects };
}

function emptyCounts(): PlanCounts {
  return {
    parties: 0,
    create: 0,
    update: 0,
    unchanged: 0,
    parked: 0,
    ignored: 0,
    outOfScope: 0,
    rolledUp: 0,
    members: 0,
    fieldsToCreate: 0,
    parkedByReason: {},
    linkedByStep: {},
    calls: 0,
    expectedSeconds: 0,
  };
}

function count(counts: PlanCounts, effects: PlannedEffect[], decision: Decision): void {
  if (decision.kind === "rest") {
    for (const { party, disposition } of decision.standings) {
      counts.parties += 1;
      if (disposition.kind === "rolled-up") counts.rolledUp += 1;
      else if (disposition.kind === "out-of-scope") counts.outOfScope += 1;
      else if (disposition.kind === "ignored") counts.ignored += 1;
      else if (disposition.kind === "parked") {
        counts.parked += 1;
        counts.parkedByReason[disposition.reason] = (counts.parkedByReason[disposition.reason] ?? 0) + 1;
      }
      if (disposition.kind === "linked" || disposition.kind === "rolled-up") continue;
      effects.push({
        party: partyKeyText(party),
        effect: disposition.kind,
        organization: disposition.kind === "parked" ? disposition.candidates[0]?.name : undefined,
        because: disposition.kind === "parked" ? disposition.reason : undefined,
      });
    }
    return;
  }
  if (decision.kind === "clear" || decision.kind === "gone") {
    const parties = decision.kind === "clear" ? decision.unlinked : decision.families.map(({ top }) => top);
    for (const party of parties)
      effects.push({
        party: partyKeyText(party),
        effect: decision.kind,
        organization: decision.kind === "clear" ? decision.organization.name : undefined,
        because: undefined,
      });
    return;
  }
  counts[decision.kind] += 1;
  counts.members += decision.facts.members.length;
  for (const { others } of decision.families) {
    counts.parties += 1 + others.length;
    counts.rolledUp += others.length;
  }
  for (const link of decision.links) {
    counts.linkedByStep[link.step] = (counts.linkedByStep[link.step] ?? 0) + 1;
    effects.push({
      party: partyKeyText(link.party),
      effect: decision.kind,
      organization:
        decision.kind === "create"
          ? decision.name
          : decision.kind === "update"
            ? decision.organization.name
            : undefined,
      because: link.step,
    });
  }
}
