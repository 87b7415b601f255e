import { type Selectable, sql } from "kysely";
import type {
  EffectState,
  FoundEffect,
  PlanChange,
  PlanCounts,
  PlanFacts,
  PlannedEffect,
  PlanState,
  RecordedEffect,
  Trait,
} from "../sync/reconcile/plan/ports.ts";
import { arrayText, rowsOf, slicesOf } from "./bulk-rows.ts";
import type { Executor } from "./database.ts";
import type { PlanEffectTable, PlanTable } from "./schema/plan-tables.ts";

const sliceSize = 1000;

export async function insertEffects(
  executor: Executor,
  planId: number,
  effects: readonly PlannedEffect[],
  from: number,
): Promise<void> {
  const rows = effects.map((effect, index) => ({ ...effect, position: from + index }));
  for (const slice of slicesOf(rows, sliceSize))
    await sql`
      insert into plan_effect (plan_id, party, position, card, effect, organization_id, organization, because, changed, traits)
      select ${planId}, n.party, n.position, n.card, n.effect, n.organization_id, n.organization, n.because, n.changed::jsonb,
        n.traits::text[]
      from ${rowsOf(slice, {
        party: { wire: "text", of: ({ party }) => party },
        position: { wire: "bigint", of: ({ position }) => position },
        card: { wire: "text", of: ({ card }) => card },
        effect: { wire: "text", of: ({ effect }) => effect },
        organization_id: { wire: "bigint", of: ({ organizationId }) => organizationId },
        organization: { wire: "text", of: ({ organization }) => organization },
        because: { wire: "text", of: ({ because }) => because },
        changed: { wire: "text", of: ({ changed }) => JSON.stringify(changed) },
        traits: { wire: "text", of: ({ traits }) => arrayText(traits) },
      })}
      on conflict do nothing`.execute(executor);
}

export function factsFrom(row: Selectable<PlanTable>): PlanFacts {
  return {
    id: row.id,
    connectionId: row.connection_id,
    change: row.change as unknown as PlanChange, // `draft` alone writes it
    state: row.state as PlanState, // the states of `planTransitions` are the only ones written
    counts: row.counts as unknown as PlanCounts, // `propose` alone writes it
    proposedAt: row.proposed_at,
    approvedBy: row.approved_by ?? undefined,
    approvedAt: row.approved_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
  };
}

export function effectFrom(row: Omit<Selectable<PlanEffectTable>, "plan_id">): RecordedEffect {
  return {
    party: row.party,
    position: row.position,
    card: row.card,
    effect: row.effect as RecordedEffect["effect"], // insertEffects and approveChanged alone write these columns
    organizationId: row.organization_id ?? undefined,
    organization: row.organization ?? undefined,
    because: row.because ?? undefined,
    changed: row.changed,
    traits: row.traits as Trait[], // as the plan wrote them
    canary: row.canary,
    state: row.state as EffectState, // a check of the column allows no other
    found: (row.found as FoundEffect | null) ?? undefined, // as a settlement wrote it
  };
}
