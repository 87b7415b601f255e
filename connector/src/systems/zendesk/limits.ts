// An account's budget of requests, as its answers tell it: a plan's requests per minute, shared by all integrations of the account.
// Header spellings: `x-rate-limit(-remaining)` on all answers; `ratelimit-*` (documented) and `rate-limit-*` (recorded 2023) on lists;
// `zendesk-ratelimit-NAME: total=; remaining=; resets=` for endpoints. Source: Zendesk's rate-limits page; blakmatrix/node-zendesk.
import { RemoteFailure, type Subdomain } from "../../domain/index.ts";
import { createGate, lookAgainMs } from "../gate.ts";
import type { Blocks, SystemClock } from "../ports.ts";

export interface Bucket {
  total: number;
  remaining: number;
  /** Seconds; undefined where the header does not say. */
  resetsIn: number | undefined;
}

/** What one answer says of the account and of endpoints with limits of their own (`inflight-jobs`, `create-update-user` ...). */
export interface LimitReport {
  account: Bucket | undefined;
  endpoints: Record<string, Bucket>;
}

export interface AccountLimits {
  /**
   * Runs a call when the account's budget allows. `share` (0..1): this lane's part of it. A write that would have to wait past its
   * deadline fails at once with action `wait`; nothing was sent.
   */
  run<Answer>(lane: Lane, call: () => Promise<Answer>): Promise<Answer>;
  observe(subdomain: Subdomain, headers: Readonly<Record<string, string>>): void;
  /** The failure to throw. After one that asks to wait nobody, in no process, asks this account before. */
  refused(subdomain: Subdomain, failure: RemoteFailure): Promise<RemoteFailure>;
  /** The account answers: whatever was wrong is over. */
  answered(subdomain: Subdomain): Promise<void>;
  /** What the latest answers said; undefined before the first one. */
  latest(subdomain: Subdomain): LimitReport | undefined;
}

export interface Lane {
  subdomain: Subdomain;
  share: number;
  operation: string;
  deadline: number | undefined;
}

interface Window {
  total: number;
  remaining: number;
  endsAtMs: number;
}

interface AccountState {
  window: Window | undefined;
  report: LimitReport | undefined;
  inFlight: number;
  freed: (() => void)[];
}

const minuteMs = 60_000;
/** No limit on parallel requests is published; eight are known to be safe. */
const mostInFlight = 8;
/** Answers overtake each other by a few counts; a rise by more is a new window. */
const newWindowRise = 50;
const newWindowMs = 5_000;

export function readLimitHeaders(headers: Readonly<Record<string, string>>): LimitReport {
  const number = (...names: string[]) => {
    const text = names.map((name) => headers[name]).find((text) => text !== undefined && /^\d+$/.test(text.trim()));
    return text === undefined ? undefined : Number(text);
  };
  const total = number("x-rate-limit", "ratelimit-limit", "rate-limit");
  const remaining = number("x-rate-limit-remaining", "ratelimit-remaining", "rate-limit-remaining");
  const endpoints: Record<string, Bucket> = {};
  for (const [name, text] of Object.entries(headers)) {
    const bucket = name.startsWith("zendesk-ratelimit-") ? readBucket(text) : undefined;
    if (bucket) endpoints[name.slice("zendesk-ratelimit-".length)] = bucket;
  }
  return {
    account:
      total === undefined || remaining === undefined
        ? undefined
        : { total, remaining, resetsIn: number("ratelimit-reset", "rate-limit-reset") },
    endpoints,
  };
}

function readBucket(text: string): Bucket | undefined {
  const part = (name: string) => {
    const found = new RegExp(`\\b${name}=(\\d+)`).exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const total = part("total");
  const remaining = part("remaining");
  return total === undefined || remaining === undefined ? undefined : { total, remaining, resetsIn: part("resets") };
}

export function createAccountLimits(options: { blocks: Blocks; clock: SystemClock }): AccountLimits {
  const { clock } = options;
  const gate = createGate({ ...options, system: "zendesk" });
  const accounts = new Map<Subdomain, AccountState>();

  function stateOf(subdomain: Subdomain): AccountState {
    const known = accounts.get(subdomain);
    if (known) return known;
    const fresh: AccountState = {
      window: undefined,
      report: undefined,
      inFlight: 0,
      freed: [],
    };
    accounts.set(subdomain, fresh);
    return fresh;
  }

  function emptyMs(state: AccountState, share: number): number {
    const { window } = state;
    if (window === undefined || clock.monotonicMs() >= window.endsAtMs) return 0;
    const kept = Math.floor(window.total * (1 - share));
    return window.remaining - state.inFlight > kept ? 0 : window.endsAtMs - clock.monotonicMs();
  }

  async function admit(lane: Lane, state: AccountState): Promise<void> {
    for (;;) {
      const waitMs = Math.max(await gate.blockedMs(lane.subdomain), emptyMs(state, lane.share));
      if (waitMs > 0) {
        if (lane.deadline !== undefined && clock.monotonicMs() + waitMs > lane.deadline)
          throw budgetSpent(lane, waitMs);
        // Somebody may end it before.
        await clock.wait(Math.min(waitMs, lookAgainMs));
      } else if (state.inFlight >= mostInFlight) {
        await new Promise<void>((resolve) => state.freed.push(resolve));
      } else {
        state.inFlight += 1;
        return;
      }
    }
  }

  return {
    async run(lane, call) {
      const state = stateOf(lane.subdomain);
      await admit(lane, state);
      try {
        return await call();
      } finally {
        state.inFlight -= 1;
        // All of them: one that is woken may give up for its deadline, and must not take another's turn with it.
        for (const wake of state.freed.splice(0)) wake();
      }
    },

    observe(subdomain, headers) {
      const state = stateOf(subdomain);
      const report = readLimitHeaders(headers);
      state.report = {
        account: report.account ?? state.report?.account,
        endpoints: { ...state.report?.endpoints, ...report.endpoints },
      };
      if (report.account) state.window = nextWindow(state.window, report.account, clock.monotonicMs());
    },

    refused: gate.refused,
    answered: gate.answered,

    latest: (subdomain) => accounts.get(subdomain)?.report,
  };
}

/** Within one window the smallest count is the truth: answers arrive out of order. */
function nextWindow(current: Window | undefined, seen: Bucket, now: number): Window {
  const endsAtMs = now + (seen.resetsIn === undefined ? minuteMs : seen.resetsIn * 1000);
  const isNew =
    current === undefined ||
    now >= current.endsAtMs ||
    (seen.resetsIn === undefined
      ? seen.remaining > current.remaining + newWindowRise
      : endsAtMs > current.endsAtMs + newWindowMs);
  if (isNew) return { total: seen.total, remaining: seen.remaining, endsAtMs };
  return { ...current, remaining: Math.min(current.remaining, seen.remaining) };
}

function budgetSpent(lane: Lane, waitMs: number): RemoteFailure {
  return new RemoteFailure({
    system: "zendesk",
    operation: lane.operation,
    code: "budget",
    action: "wait",
    says: "The account's requests of this minute are used up.",
    retryAfterMs: Math.ceil(waitMs),
  });
}
