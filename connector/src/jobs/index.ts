// Jobs: who works on which key now, over all processes. The only place that knows pg-boss.
// Not the work itself, and no payloads: a job is a key, what is to be done is read from the store (see sync/marks).
// Called by boot, which starts it and gives `send` and `work` to intake and reconcile.
export type { DatabaseSettings, Jobs, JobsLog, JobWork, QueueName } from "./ports.ts";
export { startJobs } from "./start-jobs.ts";
