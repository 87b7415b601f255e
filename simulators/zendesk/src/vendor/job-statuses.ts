import { type Job, presentJob } from "../jobs/job.ts";
import { missingParameter } from "../records/input.ts";
import { recordNotFound } from "../records/refusals.ts";
import { type Call, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { listPage } from "../server/paging.ts";
import { listParameter } from "./parameters.ts";

/** https://developer.zendesk.com/api-reference/ticketing/ticket-management/job_statuses/ */
export const jobStatusOperations: Operation[] = operationsOf("job_statuses", [
  ["ListJobStatuses", "GET", "job_statuses", "job_statuses/index", listJobs],
  ["ShowJobStatus", "GET", "job_statuses/{id}", "job_statuses/show", showJob],
  ["ShowManyJobStatuses", "GET", "job_statuses/show_many", "job_statuses/show_many", showManyJobs],
]);

function listJobs(call: Call): Reply {
  // Ids are words; the place in the list stands in for them in cursors.
  const jobs = call.tenant.jobs.all().map((job, index) => ({ id: index + 1, job }));
  return listPage({ call, key: "job_statuses", source: jobs, present: ({ job }) => presentJob(job, call.root) });
}

function showJob(call: Call): Reply {
  const job = call.tenant.jobs.get(call.params.id ?? "");
  if (!job) throw recordNotFound();
  return ok({ job_status: presentJob(job, call.root) });
}

function showManyJobs(call: Call): Reply {
  const ids = listParameter(call, "ids");
  if (!ids) throw missingParameter("ids");
  const jobs: Job[] = ids.flatMap((id) => call.tenant.jobs.get(id) ?? []);
  return ok({ job_statuses: jobs.map((job) => presentJob(job, call.root)) });
}
