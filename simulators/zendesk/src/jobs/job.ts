import type { JsonObject } from "../records/input.ts";

// queued --(start delay, free worker)--> working --(last item)--> completed | failed (every item failed, or cut short)
//                                                                     \--(a day after creation)--> gone, 404
export type JobState = "queued" | "working" | "completed" | "failed";

/** What a job does with each item; the list is closed, so that a job can be written down and read back. */
export type JobKind =
  | "organizations.create"
  | "organizations.update"
  | "organizations.delete"
  | "organization_memberships.create"
  | "organization_memberships.delete"
  | "users.create"
  | "users.create_or_update"
  | "users.update"
  | "users.delete"
  | "custom_object_records.create"
  | "custom_object_records.update"
  | "custom_object_records.create_or_update"
  | "custom_object_records.delete";

/** Whose records a job of custom object records is about, and who sent it. */
export interface JobContext {
  objectKey: string;
  userId: string;
}

export interface Job {
  /** `V3-` and 32 hexadecimal digits: recorded in blakmatrix/node-zendesk test/fixtures (2023-10). */
  id: string;
  kind: JobKind;
  items: readonly JsonObject[];
  /** Jobs of custom object records only. */
  context: JobContext | null;
  /** Positions of the items in the order in which they are taken. */
  order: readonly number[];
  state: JobState;
  createdAt: number;
  /** Set when a worker takes the job. */
  startedAt: number | null;
  /** Items done so far. */
  done: number;
  results: JsonObject[];
  finishedAt: number | null;
  pace: number;
  startDelayMs: number;
  /** Stops as failed after so many items: a switch, for a connector that must not trust a job. */
  cutAfter: number | null;
  resultForm: "recorded" | "documented";
  failureForm: "indexed" | "specified";
}

const dayMs = 86_400_000;

/** Status data is kept for one day (https://developer.zendesk.com/api-reference/ticketing/ticket-management/job_statuses/). */
export function isExpired(job: Job, now: number): boolean {
  return now - job.createdAt >= dayMs;
}

export function isInFlight(job: Job): boolean {
  return job.state === "queued" || job.state === "working";
}

/** When the next thing happens to a job that has a worker: its start counts as nothing, each item as one step. */
export function nextItemAt(job: Job): number {
  const startedAt = job.startedAt ?? job.createdAt + job.startDelayMs;
  return job.pace === 0 ? startedAt : startedAt + Math.ceil(((job.done + 1) * 1000) / job.pace);
}

const verbs: Record<string, { working: (done: number) => string }> = {
  // Recorded: "Creating organization #10", "Deleting Organization #17"; the others follow their pattern.
  "organizations.create": { working: (done) => `Creating organization #${done}` },
  "organizations.update": { working: (done) => `Updating Organization #${done}` },
  "organizations.delete": { working: (done) => `Deleting Organization #${done}` },
};

/** As `job_status` goes over the wire; forms recorded in blakmatrix/node-zendesk test/fixtures/organizations_many_*.json. */
export function presentJob(job: Job, root: string): JsonObject {
  return {
    id: job.id,
    url: `${root}/job_statuses/${job.id}.json`,
    total: job.items.length,
    progress: job.state === "queued" ? null : job.done,
    status: job.state,
    message: messageOf(job),
    results: job.finishedAt === null ? null : job.results,
  };
}

function messageOf(job: Job): string | null {
  if (job.state === "queued") return null;
  if (job.finishedAt !== null) {
    const time = new Date(job.finishedAt).toISOString().slice(0, 19).replace("T", " ");
    return `${job.state === "failed" ? "Failed" : "Completed"} at ${time} +0000`;
  }
  return verbs[job.kind]?.working(job.done) ?? `Working on #${job.done}`;
}
