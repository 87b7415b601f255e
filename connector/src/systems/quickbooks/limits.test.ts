import { describe, expect, it } from "vitest";
import { parseRealm, RemoteFailure } from "../../domain/index.ts";
import { companyRates, createCompanyLimits, noRates } from "./limits.ts";

const realm = parseRealm("1");
const minuteMs = 60_000;

/** Time passes only while somebody waits. */
function bench(blockedUntil?: number, rates = companyRates) {
  const times = { now: 0, block: blockedUntil };
  const clock = {
    wallMs: () => times.now,
    monotonicMs: () => times.now,
    wait: async (ms: number) => {
      await Promise.resolve();
      times.now += ms;
    },
  };
  const blocks = {
    standing: () =>
      Promise.resolve({
        blockedUntil: times.block === undefined ? undefined : new Date(times.block),
        refusedSince: undefined,
        refusals: 0,
      }),
    block: (_subject: string, { until }: { until: Date }) => Promise.resolve(void (times.block = until.getTime())),
    unblock: () => Promise.resolve(void (times.block = undefined)),
  };
  return { times, limits: createCompanyLimits({ rates, blocks, clock }) };
}

async function startsOf(calls: number, share: number): Promise<number[]> {
  const { times, limits } = bench();
  const starts: number[] = [];
  for (let call = 0; call < calls; call += 1)
    await limits.run(realm, share, "plain", () => Promise.resolve(starts.push(times.now)));
  return starts;
}

function mostWithin(starts: readonly number[], windowMs: number): number {
  return Math.max(
    ...starts.map((start) => starts.filter((other) => other >= start && other < start + windowMs).length),
  );
}

describe("a company's budget", () => {
  it("says when it would let a call through, so that nobody claims work that only waits", async () => {
    const { times, limits } = bench();
    expect(limits.freeInMs(realm, 0.5, "plain")).toBe(0);
    for (let call = 0; call < companyRates.perSecond / 2; call += 1)
      await limits.run(realm, 0.5, "plain", () => Promise.resolve());
    expect(limits.freeInMs(realm, 0.5, "plain")).toBe(1_000);
    expect(limits.freeInMs(realm, 0.8, "plain")).toBe(0);
    times.now += 1_000;
    expect(limits.freeInMs(realm, 0.5, "plain")).toBe(0);
  });

  it("never starts more than 8 a second and 450 a minute", async () => {
    const starts = await startsOf(1200, 1);
    expect(mostWithin(starts, 1000)).toBe(8);
    expect(mostWithin(starts, minuteMs)).toBe(450);
  });

  it("never starts more than 36 batches a minute, and lets plain calls pass those that wait", async () => {
    const { times, limits } = bench();
    const starts: number[] = [];
    for (let call = 0; call < companyRates.batchesPerMinute; call += 1)
      await limits.run(realm, 1, "batch", () => Promise.resolve(starts.push(times.now)));
    expect(limits.freeInMs(realm, 1, "batch")).toBeGreaterThan(50_000);
    expect(limits.freeInMs(realm, 1, "plain")).toBeLessThanOrEqual(1_000);
    for (let call = 0; call < companyRates.batchesPerMinute; call += 1)
      await limits.run(realm, 1, "batch", () => Promise.resolve(starts.push(times.now)));
    expect(mostWithin(starts, minuteMs)).toBe(companyRates.batchesPerMinute);
  });

  it("waits for nothing where a simulator limits nobody", async () => {
    const { times, limits } = bench(undefined, noRates);
    for (let call = 0; call < 2_000; call += 1) await limits.run(realm, 0.5, "batch", () => Promise.resolve());
    expect(times.now).toBe(0);
  });

  it("leaves half of it to others when it is the background's", async () => {
    const starts = await startsOf(600, 0.5);
    expect(mostWithin(starts, 1000)).toBe(4);
    expect(mostWithin(starts, minuteMs)).toBe(225);
  });

  it("has at most ten under way, and lets the next one in when one ends", async () => {
    const { limits } = bench();
    let running = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const calls = Array.from({ length: 25 }, () =>
      limits.run(realm, 1, "plain", async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((end) => ends.push(end));
        running -= 1;
      }),
    );
    for (let ended = 0; ended < calls.length; ended += 1) {
      while (ends.length === 0) await new Promise((next) => setImmediate(next));
      ends.shift()?.();
    }
    await Promise.all(calls);
    expect(most).toBe(10);
  });

  it("waits for what another process was told, and tells others what it was told", async () => {
    const { times, limits } = bench(5_000);
    await limits.run(realm, 1, "plain", () => Promise.resolve());
    expect(times.now).toBe(5_000);
    await limits.refused(
      realm,
      new RemoteFailure({
        system: "quickbooks",
        operation: "cdc",
        status: 429,
        code: "3001",
        action: "wait",
        says: "QuickBooks asks us to slow down.",
        retryAfterMs: minuteMs,
      }),
    );
    expect(times.block).toBe(5_000 + minuteMs);
    await limits.run(realm, 1, "plain", () => Promise.resolve());
    expect(times.now).toBeGreaterThanOrEqual(5_000 + minuteMs);
  });

  it("goes on after a call that failed", async () => {
    const { limits } = bench();
    for (let call = 0; call < 30; call += 1)
      await limits.run(realm, 1, "plain", () => Promise.reject(new Error("no"))).catch(() => undefined);
    expect(await limits.run(realm, 1, "plain", () => Promise.resolve("yes"))).toBe("yes");
  });
});
