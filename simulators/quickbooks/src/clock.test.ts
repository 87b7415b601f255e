import { describe, expect, it } from "vitest";
import { type Clock, createClock } from "./clock.ts";

/** Resolves with what the clock rang at. */
function rings(clock: Clock, atMs: number): Promise<number> {
  return new Promise((resolve) => {
    clock.schedule(atMs, () => resolve(clock.now()));
  });
}

describe("the simulated clock", () => {
  it("follows real time, moves by command, and stands still when frozen", () => {
    let real = 1000;
    const clock = createClock(() => real);
    real = 1500;
    expect(clock.now()).toBe(1500);
    clock.advance(1000);
    expect(clock.now()).toBe(2500);
    clock.freeze(true);
    real += 5000;
    expect(clock.now()).toBe(2500);
    clock.freeze(false);
    real += 10;
    expect(clock.now()).toBe(2510);
    clock.set(7);
    expect(clock.now()).toBe(7);
  });

  it("rings when time gets there by waiting, and far alarms when the clock is moved", async () => {
    const clock = createClock(Date.now);
    const soon = Date.now() + 5;
    expect(await rings(clock, soon)).toBeGreaterThanOrEqual(soon);
    const far = Date.now() + 90_000_000_000;
    const rung = rings(clock, far);
    clock.set(far);
    expect(await rung).toBeGreaterThanOrEqual(far);
    clock.stop();
  });

  it("rings while frozen only when moved, in the order of time, and not what was taken back", async () => {
    const clock = createClock(() => 0);
    clock.freeze(true);
    const order: string[] = [];
    const last = rings(clock, 300).then(() => order.push("last"));
    clock.schedule(200, () => order.push("second"));
    clock.schedule(100, () => order.push("first"));
    const takeBack = clock.schedule(150, () => order.push("never"));
    takeBack();
    clock.advance(300);
    await last;
    expect(order).toEqual(["first", "second", "last"]);
    clock.stop();
  });
});
