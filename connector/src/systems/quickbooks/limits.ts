// A company's budget of requests: 500 a minute and 10 a second are Intuit's (docs/learn/limits-and-throttles), shared by all its apps; an
// earlier wording said 10 at once. We stay below all three. No headers tell what is left (none were ever recorded), so we count.
import type { Realm } from "../../domain/index.ts";
import type { Blocks, SystemClock } from "../ports.ts";

export interface CompanyRates {
  perSecond: number;
  perMinute: number;
  inFlight: number;
}

export const companyRates: CompanyRates = { perSecond: 8, perMinute: 450, inFlight: 10 };

export interface CompanyLimits {
  /** Runs a call when the company's budget allows. `share` (0..1): this lane's part of it, the rest is left to the others. */
  run<Answer>(realm: Realm, share: number, call: () => Promise<Answer>): Promise<Answer>;
  /** Milliseconds until the budget lets another call of this share through, as far as is known here; 0: at once. */
  freeInMs(realm: Realm, share: number): number;
  /** QuickBooks asked us to wait: nobody, in no process, asks this company before. */
  slowDown(realm: Realm, ms: number): Promise<void>;
}

interface CompanyState {
  /** Monotonic starts of the last minute, oldest first. */
  starts: number[];
  inFlight: number;
  /** One turnstile per share, so that the background never stands in front of live work. */
  turnstiles: Map<number, Promise<void>>;
  /** Calls that stand before each turnstile. */
  waiting: Map<number, number>;
  freed: (() => void)[];
  blockedUntilMs: number;
  blockReadAt: number;
}

const minuteMs = 60_000;
/** How soon to ask again while other calls of the same share wait or fill the line. */
const queueMs = 25;
/** How stale our picture of the stored block may be: another process may have been told to wait. */
const blockFreshMs = 1_000;

export function createCompanyLimits(options: {
  rates: CompanyRates;
  blocks: Blocks;
  clock: SystemClock;
}): CompanyLimits {
  const { rates, blocks, clock } = options;
  const companies = new Map<Realm, CompanyState>();

  function stateOf(realm: Realm): CompanyState {
    const known = companies.get(realm);
    if (known) return known;
    const fresh: CompanyState = {
      starts: [],
      inFlight: 0,
      turnstiles: new Map(),
      waiting: new Map(),
      freed: [],
      blockedUntilMs: 0,
      blockReadAt: Number.NEGATIVE_INFINITY,
    };
    companies.set(realm, fresh);
    return fresh;
  }

  async function blockedMs(realm: Realm, state: CompanyState): Promise<number> {
    if (clock.monotonicMs() - state.blockReadAt > blockFreshMs) {
      state.blockReadAt = clock.monotonicMs();
      const until = await blocks.blockedUntil(realm);
      state.blockedUntilMs = until?.getTime() ?? 0;
    }
    return state.blockedUntilMs - clock.wallMs();
  }

  function windowMs(state: CompanyState, share: number): number {
    const now = clock.monotonicMs();
    while (state.starts[0] !== undefined && state.starts[0] <= now - minuteMs) state.starts.shift();
    return Math.max(
      untilFree(state.starts, part(rates.perSecond, share), now, 1000),
      untilFree(state.starts, part(rates.perMinute, share), now, minuteMs),
    );
  }

  async function admit(realm: Realm, state: CompanyState, share: number): Promise<void> {
    for (;;) {
      const blocked = await blockedMs(realm, state);
      if (blocked > 0) {
        await clock.wait(Math.min(blocked, minuteMs));
        continue;
      }
      if (state.inFlight >= part(rates.inFlight, share)) {
        await new Promise<void>((resolve) => state.freed.push(resolve));
        continue;
      }
      const waitMs = windowMs(state, share);
      if (waitMs <= 0) {
        state.starts.push(clock.monotonicMs());
        state.inFlight += 1;
        return;
      }
      await clock.wait(waitMs);
    }
  }

  return {
    async run(realm, share, call) {
      const state = stateOf(realm);
      state.waiting.set(share, (state.waiting.get(share) ?? 0) + 1);
      const turn = (state.turnstiles.get(share) ?? Promise.resolve()).then(() => admit(realm, state, share));
      // A turn that fails (the store is away) must not fail those behind it.
      state.turnstiles.set(
        share,
        turn.catch(() => undefined),
      );
      try {
        await turn;
      } finally {
        state.waiting.set(share, (state.waiting.get(share) ?? 1) - 1);
      }
      try {
        return await call();
      } finally {
        state.inFlight -= 1;
        for (const wake of state.freed.splice(0)) wake();
      }
    },

    freeInMs(realm, share) {
      const state = stateOf(realm);
      const ownMs = windowMs(state, share);
      const isQueued = (state.waiting.get(share) ?? 0) > 0 || state.inFlight >= part(rates.inFlight, share);
      return Math.max(0, isQueued ? Math.max(ownMs, queueMs) : ownMs);
    },

    async slowDown(realm, ms) {
      const state = stateOf(realm);
      state.blockedUntilMs = Math.max(state.blockedUntilMs, clock.wallMs() + ms);
      await blocks.block(realm, new Date(state.blockedUntilMs));
    },
  };
}

function part(rate: number, share: number): number {
  return Math.max(1, Math.floor(rate * share));
}

/** Milliseconds until fewer than `allowed` starts lie within the window. */
function untilFree(starts: readonly number[], allowed: number, now: number, windowMs: number): number {
  const blocking = starts[starts.length - allowed];
  return blocking === undefined ? 0 : blocking + windowMs - now;
}
