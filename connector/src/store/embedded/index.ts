// The PostgreSQL that we bring along, under a small supervisor: made, started, adopted, kept running, stopped.
// Not a pool and not SQL of ours (see ../database.ts): it ends where a connection begins. Unused when DATABASE_URL is set.
// Called by boot (service, commands beside it, demo) and by the test harness.

export { isDataFolderTaken } from "./data-folder-lock.ts";
export type { SupervisorLog } from "./ports.ts";
export { attachToRunning, type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from "./supervise.ts";
export { startTemporary } from "./temporary.ts";
