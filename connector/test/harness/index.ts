// What every flow test stands on: a real database of its own, and waiting for a condition instead of for time.
// Not simulators (processes of their own, see simulators/) and not fixtures.
// Called by the tests under connector/test; the server behind it is started once per run by global-setup.ts.
export { eventually } from "./eventually.ts";
export { type TestDatabase, testDatabase } from "./test-database.ts";
