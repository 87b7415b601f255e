// QuickBooks Online over HTTP for development and tests: stateful, strict, steered through /_control/.
// Not Intuit's service, not an accounting program, and nothing of the connector is in it.
// Called by main.ts (the command line) and by tests and benches that want it in their own process.
export { type QuickbooksSimulator, type QuickbooksSimulatorOptions, startQuickbooksSimulator } from "./start.ts";
