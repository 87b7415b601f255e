// The contract: what the command line prints with --json and what the operator API answers, as zod schemas and their types.
// Not the domain: instants are RFC 3339 text, "none" is null and nothing is left out, so that every reader sees the same keys.
// Used by the service and its command line to check what they say, and by browsers to check what they hear.

export type {
  ApiKeyList,
  ApiKeyResult,
  ApiKeyView,
  GrantView,
  InvitedOperator,
  MadeApiKey,
  OperatorList,
  OperatorResult,
  OperatorView,
} from "./access.ts";
export {
  apiKeyList,
  apiKeyResult,
  invitedOperator,
  madeApiKey,
  operatorList,
  operatorResult,
} from "./access.ts";
export type { AlertTargetAdded, AlertTargets, AlertTargetView, AlertTest } from "./alerts.ts";
export { alertTargetAdded, alertTargets, alertTest } from "./alerts.ts";
export {
  type Answer,
  type ApiError,
  apiError,
  type DryRunSummary,
  type ErrorCode,
  type GivenAnswer,
  type LiveEvent,
  liveEvent,
  type MappingCandidate,
  type Needs,
  type Operation,
  type OperationId,
  operations,
  type RecordedEffectView,
  type Role,
  role,
  roles,
  type SessionView,
  type Task,
  type TaskKind,
  task,
} from "./api/index.ts";
export type { AccessAudit, AccessAuditRow, AuditResult, AuditRow } from "./audit.ts";
export { accessAudit, auditResult } from "./audit.ts";
export type { Check, DoctorResult, PingResult } from "./checks.ts";
export { doctorResult, pingResult } from "./checks.ts";
export type { BroughtClient, ClientsView } from "./clients.ts";
export { broughtClient, clientsView } from "./clients.ts";
export type { ConnectResult, StartResult } from "./connect.ts";
export { connectResult, startResult } from "./connect.ts";
export type { DemoResult } from "./demo.ts";
export { demoResult } from "./demo.ts";
export type { ErasureResult } from "./erasure.ts";
export { erasureResult } from "./erasure.ts";
export type { Failed } from "./failed.ts";
export { failed } from "./failed.ts";
export type { FitResult } from "./fit.ts";
export { fitResult } from "./fit.ts";
export type { IncidentHistory, IncidentView } from "./incident.ts";
export { incidentHistory, incidentView } from "./incident.ts";
export type { KeysRotated, KeysView } from "./keys.ts";
export { keysRotated, keysView } from "./keys.ts";
export type { DisconnectPreview, DisconnectResult, PauseResult } from "./life.ts";
export { disconnectResult, pauseResult } from "./life.ts";
export type {
  MappingChecked,
  MappingHistory,
  MappingPresets,
  MappingPreview,
  MappingProblemView,
  MappingShown,
} from "./mapping.ts";
export {
  mappingChecked,
  mappingExported,
  mappingHistory,
  mappingPresets,
  mappingPreview,
  mappingSaved,
  mappingShown,
} from "./mapping.ts";
export type {
  ApplyResult,
  DryRunResult,
  LoadResult,
  PlanChangeView,
  PlanEffect,
  PlanEnded,
  PlanList,
  PlanProgressView,
  PlanResult,
  PlanSummaryRow,
  PlanView,
  RestoreResult,
  SettingsResult,
  TriedCardView,
} from "./plan.ts";
export {
  applyResult,
  dryRunResult,
  planEnded,
  planList,
  planResult,
  restoreResult,
  settingsResult,
} from "./plan.ts";
export type { AnswerResult, AnswerView, ParkedView, ReviewList } from "./review.ts";
export { answerResult, reviewList } from "./review.ts";
export type {
  BatchList,
  BulkResult,
  BulkRuleView,
  DuplicateList,
  IgnoreList,
  IgnoreRuleResult,
  ReviewQueue,
  SeveralClients,
} from "./review-many.ts";
export {
  batchList,
  batchUndone,
  bulkResult,
  duplicateList,
  duplicatesDismissed,
  ignoreList,
  ignoreRuleEnded,
  ignoreRuleResult,
  reviewQueue,
  severalClients,
} from "./review-many.ts";
export type { ConnectionStatus, NextThing, Status } from "./status.ts";
export { status } from "./status.ts";
export type { EffectCounts, ReplayResult, SyncResult } from "./sync.ts";
export { replayResult, syncResult } from "./sync.ts";
export type { CandidateView, CauseView, FieldValueView, LinkView, PartyView } from "./values.ts";
export type { DifferenceView, VerifyResult } from "./verify.ts";
export { verifyResult } from "./verify.ts";
export type { DocumentView, FieldExplained, SideView, WhyResult } from "./why.ts";
export { whyResult } from "./why.ts";
