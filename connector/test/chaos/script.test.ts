import { describe, expect, it } from "vitest";
import { writeScript } from "./script.ts";

describe("a script of chaos", () => {
  it("is the same for the same seed, in the order of time", () => {
    const script = writeScript(7, 2, Number.POSITIVE_INFINITY);
    expect(writeScript(7, 2, Number.POSITIVE_INFINITY)).toEqual(script);
    expect(writeScript(8, 2, Number.POSITIVE_INFINITY)).not.toEqual(script);
    expect(script.map(({ atMs }) => atMs)).toEqual(script.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  });

  it("kills the service and the database at least once in every minute", () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const script = writeScript(seed, 3, Number.POSITIVE_INFINITY);
      for (const minute of [0, 1, 2])
        for (const what of ["service", "database"]) {
          const within = script.filter(
            (one) => one.do === "kill" && one.what === what && Math.floor(one.atMs / 60_000) === minute,
          );
          expect(within.length, `${what} in minute ${minute} of seed ${seed}`).toBeGreaterThan(0);
        }
    }
  });

  it("ends with the last of the changes that are left to it, and is the same up to there", () => {
    const whole = writeScript(7, 2, Number.POSITIVE_INFINITY);
    const short = writeScript(7, 2, 20);
    expect(short.reduce((sum, one) => sum + (one.do === "change" ? one.size : 0), 0)).toBe(20);
    const moments = (script: typeof whole) => script.map((one) => [one.atMs, one.do]);
    expect(moments(short)).toEqual(moments(whole).slice(0, short.length));
  });
});
