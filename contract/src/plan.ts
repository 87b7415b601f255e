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
  /** What the settings ask for beside organizations; 0 in plans of earlier versions. */
  recordsToWrite: count.default(0),
  recordsToRemove: count.default(0),
  ticketFieldsToCreate: count.default(0),
  ticketOptionsToAdd: count.default(0),
  usersToCreate: count.default(0),
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

const planEffect = z.object({
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

/** A plan without its effects: `plan list`. */
export const planSummaryRow = planView.omit({ effects: true }).extend({
  proposedAt: z.string(),
  approvedBy: z.string().nullable(),
  approvedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type PlanSummaryRow = z.infer<typeof planSummaryRow>;

export const planList = z.object({ connectionId, plans: z.array(planSummaryRow) });
export type PlanList = z.infer<typeof planList>;

/** What became of the effects of a plan; `planned`: not yet carried out. */
export const planProgress = z.object({
  state: planState,
  planned: count,
  done: count,
  failed: count,
  changed: count,
  left: count,
  /** Beside organizations: customers and vendors whose records or contacts are still looked at, ticket fields. */
  beside: count,
});
export type PlanProgressView = z.infer<typeof planProgress>;

/** An effect that is no longer what was approved. */
const changedEffect = planEffect.extend({
  found: z.object({
    effect: effectKind,
    organizationId: z.int().positive().nullable(),
    organization: z.string().nullable(),
  }),
});

/** A card that was tried: `different` names the fields that Zendesk does not hold as planned. */
const triedCard = z.object({
  party: partyText,
  effect: effectKind,
  state: z.string(),
  organizationId: z.int().positive().nullable(),
  organization: z.string().nullable(),
  fields: z.record(z.string(), z.json()).nullable(),
  different: z.array(z.string()),
});
export type TriedCardView = z.infer<typeof triedCard>;

/** `apply`: how far the plan is when the command ends. */
export const applyResult = z.object({
  planId: z.int().positive(),
  connectionId,
  progress: planProgress,
  changedSincePlan: z.array(changedEffect),
  tried: z.array(triedCard),
});
export type ApplyResult = z.infer<typeof applyResult>;

/** `plan discard`, `apply --stop`. */
export const planEnded = z.object({ planId: z.int().positive(), connectionId, state: planState });
export type PlanEnded = z.infer<typeof planEnded>;

const restoredOrganization = z.object({
  organizationId: z.int().positive(),
  organization: z.string().nullable(),
  because: z.string().nullable(),
});

/** `restore`. Without approval nothing has been written: `progress` is null. */
export const restoreResult = z.object({
  planId: z.int().positive(),
  ofPlan: z.int().positive(),
  connectionId,
  /** Organizations that get their former values back. */
  restore: count,
  /** Organizations that the plan created and that go, each named. */
  remove: z.array(restoredOrganization),
  /** Organizations that the plan created and that stay, cleared of what we wrote. */
  leave: z.array(restoredOrganization),
  /** Organizations of which some values stay, because people changed them since. */
  kept: z.array(restoredOrganization),
  progress: planProgress.nullable(),
});
export type RestoreResult = z.infer<typeof restoreResult>;

/** `settings show` and `settings set`. `plan`: what waits for approval; null: in force. */
export const settingsResult = z.object({
  connectionId,
  settings: z.record(z.string(), z.json()),
  planned: z.array(z.string()),
  plan: planSummaryRow.nullable(),
});
export type SettingsResult = z.infer<typeof settingsResult>;
