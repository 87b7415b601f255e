import { RemoteFailure, type Subdomain } from "../../../domain/index.ts";
import { WakeUp } from "../own/wake-up.ts";
import type { JobState, OrganizationWrite, OrganizationWriter } from "../ports.ts";
import { paceOfJob, pollWaitMs, type WatchedJob } from "./poll-pace.ts";

const afterFailureMs = 3_000;

interface Watched {
  jobId: string;
  items: readonly OrganizationWrite[];
  submittedAt: number;
  seen: WatchedJob["seen"];
  resolve: (state: Extract<JobState, { state: "ended" | "expired" }>) => void;
  reject: (fault: unknown) => void;
}

/** Not a fault: what was under way is left to the next owner, who finds it in the write log. */
export class OwnerStops extends Error {
  override name = "OwnerStops";
}

/** Asks for all jobs of one account in one call, however many wait: the poll costs the same for one as for fifteen. */
export class JobPoller {
  readonly #writer: OrganizationWriter;
  readonly #subdomain: Subdomain;
  readonly #signal: AbortSignal;
  readonly #watched = new Map<string, Watched>();
  readonly #news = new WakeUp();
  #polling = false;
  /** Items per millisecond that the last jobs worked through. */
  #pace: number | undefined;

  constructor(writer: OrganizationWriter, subdomain: Subdomain, signal: AbortSignal) {
    this.#writer = writer;
    this.#subdomain = subdomain;
    this.#signal = signal;
  }

  /** Resolves when the job ended or expired. Rejects with the RemoteFailure that stopped the polling, or when the owner stops. */
  async ended(
    jobId: string,
    items: readonly OrganizationWrite[],
  ): Promise<Extract<JobState, { state: "ended" | "expired" }>> {
    return new Promise((resolve, reject) => {
      this.#watched.set(jobId, { jobId, items, submittedAt: performance.now(), seen: undefined, resolve, reject });
      if (this.#polling) this.#news.raise();
      else void this.#poll();
    });
  }

  /** A poll that may be asked again tells nothing about the jobs. */
  async #read(): Promise<Map<string, JobState> | undefined> {
    try {
      return await this.#writer.readJobs(this.#subdomain, [...this.#watched.values()]);
    } catch (fault) {
      if (fault instanceof RemoteFailure && (fault.action === "retry" || fault.action === "wait")) return undefined;
      throw fault;
    }
  }

  #note(jobId: string, state: JobState): void {
    const job = this.#watched.get(jobId);
    if (!job) return;
    if (state.state === "ended" || state.state === "expired") {
      this.#watched.delete(jobId);
      job.resolve(state);
      return;
    }
    job.seen = { at: performance.now(), done: state.progress };
    this.#pace = paceOfJob({ ...job, items: job.items.length }) ?? this.#pace;
  }

  #waitMs(): number {
    const jobs = [...this.#watched.values()].map((job) => ({ ...job, items: job.items.length }));
    return pollWaitMs(jobs, this.#pace, performance.now());
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    let dueAt = performance.now() + this.#waitMs();
    try {
      while (this.#watched.size > 0) {
        await this.#news.wait(dueAt - performance.now(), this.#signal);
        if (this.#signal.aborted) throw new OwnerStops("the owner stops; a successor closes its writes");
        if (performance.now() < dueAt) {
          // Another job was submitted: it may end before those that were expected.
          dueAt = Math.min(dueAt, performance.now() + this.#waitMs());
          continue;
        }
        const states = await this.#read();
        for (const [jobId, state] of states ?? []) this.#note(jobId, state);
        dueAt = performance.now() + (states ? this.#waitMs() : afterFailureMs);
      }
    } catch (fault) {
      const left = [...this.#watched.values()];
      this.#watched.clear();
      for (const job of left) job.reject(fault);
    } finally {
      this.#polling = false;
    }
  }
}

/** Waits, or less when the signal comes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
