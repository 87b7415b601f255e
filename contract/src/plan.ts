import { z } from "zod";
import { connectionId, count, partyText } from "./values.ts";

const planCounts = z.object({
  parties: count,
  create: count,
  /** Those that are adopted or renamed among them. */
  update: count,
  adopt: count,
  rename: count,
  unchanged: count,
  clear: count,
  gone: count,
  remove: count,
  leave: count,
  parked: count,
  ignored: count,
  outOfScope: count,
  rolledUp: count,
  members: count,
  fieldsToCreate: count,
  parkedByReason: z.record(z.string(), count),
  linkedByStep: z.record(z.string(), count),
  /** Field key -> how many organizations get a value, another one, or lose it. */
  fields: z.record(z.string(), z.object({ set: count, changed: count, cleared: count })),
  conflicts: z.array(z.string()),
  calls: count,
  expectedSeconds: count,
});

const effectKind = z.enum([
  "create",
  "adopt",
  "rename",
  "update",
  "unchanged",
  "parked",
  "ignored",
  "out-of-scope",
  "clear",
  "gone",
  "restore",
  "remove",
  "leave",
]);

const planState = z.enum([
  "drafted",
  "proposed",
  "trying",
  "approved",
  "applying",
  "stopped",
  "applied",
  "discarded",
  "restoring",
  "restored",
]);

/** What a plan is about. */
export const planChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("first-load") }),
  z.object({ kind: z.literal("mapping"), version: z.int().positive() }),
  z.object({ kind: z.literal("settings"), patch: z.record(z.string(), z.json()) }),
  z.object({ kind: z.literal("restore"), ofPlan: z.int().positive() }),
]);
export type PlanChangeView = z.infer<typeof planChange>;

export const planEffect = z.object({
  party: partyText,
  effect: effectKind,
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
  change: planChange,
  state: planState,
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
