import type { JsonObject } from "../records/input.ts";
import type { Account } from "../world/account.ts";
import { runItem } from "./items.ts";
import { isExpired, isInFlight, type Job, type JobContext, type JobKind, nextItemAt } from "./job.ts";

/**
 * The background jobs of one account. Time moves them: `settle` carries out whatever was due by then, each item at its
 * own moment, whoever asks and whenever. Nothing of a job happens inside the call that submitted it.
 */
export class JobQueue {
  readonly #account: Account;
  readonly #jobs = new Map<string, Job>();
  /** Queued or working, oldest first: few, while finished jobs stay listed for a day. */
  readonly #active = new Set<Job>();

  constructor(account: Account) {
    this.#account = account;
  }

  submit(kind: JobKind, items: readonly JsonObject[], context: JobContext | null = null): Job {
    const { switches, random, clock } = this.#account;
    const order = items.map((_item, position) => position);
    if (switches.jobOrder === "shuffled") {
      for (let last = order.length - 1; last > 0; last -= 1) {
        const other = Math.floor(random.next() * (last + 1));
        [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
      }
    }
    const job: Job = {
      id: `V3-${random.hex(32)}`,
      kind,
      items,
      context,
      order,
      state: "queued",
      createdAt: clock.now(),
      startedAt: null,
      done: 0,
      results: [],
      finishedAt: null,
      pace: switches.jobPace,
      startDelayMs: switches.jobPace === 0 ? 0 : switches.jobStartDelayMs,
      cutAfter: switches.jobCutAfter,
      resultForm: switches.jobResults,
      failureForm: switches.jobFailures,
    };
    this.#jobs.set(job.id, job);
    this.#active.add(job);
    return job;
  }

  inFlight(): Job[] {
    return [...this.#active];
  }

  get(id: string): Job | undefined {
    const job = this.#jobs.get(id);
    if (!job || isExpired(job, this.#account.clock.now())) return undefined;
    if (this.#account.switches.jobResultsLost && !isInFlight(job)) return undefined;
    return job;
  }

  /** Newest first. */
  all(): Job[] {
    return [...this.#jobs.keys()].flatMap((id) => this.get(id) ?? []).reverse();
  }

  /** Carries out everything that is due by now, in the order of its moments across all jobs. */
  settle(): void {
    const now = this.#account.clock.now();
    this.#assignWorkers(now, 0);
    for (let due = this.#nextDue(); due && nextItemAt(due) <= now; due = this.#nextDue()) {
      const at = nextItemAt(due);
      this.#takeItem(due, at);
      if (due.finishedAt !== null) this.#assignWorkers(now, at);
    }
    for (const job of this.#jobs.values()) {
      if (!isExpired(job, now)) break; // oldest first
      if (!isInFlight(job)) this.#jobs.delete(job.id);
    }
  }

  /** When there is something to do next, in simulated milliseconds. */
  nextAt(): number | undefined {
    const hasFreeWorker = this.#freeWorkers() > 0;
    const moments = this.inFlight()
      .filter((job) => job.state === "working" || hasFreeWorker)
      .map((job) => nextItemAt(job));
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  clear(): void {
    this.#jobs.clear();
    this.#active.clear();
  }

  dump(): Job[] {
    return [...this.#jobs.values()].map((job) => structuredClone(job));
  }

  load(jobs: readonly Job[]): void {
    this.clear();
    for (const saved of jobs) {
      const job = structuredClone(saved);
      this.#jobs.set(job.id, job);
      if (isInFlight(job)) this.#active.add(job);
    }
  }

  #freeWorkers(): number {
    const working = this.inFlight().filter((job) => job.state === "working").length;
    return Math.max(1, this.#account.switches.jobConcurrency) - working;
  }

  /** `freedAt`: when the worker came free that a waiting job takes over; such a job starts no earlier. */
  #assignWorkers(now: number, freedAt: number): void {
    let free = this.#freeWorkers();
    for (const job of this.#active) {
      if (free <= 0) return;
      if (job.state !== "queued") continue;
      const ready = job.createdAt + job.startDelayMs;
      if (ready > now) continue;
      job.state = "working";
      job.startedAt = Math.max(ready, freedAt);
      free -= 1;
      if (job.items.length === 0) this.#finish(job, job.startedAt);
    }
  }

  #nextDue(): Job | undefined {
    let due: Job | undefined;
    for (const job of this.#active) {
      if (job.state === "working" && (!due || nextItemAt(job) < nextItemAt(due))) due = job;
    }
    return due;
  }

  #takeItem(job: Job, at: number): void {
    if (job.cutAfter !== null && job.done >= job.cutAfter) {
      job.state = "failed";
      job.finishedAt = at;
      job.results = Object.values(job.results); // without the holes that a shuffled order leaves
      this.#active.delete(job);
      return;
    }
    const position = job.order[job.done] ?? job.done;
    job.results[position] = runItem(this.#account, job, position, at);
    job.done += 1;
    if (job.done >= job.items.length) this.#finish(job, at);
  }

  /** A job whose items all failed is itself failed (recorded 2016: cloudbees-oss/zendesk-java-client issue 98). */
  #finish(job: Job, at: number): void {
    const failed = job.results.filter((result) => "error" in result).length;
    job.state = failed > 0 && failed === job.items.length ? "failed" : "completed";
    job.finishedAt = at;
    this.#active.delete(job);
  }
}
