import type { Job, JobContext, JobKind } from "../jobs/job.ts";
import { presentJob } from "../jobs/job.ts";
import type { JsonObject } from "../records/input.ts";
import { Refusal } from "../records/refusals.ts";
import { type Call, ok, type Reply } from "../server/call.ts";
import { bucketHeader } from "../server/limits.ts";

const jobsInFlight = 30;

/** Class names as the rate-limits page shows one: "Too many UserBulkUpdateJobV2 jobs are currently queued or running." */
const jobNames: Record<JobKind, string> = {
  "organizations.create": "OrganizationBulkCreateJobV2",
  "organizations.update": "OrganizationBulkUpdateJobV2",
  "organizations.delete": "OrganizationBulkDeleteJobV2",
  "organization_memberships.create": "OrganizationMembershipBulkCreateJobV2",
  "organization_memberships.delete": "OrganizationMembershipBulkDeleteJobV2",
  "users.create": "UserBulkCreateJobV2",
  "users.create_or_update": "UserBulkCreateJobV2",
  "users.update": "UserBulkUpdateJobV2",
  "users.delete": "UserBulkDeleteJobV2",
  "custom_object_records.create": "CustomObjectRecordBulkJob",
  "custom_object_records.update": "CustomObjectRecordBulkJob",
  "custom_object_records.create_or_update": "CustomObjectRecordBulkJob",
  "custom_object_records.delete": "CustomObjectRecordBulkJob",
};

/**
 * Queues a job and answers its first state. At most 30 are queued or running in an account, whoever sent them.
 * https://developer.zendesk.com/api-reference/introduction/rate-limits/#job-limit (the status is not stated there)
 */
export function submitJob(
  call: Call,
  kind: JobKind,
  items: readonly JsonObject[],
  context: JobContext | null = null,
): Reply {
  const { jobs, account } = call.tenant;
  const running = jobs.inFlight();
  const remaining = Math.max(0, jobsInFlight - running.length);
  const state = { limit: jobsInFlight, resetSeconds: 60, isExceeded: remaining === 0 };
  if (remaining === 0) {
    call.headers["zendesk-ratelimit-inflight-jobs"] = bucketHeader({ ...state, remaining });
    throw tooManyJobs(kind, running, account.switches.tooManyJobsStatus);
  }
  call.headers["zendesk-ratelimit-inflight-jobs"] = bucketHeader({ ...state, remaining: remaining - 1 });
  return ok({ job_status: presentJob(jobs.submit(kind, items, context), call.root) });
}

function tooManyJobs(kind: JobKind, running: readonly Job[], status: number): Refusal {
  const description = `Too many ${jobNames[kind]} jobs are currently queued or running. Try again later.`;
  const body = { error: "TooManyJobs", description, current_job_ids: running.map((job) => job.id) };
  return new Refusal(status, body, status === 429 ? { "retry-after": "60" } : {});
}
