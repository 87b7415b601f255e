import { describe, expect, it } from "vitest";
import { createClock, isoSeconds } from "./clock.ts";

describe("the clock", () => {
  it("runs with real time from wherever it was set, stands still when frozen, and goes on from there", () => {
    let real = 1_000_000;
    const clock = createClock(() => real);
    clock.change({ now: 5000 });
    real += 10;
    expect(clock.now()).toBe(5010);
    clock.change({ freeze: true });
    real += 1000;
    expect(clock.now()).toBe(5010);
    clock.change({ advanceMs: 90 });
    expect([clock.now(), clock.isFrozen()]).toEqual([5100, true]);
    clock.change({ freeze: false });
    real += 5;
    expect(clock.now()).toBe(5105);
  });

  it("tells its listeners of every change", () => {
    const clock = createClock(() => 0);
    let told = 0;
    clock.onChange(() => {
      told += 1;
    });
    clock.change({ advanceMs: 1 });
    expect(told).toBe(1);
  });

  it("is written with whole seconds", () => {
    expect(isoSeconds(Date.parse("2026-11-22T10:00:00.999Z"))).toBe("2026-11-22T10:00:00Z");
  });
});
