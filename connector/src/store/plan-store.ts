import { sql } from "kysely";
import { priorities } from "../domain/index.ts";
import { everyoneKey } from "../sync/marks/ports.ts";
import type { PlanCounts, PlannedEffect, PlanStore } from "../sync/reconcile/plan/ports.ts";
import type { Database } from "./database.ts";
import { appendJournal } from "./journal-store.ts";
import { insertMarks } from "./mark-store.ts";

export function createPlanStore(database: Database): PlanStore {
  return {
    async propose(connectionId, kind, counts, effects) {
      return database.transaction().execute(async (transaction) => {
        await transaction
          .updateTable("plan")
          .set({ state: "discarded" })
          .where("connection_id", "=", connectionId)
          .where("state", "=", "proposed")
          .execute();
        const row = await transaction
          .insertInto("plan")
          .values({
            connection_id: connectionId,
            kind,
            state: "proposed",
            counts: JSON.stringify(counts),
            effects: JSON.stringify(effects),
          })
          .returning("id")
          .executeTakeFirstOrThrow();
        await transaction
          .updateTable("connection")
          .set({ state: "planned" })
          .where("id", "=", connectionId)
          .where("state", "=", "loading")
          .execute();
        return row.id;
      });
    },

    async latest(connectionId) {
      const row = await database
        .selectFrom("plan")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .orderBy("id", "desc")
        .executeTakeFirst();
      return (
        row && {
          id: row.id,
          connectionId,
          counts: row.counts as unknown as PlanCounts, // `propose` alone writes both columns
          effects: row.effects as unknown as PlannedEffect[],
          state: row.state,
        }
      );
    },

    async approve(planId, who) {
      return database.transaction().execute(async (transaction) => {
        const plan = await transaction
          .updateTable("plan")
          .set({ state: "approved", approved_at: sql`now()`, approved_by: who })
          .where("id", "=", planId)
          .where("state", "=", "proposed")
          .returning(["connection_id", "counts"])
          .executeTakeFirst();
        if (!plan) return false;
        await transaction
          .updateTable("connection")
          .set({ state: "active" })
          .where("id", "=", plan.connection_id)
          .where("state", "=", "planned")
          .execute();
        const cause = { kind: "person" as const, who, what: `approved plan ${planId}`, at: new Date().toISOString() };
        await appendJournal(transaction, [
          {
            connectionId: plan.connection_id,
            action: "approved",
            parties: [],
            organizationId: undefined,
            who,
            causes: [cause],
            before: {},
            after: { plan: planId },
            outcome: "approved",
            writeId: undefined,
            requestIds: {},
          },
        ]);
        await insertMarks(transaction, [
          {
            connectionId: plan.connection_id,
            kind: "party",
            key: everyoneKey,
            priority: priorities.bulk,
            causes: [cause],
          },
        ]);
        return true;
      });
    },
  };
}
