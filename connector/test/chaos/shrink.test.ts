import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fewestChanges } from "./shrink.ts";

describe("a failing run of chaos", () => {
  it("is shrunk to the first change that makes it fail, in few runs", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 500 }), fc.nat(500), async (culprit, more) => {
        const tries: number[] = [];
        const fewest = await fewestChanges(culprit + more, (changes) => {
          tries.push(changes);
          return Promise.resolve(changes >= culprit);
        });
        expect(fewest).toBe(culprit);
        expect(tries.length).toBeLessThanOrEqual(Math.ceil(Math.log2(culprit + more)) + 1);
      }),
    );
  });

  it("never ends with a number of changes with which it was seen to pass", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.infiniteStream(fc.boolean()), async (upTo, luck) => {
        const passed = new Set<number>();
        const fewest = await fewestChanges(upTo, (changes) => {
          const fails = luck.next().value as boolean; // the stream never ends
          if (!fails) passed.add(changes);
          return Promise.resolve(fails);
        });
        expect(passed.has(fewest)).toBe(false);
        expect(fewest).toBeLessThanOrEqual(upTo);
      }),
    );
  });
});
