// Boot: configuration, wiring, main. Builds everything; nothing imports it but the command line's entry.
// Not logic: what is built here is decided in sync, connections, oversight and rules.
// Called by bin/ml-connector.js through main.ts.
export { createApplication } from "./application.ts";
export { type Config, processEnvironment, readConfig } from "./config.ts";
export { createLog, type Log } from "./log.ts";
export { openProgram, type Running } from "./running.ts";
