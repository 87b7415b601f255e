// Reconcile: the heart. Owns an account, reads what is marked, decides cards, writes, settles. States and invariants: SPEC.md.
// Not intake (how we hear of changes), not rules (what is true): it asks both and carries out what follows.
// Called by boot (the `reconcile` job and its wake-ups) and by the command line (plans).

export { compareFields, recheckFields } from "./deliver/fields.ts";
export { passOf } from "./own/decide-and-deliver.ts";
export type { Observer, ReconcilePorts } from "./own/owner.ts";
export { createOwners } from "./own/owners.ts";
export { cardStates } from "./plan/card-states.ts";
export { chooseCanaries } from "./plan/effects.ts";
export { type ExplainedCard, explainCard, mapParty } from "./plan/explain.ts";
export { laidOver } from "./plan/laid-over.ts";
export { computePlan, type PlanPorts, proposePlan } from "./plan/plan.ts";
export type {
  EffectKind,
  PlanChange,
  PlanCounts,
  PlanDesk,
  PlanFacts,
  PlannedEffect,
  PlanProgress,
  PlanState,
  PlanStore,
  ProposedPlan,
  RecordedEffect,
  TriedCard,
} from "./plan/ports.ts";
export { proposeRestore } from "./plan/propose-restore.ts";
export { partsOf } from "./plan/screen.ts";
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
  Recheck,
  Settlement,
  SettleStore,
  WriteLog,
} from "./ports.ts";
