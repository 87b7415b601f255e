import { z } from "zod";

/** How much is let through. `0` or nothing counted: no limit. */
export const limitsSchema = z
  .object({
    perRealmPerMinute: z.number().int().min(0),
    perRealmAndAppPerSecond: z.number().int().min(0),
    batchesPerRealmAndAppPerMinute: z.number().int().min(0),
    batchesPerRealmPerMinute: z.number().int().min(0),
    inFlightPerRealmAndApp: z.number().int().min(0),
    meteredPerMonth: z.number().int().min(0),
    /** What other apps of the same company take of its minute. */
    neighboursPerMinute: z.number().int().min(0),
  })
  .strict();

export type Limits = z.infer<typeof limitsSchema>;

// docs/learn/limits-and-throttles: 500 a minute a realm, 10 a second a realm and app, 40 and 120 batches a minute.
// Ten in flight is the older wording of the same page (2016). 500,000 metered reads a month: the free Builder tier,
// blogs.intuit.com of 2025-08-11.
const vendorLimits: Limits = {
  perRealmPerMinute: 500,
  perRealmAndAppPerSecond: 10,
  batchesPerRealmAndAppPerMinute: 40,
  batchesPerRealmPerMinute: 120,
  inFlightPerRealmAndApp: 10,
  meteredPerMonth: 500_000,
  neighboursPerMinute: 0,
};
const unlimited: Limits = {
  perRealmPerMinute: 0,
  perRealmAndAppPerSecond: 0,
  batchesPerRealmAndAppPerMinute: 0,
  batchesPerRealmPerMinute: 0,
  inFlightPerRealmAndApp: 0,
  meteredPerMonth: 0,
  neighboursPerMinute: 0,
};

export type LimitsName = "vendor" | "unlimited";
export const namedLimits: Readonly<Record<LimitsName, Limits>> = { vendor: vendorLimits, unlimited };

export interface LimitedCall {
  readonly realm: string;
  readonly clientId: string;
  readonly isBatch: boolean;
  /** How many the call counts for: the items of a batch, when the switch says so. */
  readonly weight: number;
  /** Reads are metered by the month, writes and OAuth are not (App Partner Program: Core and CorePlus). */
  readonly isMetered: boolean;
}

/**
 * Counts calls in sliding windows of real time: a test that freezes the simulated clock must not stop the windows.
 * Only the month follows the simulated calendar. Refused calls are not counted.
 */
export interface Limiter {
  limits(): Limits;
  set(limits: Limits): void;
  /** Why the call is refused, or undefined and it is counted. */
  refuse(call: LimitedCall, nowMs: number): "throttled" | "quota" | undefined;
  began(call: LimitedCall): void;
  ended(call: LimitedCall): void;
  meteredThisMonth(): number;
}

export function createLimiter(initial: Limits, monotonicMs: () => number): Limiter {
  let limits = initial;
  const windows = new Map<string, number[]>();
  const inFlight = new Map<string, number>();
  let month = "";
  let metered = 0;

  function isFull(key: string, spanMs: number, limit: number, weight: number): boolean {
    if (limit === 0) return false;
    const now = monotonicMs();
    const times = windows.get(key) ?? [];
    const first = times.findIndex((time) => time > now - spanMs);
    const kept = first === -1 ? [] : times.slice(first);
    windows.set(key, kept);
    return kept.length + weight > limit;
  }

  function count(key: string, limit: number, weight: number): void {
    if (limit === 0) return;
    const times = windows.get(key) ?? [];
    for (let step = 0; step < weight; step += 1) times.push(monotonicMs());
    windows.set(key, times);
  }

  function checks(call: LimitedCall): [key: string, spanMs: number, limit: number, weight: number][] {
    const both = `${call.realm} ${call.clientId}`;
    const minute = Math.max(
      limits.perRealmPerMinute === 0 ? 0 : 1,
      limits.perRealmPerMinute - limits.neighboursPerMinute,
    );
    const calls: [string, number, number, number][] = [
      [`minute ${call.realm}`, 60_000, minute, call.weight],
      [`second ${both}`, 1000, limits.perRealmAndAppPerSecond, 1],
    ];
    if (!call.isBatch) return calls;
    return [
      ...calls,
      [`batch ${both}`, 60_000, limits.batchesPerRealmAndAppPerMinute, 1],
      [`batch ${call.realm}`, 60_000, limits.batchesPerRealmPerMinute, 1],
    ];
  }

  return {
    limits: () => limits,
    set(next) {
      limits = next;
      windows.clear();
    },
    refuse(call, nowMs) {
      const thisMonth = new Date(nowMs).toISOString().slice(0, 7);
      if (thisMonth !== month) {
        month = thisMonth;
        metered = 0;
      }
      const most = limits.inFlightPerRealmAndApp;
      if (most > 0 && (inFlight.get(`${call.realm} ${call.clientId}`) ?? 0) > most) return "throttled";
      const all = checks(call);
      if (all.some(([key, spanMs, limit, weight]) => isFull(key, spanMs, limit, weight))) return "throttled";
      if (call.isMetered && limits.meteredPerMonth > 0 && metered + call.weight > limits.meteredPerMonth)
        return "quota";
      for (const [key, , limit, weight] of all) count(key, limit, weight);
      if (call.isMetered) metered += call.weight;
      return undefined;
    },
    began(call) {
      const key = `${call.realm} ${call.clientId}`;
      inFlight.set(key, (inFlight.get(key) ?? 0) + 1);
    },
    ended(call) {
      const key = `${call.realm} ${call.clientId}`;
      inFlight.set(key, Math.max(0, (inFlight.get(key) ?? 0) - 1));
    },
    meteredThisMonth: () => metered,
  };
}
