import { Refusal } from "../records/refusals.ts";
import type { Account } from "../world/account.ts";
import { plans } from "../world/plans.ts";
import type { Switches } from "../world/switches.ts";

interface Bucket {
  startedAt: number;
  used: number;
}

export interface BucketRule {
  key: string;
  limit: number;
  windowMs: number;
}

export interface BucketState {
  limit: number;
  remaining: number;
  resetSeconds: number;
  isExceeded: boolean;
}

const minuteMs = 60_000;
const keptBuckets = 100_000;

/**
 * Requests counted per account and per endpoint. The account's window is the minute of the clock: recorded traffic of
 * 2023 shows `rate-limit-reset: 2` at :58 and a full budget two seconds later (blakmatrix/node-zendesk test/fixtures).
 * Endpoint buckets start with their first request; their windows are documented, their edges are not.
 */
export class Limits {
  readonly #account: Account;
  readonly #buckets = new Map<string, Bucket>();
  #minute = 0;
  #used = 0;
  /** What neighbours leave of the budget: fault profiles set it. */
  share = 1;

  constructor(account: Account) {
    this.#account = account;
  }

  get perMinute(): number {
    const planned = plans[this.#account.plan].requestsPerMinute;
    return Number.isFinite(planned) ? Math.max(1, Math.floor(planned * this.share)) : planned;
  }

  /** Counts one request of the account. */
  countRequest(): BucketState {
    const now = this.#account.clock.now();
    const minute = Math.floor(now / minuteMs);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#used = 0;
    }
    const limit = this.perMinute;
    this.#used += 1;
    const resetSeconds = Math.max(1, Math.ceil(((minute + 1) * minuteMs - now) / 1000));
    return { limit, remaining: Math.max(0, limit - this.#used), resetSeconds, isExceeded: this.#used > limit };
  }

  /** Counts one request against an endpoint's own bucket; a refused one does not count. */
  count(rule: BucketRule): BucketState {
    if (this.#account.plan === "unlimited") {
      return { limit: rule.limit, remaining: rule.limit, resetSeconds: 0, isExceeded: false };
    }
    const now = this.#account.clock.now();
    let bucket = this.#buckets.get(rule.key);
    if (!bucket || now - bucket.startedAt >= rule.windowMs || now < bucket.startedAt) {
      if (this.#buckets.size > keptBuckets) this.#buckets.clear();
      bucket = { startedAt: now, used: 0 };
      this.#buckets.set(rule.key, bucket);
    }
    const isExceeded = bucket.used >= rule.limit;
    if (!isExceeded) bucket.used += 1;
    const resetSeconds = Math.max(1, Math.ceil((bucket.startedAt + rule.windowMs - now) / 1000));
    return { limit: rule.limit, remaining: Math.max(0, rule.limit - bucket.used), resetSeconds, isExceeded };
  }

  clear(): void {
    this.#buckets.clear();
    this.#used = 0;
  }
}

/** The account's 429 is 50 bytes of text/plain: quoted by a customer in community post 4600766234138 (2022-05-14). */
export function accountLimitExceeded(state: BucketState, switches: Switches): Refusal {
  const text = "Number of allowed API requests per minute exceeded";
  const isText = switches.accountLimitBody === "text";
  return new Refusal(429, isText ? text : { error: "APIRateLimitExceeded", description: text }, {
    "retry-after": String(state.resetSeconds),
    "cache-control": `max-age=${state.resetSeconds},public`,
    ...(isText ? { "content-type": "text/plain" } : {}),
  });
}

/** The 429 of an endpoint's own bucket; `title` as the organizations reference prints it for "Update Organization". */
export function endpointLimitExceeded(state: BucketState, title: string): Refusal {
  const body = { errors: [{ code: "TooManyRequests", title }] };
  return new Refusal(429, body, { "retry-after": String(state.resetSeconds) });
}

export function bucketHeader(state: BucketState): string {
  return `total=${state.limit}; remaining=${state.remaining}; resets=${state.resetSeconds}`;
}
