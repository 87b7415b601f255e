// The replica: our local copy of a company's QuickBooks records.
// Not a cache: nothing expires, and an older copy never replaces a newer one (see `newness`).
// Filled by intake (poll, sweep) and reconcile/read through `applyRecords`; read by links and reconcile through `ReplicaReader`.
export type { Applied, ApplyPorts, ApplyRequest } from "./apply-records.ts";
export { applyRecords } from "./apply-records.ts";
export type {
  Family,
  FamilyMember,
  FoundParty,
  Grouping,
  MergedParty,
  NamedTop,
  RecordSource,
  ReplicaCounts,
  ReplicaReader,
  ReplicaStore,
  SweepPosition,
  SweepProgress,
} from "./ports.ts";
export { notReadCause } from "./ports.ts";
export { spreadMarks } from "./spread-marks.ts";
