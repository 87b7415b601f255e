import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { waitForPaceMs } from "./write-pace.ts";

// SPEC.md I18.
describe("the pace of writes to one organization", () => {
  it("lets the first write go at once, and a second one a second later", () => {
    expect(waitForPaceMs([])).toBe(0);
    expect(waitForPaceMs([200])).toBe(800);
    expect(waitForPaceMs([1_000])).toBe(0);
  });

  it("folds twenty changes in ten seconds into three writes, the last one after the last change", () => {
    const writes = play(Array.from({ length: 20 }, (_, index) => index * 500));
    expect(writes).toHaveLength(3);
    expect(writes.at(-1)).toBeGreaterThanOrEqual(9_500);
  });

  it("never lets more than 5 writes into any 60 seconds, whatever changes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300_000 }), { maxLength: 400 }), (times) => {
        const writes = play([...times].sort((one, other) => one - other));
        for (const start of writes)
          expect(writes.filter((at) => at >= start && at < start + 60_000).length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it("never leaves a last change unwritten", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 200 }), (times) => {
        const sorted = [...times].sort((one, other) => one - other);
        expect(play(sorted).at(-1)).toBeGreaterThanOrEqual(sorted.at(-1) ?? 0);
      }),
    );
  });
});

/** Plays changes at these instants against an engine that writes as soon as the pace lets it; returns the instants of its writes. */
function play(changes: readonly number[]): number[] {
  const writes: number[] = [];
  let next = 0;
  let now = 0;
  while (next < changes.length) {
    now = Math.max(now, changes[next] ?? 0);
    const wait = waitForPaceMs([...writes].reverse().map((at) => now - at));
    if (wait > 0) {
      now += wait;
      continue;
    }
    writes.push(now);
    while (next < changes.length && (changes[next] ?? 0) <= now) next += 1;
  }
  return writes;
}
