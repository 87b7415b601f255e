import { describe, expect, it } from "vitest";
import { createLimiter, type LimitedCall, type Limits, namedLimits } from "./limits.ts";

const november = Date.parse("2026-11-22T12:00:00Z");
const read: LimitedCall = { realm: "1", clientId: "app", isBatch: false, weight: 1, isMetered: true };

function limiterOf(limits: Partial<Limits>) {
  let nowMs = 0;
  const limiter = createLimiter({ ...namedLimits.unlimited, ...limits }, () => nowMs);
  return {
    limiter,
    wait: (ms: number) => void (nowMs += ms),
    passed: (call: LimitedCall, times: number) =>
      Array.from({ length: times }, () => limiter.refuse(call, november)).filter((one) => one === undefined).length,
  };
}

describe("limits", () => {
  it("let ten calls a second through for a company and app, others not touched", () => {
    const { passed, wait } = limiterOf({ perRealmAndAppPerSecond: 10 });
    expect(passed(read, 25)).toBe(10);
    expect(passed({ ...read, realm: "2" }, 5)).toBe(5);
    wait(999);
    expect(passed(read, 1)).toBe(0);
    wait(1);
    expect(passed(read, 25)).toBe(10);
  });

  it("leave less of the minute where neighbours take of it", () => {
    const { passed } = limiterOf({ perRealmPerMinute: 500, neighboursPerMinute: 480 });
    expect(passed(read, 100)).toBe(20);
  });

  it("count batches by themselves, and by their items where the switch says so", () => {
    const { passed } = limiterOf({ batchesPerRealmAndAppPerMinute: 40, perRealmPerMinute: 100 });
    expect(passed({ ...read, isBatch: true }, 60)).toBe(40);
    const items = limiterOf({ perRealmPerMinute: 100 });
    expect(items.passed({ ...read, isBatch: true, weight: 30 }, 10)).toBe(3);
  });

  it("block metered reads until next month, writes go on", () => {
    const { limiter, passed } = limiterOf({ meteredPerMonth: 3 });
    expect(passed(read, 5)).toBe(3);
    expect(limiter.refuse(read, november)).toBe("quota");
    expect(limiter.refuse({ ...read, isMetered: false }, november)).toBeUndefined();
    expect(limiter.refuse(read, Date.parse("2026-12-01T00:00:00Z"))).toBeUndefined();
  });

  it("refuse what is more than ten in flight", () => {
    const { limiter } = limiterOf({ inFlightPerRealmAndApp: 10 });
    for (let call = 0; call < 11; call += 1) limiter.began(read);
    expect(limiter.refuse(read, november)).toBe("throttled");
    limiter.ended(read);
    expect(limiter.refuse(read, november)).toBeUndefined();
  });
});
