import type { Owner } from "../own/owner.ts";
import type { Pending } from "../settle/pending.ts";
import { deliverJob, jobItems } from "./deliver.ts";
import { JobFiller } from "./job-filler.ts";
import { deliverMembers } from "./members.ts";

/** Jobs of the bulk lane: of one connection as one plan and one mapping see it, and of one kind. */
export function bulkJobs(owner: Owner): JobFiller<Pending> {
  return new JobFiller({
    size: jobItems,
    groupOf: ({ decision, connection: { id, mappingVersion, plan } }) =>
      [decision.kind === "clear" ? "update" : decision.kind, id, mappingVersion, plan?.id, plan?.mode].join(" "),
    send: (pendings) =>
      pendings[0]?.decision.kind === "unchanged"
        ? deliverMembers(owner, "bulk", pendings)
        : owner.jobSlots.run(() => deliverJob(owner, "bulk", pendings)),
  });
}
