import { type DocumentRecord, RemoteFailure } from "../../../domain/index.ts";
import { recordText } from "../../../rules/records/index.ts";
import { deadlineMs } from "../deliver/deliver.ts";
import { OwnerStops, pause } from "../deliver/job-poller.ts";
import type { Owner } from "../own/owner.ts";
import type { FoundRecord, KnownRecord, RecordJob, RecordResult, SubmittedRecords } from "./ports.ts";

/** What one item came to. `content`: what Zendesk has of it now; undefined: nothing, or nobody knows (`unknown`). */
export interface ItemOutcome {
  item: RecordJob["items"][number];
  kind: "as-wanted" | "refused" | "unknown" | "not-sent";
  code?: string;
}

export interface JobOutcome {
  /** The job's row in the log, with how it ended. */
  closed: { id: number; state: "done" | "lost" };
  items: ItemOutcome[];
  requestId?: string | undefined;
  /** Why nothing, or not all, was sent. */
  failure?: RemoteFailure;
}

const pollMs = 1_000;
/** A job may be asked for so long; then it counts as expired. A hundred items take seconds. */
const patienceMs = 10 * 60_000;

/**
 * One job of at most a hundred records: logged, sent, followed to its end.
 *
 *   intended --job id--> submitted --results--> done
 *       \-- no answer, 500 --> what Zendesk has is read, before anything is sent again --> done | lost
 */
export async function deliverRecords(
  owner: Owner,
  job: RecordJob,
  records: readonly DocumentRecord[],
): Promise<JobOutcome> {
  const { ports, subdomain, fence } = owner;
  const id = await ports.records.intend(fence, job, deadlineMs);
  const all = (kind: ItemOutcome["kind"]) => job.items.map((item) => ({ item, kind }));
  let submitted: SubmittedRecords;
  try {
    const deadline = performance.now() + deadlineMs;
    submitted = await (job.action === "upsert"
      ? ports.recordWriter.upsertRecords(subdomain, job.object, records, deadline)
      : ports.recordWriter.deleteRecords(
          subdomain,
          job.object,
          job.items.map(({ externalId }) => externalId),
          deadline,
        ));
  } catch (fault) {
    if (!(fault instanceof RemoteFailure)) throw fault;
    await owner.noteFailure(fault, undefined);
    if (!fault.outcomeUnknown) return { closed: { id, state: "lost" }, items: all("not-sent"), failure: fault };
    await owner.waitForOpenJobs();
    return { closed: { id, state: "lost" }, items: await lookUp(owner, job), failure: fault };
  }
  await ports.records.submitted(id, submitted);
  const { jobId, requestId } = submitted;
  const items = await outcomesOf(owner, job, await jobEnded(owner, jobId, job));
  return { closed: { id, state: "done" }, items, requestId };
}

/** The results of a job; undefined where it is not to be seen any more. */
export async function jobEnded(owner: Owner, jobId: string, job: RecordJob): Promise<RecordResult[] | undefined> {
  const { ports, subdomain, signal } = owner;
  const asked = [{ jobId, items: job.items.length }];
  for (let waited = 0; waited < patienceMs; waited += pollMs) {
    const states = await owner.untilAnswered(() => ports.recordWriter.readRecordJobs(subdomain, asked));
    const state = states.get(jobId);
    if (state?.state === "ended") return state.results;
    if (state === undefined || state.state === "expired") return undefined;
    await pause(pollMs, signal);
    if (signal.aborted) throw new OwnerStops("the owner stops; a successor closes its record jobs");
  }
  return undefined;
}

/** Believed where the job says it was done; everything else is looked up, a refused deletion too: what is gone is gone. */
export async function outcomesOf(
  owner: Owner,
  job: RecordJob,
  results: readonly RecordResult[] | undefined,
): Promise<ItemOutcome[]> {
  const outcomes = job.items.map((item, place): ItemOutcome => {
    const result = results?.[place] ?? { kind: "unknown" };
    if (result.kind === "done") return { item, kind: "as-wanted" };
    if (result.kind === "failed" && job.action === "upsert") return { item, kind: "refused", code: result.code };
    return { item, kind: "unknown" };
  });
  const open = outcomes.filter(({ kind }) => kind === "unknown").map(({ item }) => item);
  if (open.length === 0) return outcomes;
  const looked = await lookUp(owner, { ...job, items: open });
  return outcomes.map((outcome) => looked.find(({ item }) => item === outcome.item) ?? outcome);
}

async function lookUp(owner: Owner, job: RecordJob): Promise<ItemOutcome[]> {
  const found = await owner.untilAnswered(() =>
    owner.ports.recordWriter.findRecords(
      owner.subdomain,
      job.object,
      job.items.map(({ externalId }) => externalId),
    ),
  );
  const byExternalId = new Map(found.map((record) => [record.externalId, record]));
  return job.items.map((item) => {
    const there = byExternalId.get(item.externalId);
    const asWanted =
      job.action === "delete" ? there === undefined : there !== undefined && textOf(there) === item.content;
    return { item, kind: asWanted ? "as-wanted" : "unknown" };
  });
}

function textOf({ organizationId, ...record }: FoundRecord): string | undefined {
  return organizationId === undefined ? undefined : recordText({ ...record, organizationId });
}

/** What we remember of an item whose content is not known: it is ours, and it is sent again. */
export function unknownContent(item: RecordJob["items"][number]): KnownRecord {
  return { ...item, content: undefined, lookOn: undefined };
}
