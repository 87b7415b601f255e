import { z } from "zod";
import { planView } from "../plan.ts";
import { json, operation } from "./operation.ts";
import { connectionPath, nextCursor, page } from "./paging.ts";
import { planSummary, task } from "./task.ts";

const planEffect = planView.shape.effects.element;
const planPath = connectionPath.extend({ planId: z.coerce.number().int().positive() });
const operate = { role: "operator", on: "connection" } as const;
const see = { role: "viewer", on: "connection" } as const;

export const planOperations = {
  readPlan: operation({
    method: "GET",
    path: "/connections/:connectionId/plan",
    tag: "plans",
    summary: "The latest plan: its state and its counts",
    needs: see,
    params: connectionPath,
    answer: json(200, planSummary),
  }),
  listPlanEffects: operation({
    method: "GET",
    path: "/connections/:connectionId/plan/effects",
    tag: "plans",
    summary: "What the latest plan would do, card by card",
    needs: see,
    params: connectionPath,
    query: page({ usual: 100, most: 1_000 }).extend({ effect: planEffect.shape.effect.optional() }),
    answer: json(200, z.object({ planId: z.int().positive(), effects: z.array(planEffect), next: nextCursor })),
  }),
  proposePlan: operation({
    method: "POST",
    path: "/connections/:connectionId/plan",
    tag: "plans",
    summary: "Work the plan out anew; it takes the place of the one that is proposed",
    needs: operate,
    params: connectionPath,
    answer: json(202, task),
  }),
  approvePlan: operation({
    method: "POST",
    path: "/connections/:connectionId/plans/:planId/approval",
    tag: "plans",
    summary: "Approve the proposed plan and apply it",
    needs: operate,
    params: planPath,
    answer: json(202, task),
  }),
};
