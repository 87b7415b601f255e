import { describe, expect, it } from "vitest";
import { Allowance } from "./allowance.ts";

describe("an allowance", () => {
  it("lets so many through at once, then as fast as it refills, each caller by itself", () => {
    let now = 0;
    const allowance = new Allowance({ perMinute: 60, monotonicMs: () => now });
    for (let times = 0; times < 60; times += 1) expect(allowance.take("ada")).toBe(0);
    expect(allowance.take("ada")).toBe(1_000);
    expect(allowance.take("bob")).toBe(0);
    now = 999;
    expect(allowance.take("ada")).toBeGreaterThan(0);
    now = 1_000;
    expect(allowance.take("ada")).toBe(0);
    expect(allowance.take("ada")).toBeGreaterThan(0);
  });

  it("forgets the callers of long ago before it fills the memory", () => {
    const allowance = new Allowance({ perMinute: 1, monotonicMs: () => 0 });
    expect(allowance.take("first")).toBe(0);
    for (let caller = 0; caller < 10_000; caller += 1) allowance.take(String(caller));
    expect(allowance.take("first")).toBe(0);
    expect(allowance.take("9999")).toBeGreaterThan(0);
  });
});
