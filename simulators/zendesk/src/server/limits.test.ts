import { describe, expect, it } from "vitest";
import { createAccount } from "../world/account.ts";
import { createClock } from "../world/clock.ts";
import type { Plan } from "../world/plans.ts";
import { createRandom } from "../world/random.ts";
import { Limits } from "./limits.ts";

function limitsAt(time: string, plan: Plan = "team") {
  const clock = createClock(() => 0);
  clock.change({ now: Date.parse(time), freeze: true });
  return { clock, limits: new Limits(createAccount({ subdomain: "a", plan, clock, random: createRandom(1) })) };
}

describe("the account's limit", () => {
  it("counts by the minute of the clock, not from the first request", () => {
    const { clock, limits } = limitsAt("2026-11-22T10:00:58Z");
    expect(limits.countRequest()).toEqual({ limit: 200, remaining: 199, resetSeconds: 2, isExceeded: false });
    clock.change({ advanceMs: 2000 });
    expect(limits.countRequest()).toEqual({ limit: 200, remaining: 199, resetSeconds: 60, isExceeded: false });
  });

  it("refuses the request after the last one", () => {
    const { limits } = limitsAt("2026-11-22T10:00:00Z");
    for (let turn = 0; turn < 200; turn += 1) expect(limits.countRequest().isExceeded).toBe(false);
    expect(limits.countRequest()).toMatchObject({ remaining: 0, isExceeded: true });
  });

  it("leaves what neighbours leave", () => {
    const { limits } = limitsAt("2026-11-22T10:00:00Z");
    limits.share = 0.1;
    expect(limits.countRequest().limit).toBe(20);
  });
});

describe("an endpoint's bucket", () => {
  const rule = { key: "k", limit: 2, windowMs: 60_000 };

  it("starts with its first request and is full again when its window is over", () => {
    const { clock, limits } = limitsAt("2026-11-22T10:00:30Z");
    expect([limits.count(rule).isExceeded, limits.count(rule).isExceeded, limits.count(rule).isExceeded]).toEqual([
      false,
      false,
      true,
    ]);
    clock.change({ advanceMs: 59_000 });
    expect(limits.count(rule)).toMatchObject({ isExceeded: true, resetSeconds: 1 });
    clock.change({ advanceMs: 1000 });
    expect(limits.count(rule).isExceeded).toBe(false);
  });

  it("does not exist on the plan without limits", () => {
    const { limits } = limitsAt("2026-11-22T10:00:00Z", "unlimited");
    for (let turn = 0; turn < 5; turn += 1) expect(limits.count(rule).isExceeded).toBe(false);
  });
});
