// The operator API, call by call, as data: path, who may call it, what goes in and what comes out.
// Not what the calls do (connector/src/http/operator) and not the texts of the command line.
// Read by the service, by browsers and by the tests that try every call as everybody.
import { accessOperations } from "./access.ts";
import { auditOperations } from "./audit.ts";
import { connectionOperations } from "./connections.ts";
import { lifeOperations } from "./life.ts";
import { mappingOperations } from "./mapping.ts";
import { planOperations } from "./plans.ts";
import { reviewOperations } from "./review.ts";
import { reviewManyOperations } from "./review-many.ts";
import { taskOperations } from "./task.ts";
import { upkeepOperations } from "./upkeep.ts";

export type { SessionView } from "./access.ts";
export { type LiveEvent, liveEvent } from "./connections.ts";
export { type ApiError, apiError, type ErrorCode } from "./error.ts";
export type { MappingCandidate } from "./mapping.ts";
export { type Answer, type Needs, type Operation, type Role, role, roles } from "./operation.ts";
export type { RecordedEffectView } from "./plans.ts";
export type { GivenAnswer } from "./review.ts";
export { type DryRunSummary, type Task, type TaskKind, task } from "./task.ts";

export const operations = {
  ...connectionOperations,
  ...lifeOperations,
  ...planOperations,
  ...mappingOperations,
  ...taskOperations,
  ...reviewOperations,
  ...reviewManyOperations,
  ...upkeepOperations,
  ...auditOperations,
  ...accessOperations,
};
export type OperationId = keyof typeof operations;
