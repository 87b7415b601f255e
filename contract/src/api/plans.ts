import { z } from "zod";
import { planEnded, planList, planSummaryRow, planView, settingsResult } from "../plan.ts";
import { fieldValue, organizationId, partyText } from "../values.ts";
import { json, operation } from "./operation.ts";
import { connectionPath, nextCursor, page } from "./paging.ts";
import { task } from "./task.ts";

const planEffect = planView.shape.effects.element;
const planPath = connectionPath.extend({ planId: z.coerce.number().int().positive() });
const operate = { role: "operator", on: "connection" } as const;
const see = { role: "viewer", on: "connection" } as const;
const state = z.enum(["planned", "done", "failed", "changed", "left"]);

/** One effect with what became of it. `changed`: field key -> before and after; `found`: what it would be now, where that is no longer as planned. */
const recordedEffect = planEffect.extend({
  position: z.int().nonnegative(),
  state,
  canary: z.boolean(),
  organizationId: organizationId.nullable(),
  changed: z.record(z.string(), z.array(z.union([fieldValue, z.json()]))),
  found: z
    .object({
      effect: planEffect.shape.effect,
      organizationId: organizationId.nullable(),
      organization: z.string().nullable(),
    })
    .nullable(),
});
export type RecordedEffectView = z.infer<typeof recordedEffect>;

const started = { tag: "plans", needs: operate, params: planPath, answer: json(202, task), method: "POST" } as const;

export const planOperations = {
  listPlans: operation({
    method: "GET",
    path: "/connections/:connectionId/plans",
    tag: "plans",
    summary: "All plans, newest first",
    needs: see,
    params: connectionPath,
    answer: json(200, planList),
  }),
  readPlan: operation({
    method: "GET",
    path: "/connections/:connectionId/plans/:planId",
    tag: "plans",
    summary: "One plan: what it is about, its state and its counts",
    needs: see,
    params: planPath,
    answer: json(200, planSummaryRow),
  }),
  listPlanEffects: operation({
    method: "GET",
    path: "/connections/:connectionId/plans/:planId/effects",
    tag: "plans",
    summary: "What a plan does, card by card, with the fields that differ and what became of it",
    needs: see,
    params: planPath,
    query: page({ usual: 100, most: 1_000 }).extend({ state: state.optional() }),
    answer: json(200, z.object({ planId: z.int().positive(), effects: z.array(recordedEffect), next: nextCursor })),
  }),
  proposePlan: operation({
    method: "POST",
    path: "/connections/:connectionId/plans",
    tag: "plans",
    summary: "Work the first load out anew; it takes the place of the plan that is proposed",
    needs: operate,
    params: connectionPath,
    answer: json(202, task),
  }),
  approvePlan: operation({
    ...started,
    path: "/connections/:connectionId/plans/:planId/approval",
    summary: "Approve a plan and apply it; one that was tried or stopped goes on",
  }),
  tryPlan: operation({
    ...started,
    path: "/connections/:connectionId/plans/:planId/trial",
    summary: "Apply one card of each kind, and show what Zendesk holds then",
  }),
  approveChanged: operation({
    ...started,
    path: "/connections/:connectionId/plans/:planId/changed",
    summary: "Approve effects that are no longer as planned, all of them or these",
    body: z.object({ parties: z.union([z.literal("all"), z.array(partyText).min(1).max(10_000)]) }),
  }),
  proposeRestore: operation({
    ...started,
    path: "/connections/:connectionId/plans/:planId/restoration",
    summary: "Work out what undoing an applied plan does: a plan of its own, which is approved like any other",
  }),
  stopPlan: operation({
    method: "POST",
    path: "/connections/:connectionId/plans/:planId/stop",
    tag: "plans",
    summary: "Stop applying: what is done is done, the rest stays as before",
    needs: operate,
    params: planPath,
    answer: json(200, planEnded),
  }),
  discardPlan: operation({
    method: "DELETE",
    path: "/connections/:connectionId/plans/:planId",
    tag: "plans",
    summary: "Set a proposed plan aside; nothing is written",
    needs: operate,
    params: planPath,
    answer: json(200, planEnded),
  }),
  readSettings: operation({
    method: "GET",
    path: "/connections/:connectionId/settings",
    tag: "plans",
    summary: "The settings of a connection, defaults included, and which of them go through a plan",
    needs: see,
    params: connectionPath,
    answer: json(200, settingsResult),
  }),
  changeSettings: operation({
    method: "PATCH",
    path: "/connections/:connectionId/settings",
    tag: "plans",
    summary: "Change settings: at once, or by a plan where they touch many organizations",
    needs: { role: "admin", on: "connection" },
    params: connectionPath,
    body: z.object({ settings: z.record(z.string(), z.json()) }),
    answer: json(202, task),
  }),
};
