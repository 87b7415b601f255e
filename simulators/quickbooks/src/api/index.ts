// The Accounting API below its transport: which call a path is, and the body it is answered with.
// Not authentication, limits, formats or scripted faults: those lie around it in http/.
// Called by http.
export { type ApiWorld, answerCall } from "./answer.ts";
export { batchSize } from "./batch.ts";
export type { Answer, ApiCall, Summary } from "./call.ts";
export { type ApiRoute, routeOf } from "./route.ts";
