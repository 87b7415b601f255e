// A company's budget of requests: 500 a minute and 10 a second are Intuit's (docs/learn/limits-and-throttles), shared by all its apps; an
// earlier wording said 10 at once; batches have 40 a minute per company and app beside that. We stay below all four. No headers tell what is
// left (none were ever recorded), so we count.
import type { Realm, RemoteFailure } from "../../domain/index.ts";
import { createGate, lookAgainMs } from "../gate.ts";
import type { Blocks, SystemClock } from "../ports.ts";

export interface CompanyRates {
  perSecond: number;
  perMinute: number;
  batchesPerMinute: number;
  inFlight: number;
}

export const companyRates: CompanyRates = { perSecond: 8, perMinute: 450, batchesPerMinute: 36, inFlight: 10 };

/** Of a simulator that limits nobody. */
export const noRates: CompanyRates = {
  perSecond: Number.POSITIVE_INFINITY,
  perMinute: Number.POSITIVE_INFINITY,
  batchesPerMinute: Number.POSITIVE_INFINITY,
  inFlight: 10,
};

/** A batch counts as a request, and against a limit of its own. */
export type CallKind = "plain" | "batch";

export interface CompanyLimits {
  /** Runs a call when the company's budget allows. `share` (0..1): this lane's part of it, the rest is left to the others. */
  run<Answer>(realm: Realm, share: number, kind: CallKind, call: () => Promise<Answer>): Promise<Answer>;
  /** Milliseconds until the budget lets another call of this share through, as far as is known here; 0: at once. */
  freeInMs(realm: Realm, share: number, kind: CallKind): number;
  /** The failure to throw. After one that asks to wait nobody, in no process, asks this company before. */
  refused(realm: Realm, failure: RemoteFailure): Promise<RemoteFailure>;
  /** The company answers: whatever was wrong is over. */
  answered(realm: Realm): Promise<void>;
}

interface CompanyState {
  /** Monotonic starts of the last minute, oldest first. */
  starts: number[];
  /** Those of `starts` that were batches. */
  batchStarts: number[];
  inFlight: number;
  /** One turnstile per share and kind: the background never stands in front of live work, nor a batch in front of a plain call. */
  turnstiles: Map<string, Promise<void>>;
  /** Calls that stand before each turnstile. */
  waiting: Map<string, number>;
  freed: (() => void)[];
}

const minuteMs = 60_000;
/** How soon to ask again while other calls of the same share wait or fill the line. */
const queueMs = 25;

export function createCompanyLimits(options: {
  rates: CompanyRates;
  blocks: Blocks;
  clock: SystemClock;
}): CompanyLimits {
  const { rates, clock } = options;
  const gate = createGate({ ...options, system: "quickbooks" });
  const companies = new Map<Realm, CompanyState>();

  function stateOf(realm: Realm): CompanyState {
    const known = companies.get(realm);
    if (known) return known;
    const fresh: CompanyState = {
      starts: [],
      batchStarts: [],
      inFlight: 0,
      turnstiles: new Map(),
      waiting: new Map(),
      freed: [],
    };
    companies.set(realm, fresh);
    return fresh;
  }

  function windowMs(state: CompanyState, share: number, kind: CallKind): number {
    const now = clock.monotonicMs();
    for (const starts of [state.starts, state.batchStarts])
      while (starts[0] !== undefined && starts[0] <= now - minuteMs) starts.shift();
    return Math.max(
      untilFree(state.starts, part(rates.perSecond, share), now, 1000),
      untilFree(state.starts, part(rates.perMinute, share), now, minuteMs),
      kind === "batch" ? untilFree(state.batchStarts, part(rates.batchesPerMinute, share), now, minuteMs) : 0,
    );
  }

  async function admit(realm: Realm, state: CompanyState, share: number, kind: CallKind): Promise<void> {
    for (;;) {
      const blocked = await gate.blockedMs(realm);
      if (blocked > 0) {
        // Somebody may end it before.
        await clock.wait(Math.min(blocked, lookAgainMs));
        continue;
      }
      if (state.inFlight >= part(rates.inFlight, share)) {
        await new Promise<void>((resolve) => state.freed.push(resolve));
        continue;
      }
      const waitMs = windowMs(state, share, kind);
      if (waitMs <= 0) {
        state.starts.push(clock.monotonicMs());
        if (kind === "batch") state.batchStarts.push(clock.monotonicMs());
        state.inFlight += 1;
        return;
      }
      await clock.wait(waitMs);
    }
  }

  return {
    async run(realm, share, kind, call) {
      const state = stateOf(realm);
      const turnstile = turnstileOf(share, kind);
      state.waiting.set(turnstile, (state.waiting.get(turnstile) ?? 0) + 1);
      const turn = (state.turnstiles.get(turnstile) ?? Promise.resolve()).then(() => admit(realm, state, share, kind));
      // A turn that fails (the store is away) must not fail those behind it.
      state.turnstiles.set(
        turnstile,
        turn.catch(() => undefined),
      );
      try {
        await turn;
      } finally {
        state.waiting.set(turnstile, (state.waiting.get(turnstile) ?? 1) - 1);
      }
      try {
        return await call();
      } finally {
        state.inFlight -= 1;
        for (const wake of state.freed.splice(0)) wake();
      }
    },

    freeInMs(realm, share, kind) {
      const state = stateOf(realm);
      const ownMs = windowMs(state, share, kind);
      const isQueued =
        (state.waiting.get(turnstileOf(share, kind)) ?? 0) > 0 || state.inFlight >= part(rates.inFlight, share);
      return Math.max(0, isQueued ? Math.max(ownMs, queueMs) : ownMs);
    },

    refused: gate.refused,
    answered: gate.answered,
  };
}

function turnstileOf(share: number, kind: CallKind): string {
  return `${share} ${kind}`;
}

function part(rate: number, share: number): number {
  return Math.max(1, Math.floor(rate * share));
}

/** Milliseconds until fewer than `allowed` starts lie within the window. */
function untilFree(starts: readonly number[], allowed: number, now: number, windowMs: number): number {
  const blocking = starts[starts.length - allowed];
  return blocking === undefined ? 0 : blocking + windowMs - now;
}
