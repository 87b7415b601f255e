import { describe, expect, it } from "vitest";
import { labelledSet, type PairClass, pairClasses } from "../../bench/matching/labelled/index.ts";
import { scoreMatching, type Tally } from "../../bench/matching/score.ts";
import { seedOfRun } from "../harness/seed.ts";

const hard = pairClasses.slice(0, 8);

function total(tallies: ReadonlyMap<PairClass, Tally>, of: (tally: Tally) => number): number {
  return [...tallies.values()].reduce((sum, tally) => sum + of(tally), 0);
}

describe("matching, against labels that were written down before it", () => {
  const fresh = seedOfRun("labelled pairs");
  it.each([1, 20_261_122, fresh])(
    "never links wrongly or without asking, and finds nearly all: seed %i",
    async (seed) => {
      const tallies = await scoreMatching(seed, 0.25);
      expect([...tallies.values()].flatMap(({ wrong }) => wrong)).toEqual([]);
      expect([...tallies.values()].flatMap(({ unasked }) => unasked)).toEqual([]);
      const linked = total(tallies, (tally) => tally.linked);
      expect(linked / total(tallies, ({ linkable }) => linkable)).toBeGreaterThanOrEqual(0.9);
      expect(linked).toBeGreaterThan(300);
    },
  );

  it("has at least 2,000 pairs and 100 of each hard class, whatever the seed", () => {
    const { pairs } = labelledSet(fresh);
    expect(pairs.length).toBeGreaterThanOrEqual(2000);
    for (const name of hard)
      expect(pairs.filter((pair) => pair.class === name).length, name).toBeGreaterThanOrEqual(100);
    expect(new Set(pairs.map(({ party }) => party)).size).toBe(pairs.length);
  });

  it("asks a person at most once in twenty pairs of the whole set", async () => {
    const tallies = await scoreMatching(fresh);
    expect(total(tallies, ({ questions }) => questions) / total(tallies, ({ pairs }) => pairs)).toBeLessThanOrEqual(
      0.05,
    );
  });
});
