import type { LoadResult, PlanSummary } from "@ml-connector/contract";
import type { ConnectionId } from "../../../domain/index.ts";
import type { ProposedPlan } from "../../../sync/reconcile/index.ts";
import { effectViews, planView } from "../../../views/index.ts";
import type { Calls } from "../call.ts";
import { numberOfCursor, pageOf } from "../cursor.ts";
import type { OperatorApplication } from "../ports.ts";
import { notFound, Refusal } from "../refusal.ts";
import type { Tasks } from "../tasks.ts";
import { begin } from "./task-calls.ts";

export type PlanCalls = Calls<"readPlan" | "listPlanEffects" | "proposePlan" | "approvePlan">;

export function planCalls(application: OperatorApplication, tasks: Tasks): PlanCalls {
  async function latest(id: ConnectionId): Promise<ProposedPlan> {
    const plan = await application.plans.latest(id);
    if (plan) return plan;
    throw new Refusal(404, "not-found", "There is no plan yet.", { whatToDo: "Both systems are still being read." });
  }

  return {
    readPlan: async ({ connection }) => planSummary(await latest(connection.id)),

    async listPlanEffects({ connection, query }) {
      const plan = await latest(connection.id);
      const from = numberOfCursor(query.after) ?? 0;
      const wanted = effectViews(plan.effects)
        .map((effect, at) => ({ effect, at }))
        .filter(({ effect, at }) => at >= from && (query.effect === undefined || effect.effect === query.effect));
      const { shown, next } = pageOf(wanted.slice(0, query.limit + 1), query.limit, ({ at }) => at + 1);
      return { planId: plan.id, effects: shown.map(({ effect }) => effect), next };
    },

    async proposePlan({ connection, caller, requestKey }) {
      const { id, state } = connection;
      if (state !== "planned")
        throw new Refusal(409, "refused", `No plan of connection ${id} waits for approval.`, {
          whatToDo: "Ask for a dry run to see what would be written now.",
        });
      const asked = { id, kind: "plan" as const, caller, body: undefined, requestKey };
      return begin(tasks, asked, async () => planSummary(await application.proposePlan(id)));
    },

    async approvePlan({ connection, params, caller, requestKey }) {
      const { id } = connection;
      const plan = await latest(id);
      if (plan.id !== params.planId) throw notFound("This plan is not the latest one of the connection.");
      const asked = { id, kind: "load" as const, caller, body: params, requestKey };
      return begin(tasks, asked, async ({ report, signal }): Promise<LoadResult> => {
        if (!(await application.approvePlan(plan.id, caller.name)))
          throw new Refusal(409, "conflict", "This plan was replaced or approved meanwhile.", {
            whatToDo: "Look at the latest plan.",
          });
        let reached: LoadResult = { done: 0, total: 0, created: 0, updated: 0, parked: 0 };
        for await (const { done, total, created, updated, parked } of application.loadProgress(id)) {
          signal.throwIfAborted();
          reached = { done, total, created, updated, parked };
          report({ stage: "writing", done, total, says: `${created} created, ${updated} updated` });
        }
        return reached;
      });
    },
  };
}

function planSummary(plan: ProposedPlan): PlanSummary {
  const { effects: _, ...summary } = planView(plan);
  return summary;
}
