import { RemoteFailure, type Subdomain } from "../../../domain/index.ts";
import type { JobState, OrganizationWrite, OrganizationWriter } from "../ports.ts";

/** First poll after a job was submitted; then one for all open jobs together at the second pace. */
const firstPollMs = 300;
const pollMs = 1_000;
const afterFailureMs = 3_000;

interface Watched {
  jobId: string;
  items: readonly OrganizationWrite[];
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
  #polling = false;

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
      this.#watched.set(jobId, { jobId, items, resolve, reject });
      if (!this.#polling) void this.#poll();
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

  async #poll(): Promise<void> {
    this.#polling = true;
    let wait = firstPollMs;
    try {
      while (this.#watched.size > 0) {
        await pause(wait, this.#signal);
        wait = pollMs;
        if (this.#signal.aborted) throw new OwnerStops("the owner stops; a successor closes its writes");
        const states = await this.#read();
        if (!states) {
          wait = afterFailureMs;
          continue;
        }
        for (const [jobId, state] of states) {
          if (state.state !== "ended" && state.state !== "expired") continue;
          this.#watched.get(jobId)?.resolve(state);
          this.#watched.delete(jobId);
        }
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
