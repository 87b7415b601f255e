import type { RemoteFailure, System } from "../domain/index.ts";
import type { IncidentCause } from "../oversight/incidents/ports.ts";
import type { Standing } from "./ports.ts";

/** throttled: too many calls for now; quota: the app's reads of the month are used up; unavailable: nobody answers, or only with 503. */
export type PauseCause = "throttled" | "quota" | "unavailable";

export interface Pause {
  cause: PauseCause;
  waitMs: number;
  /** What a person is told once, for as long as it lasts; undefined: it is over before anybody could look. */
  incident: { cause: IncidentCause; says: string } | undefined;
}

const firstUnavailableMs = 2_000;
const longestMs = 15 * 60_000;
/** A pause that lasts no longer is everyday life of two systems with limits. */
const worthTellingMs = 60_000;
/**
 * A throttle lets calls through within minutes: its window is a minute, whoever used it up. The month's allowance refuses every read until
 * the month ends (Intuit App Partner Program, "calls are blocked with 429 until next month"); both are the same 429, so time tells them apart.
 */
const quotaAfterMs = 15 * 60_000;
const quotaProbeMs = 60 * 60_000;

/**
 * How long a whole company or account is left alone after a failure that asks to wait. `before`: as it stood until now;
 * `elsewhereMsAgo`: when another company last answered this app. Pure.
 *
 * The server's wait is the floor; ours doubles with each refusal in a row, up to 15 min.
 */
export function judgePause(
  failure: Pick<RemoteFailure, "system" | "status" | "retryAfterMs" | "says">,
  before: Standing,
  { now, elsewhereMsAgo }: { now: number; elsewhereMsAgo: number },
): Pause {
  const isThrottled = failure.status !== undefined && failure.status < 500;
  const lastedMs = before.refusedSince === undefined ? 0 : now - before.refusedSince.getTime();
  if (isThrottled && failure.system === "quickbooks" && lastedMs >= quotaAfterMs && elsewhereMsAgo > lastedMs)
    return paused(failure, "quota", { waitMs: quotaProbeMs, lastedMs });
  const floorMs = failure.retryAfterMs ?? 0;
  // The first wait of a throttle is what the server's limits ask for; only one that was not enough grows.
  const grownMs = isThrottled
    ? floorMs * 2 ** Math.max(0, before.refusals - 1)
    : firstUnavailableMs * 2 ** before.refusals;
  const waitMs = Math.max(floorMs, Math.min(longestMs, grownMs));
  return paused(failure, isThrottled ? "throttled" : "unavailable", { waitMs, lastedMs });
}

function paused(
  { system, says }: Pick<RemoteFailure, "system" | "says">,
  cause: PauseCause,
  { waitMs, lastedMs }: { waitMs: number; lastedMs: number },
): Pause {
  const isWorthTelling = cause === "quota" || waitMs > worthTellingMs || lastedMs >= worthTellingMs;
  return {
    cause,
    waitMs,
    incident: isWorthTelling
      ? { cause: pauseIncident(system, cause), says: `${explain(cause, says)} ${comfort}` }
      : undefined,
  };
}

const comfort = "What changes meanwhile is kept, and everything goes on by itself.";

function explain(cause: PauseCause, says: string): string {
  return cause === "quota"
    ? "Intuit has refused every read for a quarter of an hour: the reads that this app may make in a month seem to be used up. It is asked once an hour; more reads come with the next month or a higher tier of the App Partner Program."
    : says;
}

/** The cause of the one incident of such a pause. */
export function pauseIncident(system: System, cause: PauseCause): IncidentCause {
  return `${system}-${cause}` as IncidentCause; // only QuickBooks has a quota
}
