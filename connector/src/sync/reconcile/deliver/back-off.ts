import type { RemoteFailure } from "../../../domain/index.ts";

const firstMs = 2_000;
const longestMs = 15 * 60_000;

/** Exponential with full jitter, 2 s to 15 min. `random` gives 0..1. */
export function backOffMs(attempts: number, random: () => number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempts, 20));
  return Math.max(250, Math.round(random() * ceiling));
}

/** Limits of one organization, of jobs, or of this lane's part of the account: what else the account is asked goes on. */
const ofOneCall: ReadonlySet<string> = new Set(["TooManyRequests", "TooManyJobs", "budget"]);
const stepAsideMs = 1_000;

/**
 * How long a mark waits after a failure that is nobody's fault. While a whole company or account is not to be asked its marks are not
 * claimed at all, so they only step aside, and go on in the moment in which it answers again.
 */
export function wholeWaitMs({ code, retryAfterMs }: Pick<RemoteFailure, "code" | "retryAfterMs">): number {
  return ofOneCall.has(code) ? (retryAfterMs ?? stepAsideMs) : stepAsideMs;
}
