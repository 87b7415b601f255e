import { describe, expect, it } from "vitest";
import { Holds } from "./holds.ts";
import { Slots } from "./slots.ts";
import { WakeUp } from "./wake-up.ts";

// SPEC.md I14.
describe("holds", () => {
  it("gives a name to one taker at a time", () => {
    const holds = new Holds();
    expect(holds.take("party 1 customer:5")).toBe(true);
    expect(holds.take("party 1 customer:5")).toBe(false);
    holds.release("party 1 customer:5");
    expect(holds.take("party 1 customer:5")).toBe(true);
  });

  it("names what is held under a prefix, and nothing else", () => {
    const holds = new Holds();
    holds.take("party 1 customer:5");
    holds.take("record 1 Invoice:5");
    expect(holds.namesUnder("party ")).toEqual(["1 customer:5"]);
  });
});

describe("a wake-up", () => {
  it("is not lost when nobody waits yet", async () => {
    const wakeUp = new WakeUp();
    wakeUp.raise();
    const started = performance.now();
    await wakeUp.wait(10_000, new AbortController().signal);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("ends a wait that is under way", async () => {
    const wakeUp = new WakeUp();
    const waiting = wakeUp.wait(10_000, new AbortController().signal);
    wakeUp.raise();
    await waiting;
  });

  it("serves one wait, not two", async () => {
    const wakeUp = new WakeUp();
    wakeUp.raise();
    await wakeUp.wait(10_000, new AbortController().signal);
    const started = performance.now();
    await wakeUp.wait(20, new AbortController().signal);
    expect(performance.now() - started).toBeGreaterThanOrEqual(15);
  });

  it("does not keep anybody waiting after the stop", async () => {
    const stop = new AbortController();
    const waiting = new WakeUp().wait(10_000, stop.signal);
    stop.abort();
    await waiting;
  });
});

describe("slots", () => {
  it("never run more at once than there are, and run all", async () => {
    const slots = new Slots(2);
    let running = 0;
    let most = 0;
    const results = await Promise.all(
      Array.from({ length: 7 }, (_, index) =>
        slots.run(async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          return index;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(results).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("are given back when the work fails", async () => {
    const slots = new Slots(1);
    await expect(slots.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await expect(slots.run(() => Promise.resolve("yes"))).resolves.toBe("yes");
  });
});
