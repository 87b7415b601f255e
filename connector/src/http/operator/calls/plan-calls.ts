import type { ApplyResult, RecordedEffectView, SettingsResult } from "@ml-connector/contract";
import { isPlanned, settingsJson } from "../../../connections/index.ts";
import type { ConnectionId } from "../../../domain/index.ts";
import type { PlanFacts, RecordedEffect } from "../../../sync/reconcile/index.ts";
import { effectViews, planSummaryRow, triedCardView } from "../../../views/index.ts";
import type { Call, Calls } from "../call.ts";
import { numberOfCursor, pageOf } from "../cursor.ts";
import type { OperatorApplication } from "../ports.ts";
import { notFound, Refusal } from "../refusal.ts";
import type { Tasks, TaskWork } from "../tasks.ts";
import { begin } from "./task-calls.ts";

export type PlanCalls = Calls<
  | "listPlans"
  | "readPlan"
  | "listPlanEffects"
  | "proposePlan"
  | "approvePlan"
  | "tryPlan"
  | "approveChanged"
  | "proposeRestore"
  | "stopPlan"
  | "discardPlan"
  | "readSettings"
  | "changeSettings"
>;

const shownChanged = 1_000;

export function planCalls(application: OperatorApplication, tasks: Tasks): PlanCalls {
  const { plans, planDesk } = application;

  /** A plan of another connection does not exist here. */
  async function planOf(id: ConnectionId, planId: number): Promise<PlanFacts> {
    const plan = await plans.read(planId);
    if (!plan || plan.connectionId !== id) throw notFound(`Connection ${id} has no plan ${planId}.`);
    return plan;
  }

  /** Says yes to it in the way that `say` knows, then follows it until it is carried out as far as that goes. */
  async function carryOut(
    { connection, params, caller, requestKey }: Pick<Call, "requestKey"> & PlanCall,
    body: object,
    say: (planId: number) => Promise<boolean>,
  ) {
    const { id } = connection;
    const plan = await planOf(id, params.planId);
    const asked = { id, kind: "apply" as const, caller, body: { ...params, ...body }, requestKey };
    return begin(tasks, asked, async (work): Promise<ApplyResult> => {
      if (!(await say(plan.id)))
        throw new Refusal(409, "refused", `Plan ${plan.id} is ${plan.state}, or another plan is under way.`, {
          whatToDo: "Look at the plans of the connection.",
        });
      return follow(application, id, plan.id, work);
    });
  }

  async function settingsOf(id: ConnectionId, plan: SettingsResult["plan"]): Promise<SettingsResult> {
    const connection = await application.connections.get(id);
    if (!connection) throw notFound();
    const settings = settingsJson(connection.settings);
    return { connectionId: id, settings, planned: Object.keys(settings).filter(isPlanned), plan };
  }

  return {
    async listPlans({ connection }) {
      return { connectionId: connection.id, plans: (await plans.list(connection.id)).map(planSummaryRow) };
    },

    readPlan: async ({ connection, params }) => planSummaryRow(await planOf(connection.id, params.planId)),

    async listPlanEffects({ connection, params, query }) {
      const plan = await planOf(connection.id, params.planId);
      const after = numberOfCursor(query.after);
      const rows = await plans.effects(plan.id, {
        ...(query.state ? { states: [query.state] } : {}),
        ...(after === undefined ? {} : { after }),
        limit: query.limit + 1,
      });
      const { shown, next } = pageOf(rows, query.limit, ({ position }) => position);
      return { planId: plan.id, effects: shown.flatMap(recordedEffectView), next };
    },

    async proposePlan({ connection, caller, requestKey }) {
      const { id, state } = connection;
      if (state !== "planned")
        throw new Refusal(409, "refused", `No plan of connection ${id} waits for approval.`, {
          whatToDo: "Ask for a dry run to see what would be written now.",
        });
      const asked = { id, kind: "plan" as const, caller, body: undefined, requestKey };
      return begin(tasks, asked, async () => planSummaryRow(await application.proposePlan(id)));
    },

    approvePlan: (call) => carryOut(call, { do: "approve" }, (planId) => plans.approve(planId, call.caller.name)),

    tryPlan: (call) => carryOut(call, { do: "try" }, (planId) => planDesk.tryOut(planId, call.caller.name)),

    approveChanged: (call) =>
      carryOut(call, call.body, async (planId) => {
        const approved = await plans.approveChanged(planId, call.body.parties, call.caller.name);
        return approved.length > 0;
      }),

    async proposeRestore({ connection, params, caller, requestKey }) {
      const { id } = connection;
      await planOf(id, params.planId);
      const asked = { id, kind: "plan" as const, caller, body: { ...params, do: "restore" }, requestKey };
      return begin(tasks, asked, async () => planSummaryRow(await planDesk.proposeRestore(id, params.planId)));
    },

    async stopPlan({ connection, params, caller }) {
      const plan = await planOf(connection.id, params.planId);
      if (!(await plans.stop(plan.id, caller.name)))
        throw new Refusal(409, "refused", `Plan ${plan.id} is ${plan.state}: there is nothing to stop.`);
      return { planId: plan.id, connectionId: connection.id, state: "stopped" };
    },

    async discardPlan({ connection, params, caller }) {
      const plan = await planOf(connection.id, params.planId);
      if (!(await plans.discard(plan.id, caller.name)))
        throw new Refusal(409, "refused", `Plan ${plan.id} is ${plan.state}: it cannot be set aside.`);
      return { planId: plan.id, connectionId: connection.id, state: "discarded" };
    },

    readSettings: ({ connection }) => settingsOf(connection.id, null),

    async changeSettings({ connection, body, caller, requestKey }) {
      const { id } = connection;
      return begin(tasks, { id, kind: "settings", caller, body, requestKey }, async () => {
        const plan = await planDesk.changeSettings(id, body.settings);
        return settingsOf(id, plan ? planSummaryRow(plan) : null);
      });
    },
  };
}

type PlanCall = Pick<Parameters<PlanCalls["approvePlan"]>[0], "connection" | "params" | "caller">;

async function follow(
  application: OperatorApplication,
  id: ConnectionId,
  planId: number,
  { report, signal }: TaskWork,
): Promise<ApplyResult> {
  let progress: ApplyResult["progress"] | undefined;
  for await (const step of application.applyProgress(id, planId)) {
    signal.throwIfAborted();
    progress = step;
    const done = step.done + step.failed + step.changed + step.left;
    report({ stage: "applying", done, total: done + step.planned, says: `${step.planned} to go` });
  }
  if (!progress) throw notFound(`There is no plan ${planId}.`);
  const changed = await application.plans.effects(planId, { states: ["changed"], limit: shownChanged });
  const tried = progress.state === "trying" ? await application.planDesk.tried(id, planId) : [];
  return {
    planId,
    connectionId: id,
    progress,
    changedSincePlan: changed.flatMap((effect) => {
      const [view] = effectViews([effect]);
      return view && effect.found ? [{ ...view, found: effect.found }] : [];
    }),
    tried: tried.map(triedCardView),
  };
}

function recordedEffectView(effect: RecordedEffect): RecordedEffectView[] {
  const [view] = effectViews([effect]);
  if (!view) return [];
  const { position, state, canary, changed, found } = effect;
  return [
    { ...view, position, state, canary, organizationId: effect.organizationId ?? null, changed, found: found ?? null },
  ];
}
