import { z } from "zod";
import { connectionId, count, partyText } from "./values.ts";

const planCounts = z.object({
  parties: count,
  create: count,
  update: count,
  unchanged: count,
  parked: count,
  ignored: count,
  outOfScope: count,
  rolledUp: count,
  members: count,
  fieldsToCreate: count,
  parkedByReason: z.record(z.string(), count),
  linkedByStep: z.record(z.string(), count),
  calls: count,
  expectedSeconds: count,
});

const planEffect = z.object({
  party: partyText,
  effect: z.enum(["create", "update", "unchanged", "parked", "ignored", "out-of-scope", "clear", "gone"]),
  /** The name of the organization to be created, or of the one that is there. */
  organization: z.string().nullable(),
  /** Parked: the reason. Linked: how it was found. */
  because: z.string().nullable(),
});
export type PlanEffect = z.infer<typeof planEffect>;

/** What applying would do; nothing of it has been done while it is proposed. */
export const planView = z.object({
  id: z.int().positive(),
  connectionId,
  state: z.enum(["proposed", "approved", "discarded"]),
  counts: planCounts,
  effects: z.array(planEffect),
});
export type PlanView = z.infer<typeof planView>;

/** What a pass would write now. Nothing is stored: there is nothing to approve. */
export const dryRunResult = z.object({
  dryRun: z.literal(true),
  connectionId,
  counts: planCounts,
  effects: z.array(planEffect),
});
export type DryRunResult = z.infer<typeof dryRunResult>;

/** How applying an approved plan ended. */
export const loadResult = z.object({ done: count, total: count, created: count, updated: count, parked: count });
export type LoadResult = z.infer<typeof loadResult>;

/** `plan show` and `plan approve`. `load` is null where nothing was approved by this command. */
export const planResult = z.object({ plan: planView, approved: z.boolean(), load: loadResult.nullable() });
export type PlanResult = z.infer<typeof planResult>;
