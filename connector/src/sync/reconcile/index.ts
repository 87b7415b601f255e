// Reconcile: the heart. Owns an account, reads what is marked, decides cards, writes, settles. States and invariants: SPEC.md.
// Not intake (how we hear of changes), not rules (what is true): it asks both and carries out what follows.
// Called by boot (the `reconcile` job and its wake-ups) and by the command line (plans).

export { passOf } from "./decide-and-deliver.ts";
export { type ExplainedCard, explainCard } from "./explain.ts";
export type { Observer, ReconcilePorts } from "./owner.ts";
export { createOwners } from "./owners.ts";
export type { PlanCounts, PlannedEffect, PlanStore, ProposedPlan } from "./plan.ports.ts";
export { computePlan, type PlanPorts, proposePlan } from "./plan.ts";
export type {
  CardRow,
  ClosedWrite,
  IntendedWrite,
  ItemResult,
  JobState,
  OpenWrite,
  OrganizationWrite,
  OrganizationWriter,
  OwnedConnection,
  OwnershipStore,
  Settlement,
  SettleStore,
  WriteLog,
} from "./ports.ts";
export { LostOwnership } from "./ports.ts";
