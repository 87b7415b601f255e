/** A job as the last poll saw it; instants are monotonic milliseconds. */
export interface WatchedJob {
  submittedAt: number;
  items: number;
  /** Undefined: no poll has asked for it yet. */
  seen: { at: number; done: number } | undefined;
}

/** First look at a job of which nothing is known. */
const firstLookMs = 300;
/** Between two polls, whatever is expected. */
const leastMs = 250;
/** Results are seen at most so long after a job's end, even where it ends sooner than it seemed to. */
const mostMs = 1_900;
/** How long the first job that ends may wait for the next ones to end, too: one poll tells of all of them. */
const gatherMs = 1_400;
const gatheredJobs = 5;

/** Items per millisecond that a job worked through until it was seen; undefined while it is still queued. */
export function paceOfJob({ submittedAt, seen }: WatchedJob): number | undefined {
  return seen !== undefined && seen.done > 0 && seen.at > submittedAt ? seen.done / (seen.at - submittedAt) : undefined;
}

/**
 * How long to wait until the next poll over these jobs: until the first of them should have ended, or, where several are under way, a few
 * of them. `knownPace` is what earlier jobs of the account worked at. Pure.
 */
export function pollWaitMs(jobs: readonly WatchedJob[], knownPace: number | undefined, now: number): number {
  const ends = jobs.map((job) => expectedEnd(job, knownPace, now)).sort((one, other) => one - other);
  const [first = now] = ends;
  const few = ends[Math.min(gatheredJobs, ends.length) - 1] ?? first;
  return Math.min(mostMs, Math.max(leastMs, Math.min(few, first + gatherMs) - now));
}

function expectedEnd(job: WatchedJob, knownPace: number | undefined, now: number): number {
  const pace = paceOfJob(job) ?? knownPace;
  if (pace === undefined) return job.seen === undefined ? job.submittedAt + firstLookMs : now + gatherMs;
  return job.seen === undefined || job.seen.done === 0
    ? Math.max(now, job.submittedAt) + job.items / pace
    : job.seen.at + (job.items - job.seen.done) / pace;
}
