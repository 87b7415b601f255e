// What every bench stands on: both simulators and the product as processes of their own, and a real database.
// Not a test harness: nothing is asserted here, and nothing of the product is replaced.
// Called by the benches beside this folder.

export { startChild } from "./child.ts";
export { type BenchDatabase, type BenchServer, openServer } from "./database.ts";
export { subdomain } from "./driver.ts";
export type { Observed, Span } from "./probe.ts";
export {
  type BothSimulators,
  recordedPace,
  type Simulator,
  type Systems,
  secondPerJob,
  setLatency,
  startQuickbooks,
  startSimulators,
} from "./simulators.ts";
export { type LoadedStage, openLoadedStage, openStage, type Stage, verifier } from "./stage.ts";
export { eventually, pause } from "./wait.ts";
