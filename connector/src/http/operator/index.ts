// The operator API: every operation of the contract over HTTP, with OpenAPI at /api/docs.
// Not the product (behind `OperatorApplication`, the same object as the command line's) and not its schemas (contract).
// Called by boot, which adds these routes to the server.
export { mayLookEverywhere, operatorRoutes } from "./operator-routes.ts";
export type { Connecting, OperatorApplication, TaskStore } from "./ports.ts";
