/** Where PostgreSQL is; the same shape as the store's, so that one value serves both. */
export type DatabaseSettings =
  | { host: string; port: number; user: string; password: string; database: string }
  | { url: string };

/** pino's logger is one. */
export interface JobsLog {
  warn(details: object, says: string): void;
  error(details: object, says: string): void;
}

/** `key` says for whom: see `QueueName`. `signal` is aborted when the job is no longer ours, or the process stops: settle, then return. */
export type JobWork = (key: string, signal: AbortSignal) => Promise<void>;

export interface Jobs {
  /** Sends at once or not at all: while a job of this key waits, another would do nothing that it does not do. */
  send(queue: QueueName, key: string): Promise<void>;
  /** Takes up to `concurrency` jobs of the queue at a time, one per key over all processes. */
  work(queue: QueueName, act: JobWork, options: { concurrency: number }): Promise<void>;
  /** How many keys wait in this queue that no process works on: whether an owner should hand over. */
  waiting(queue: QueueName): Promise<number>;
  /** Aborts the signals, waits up to `graceMs` for the work to settle, then gives what is left back to the queue. */
  stop(options: { graceMs: number }): Promise<void>;
}

/** What each queue's keys are. */
export const queueKeys = {
  reconcile: "Zendesk subdomain",
  directory: "Zendesk subdomain",
  poll: "connection id",
  sweep: "connection id",
  refresh: "credential id",
} as const;
export type QueueName = keyof typeof queueKeys;
