import { describe, expect, it } from "vitest";
import { createRandomness } from "../randomness.ts";
import { delayMs, fateOf, namedWeather, weatherNames } from "./weather.ts";

describe("profiles", () => {
  it("repeat under a seed", () => {
    const run = () => {
      const randomness = createRandomness(5);
      return Array.from({ length: 200 }, () => fateOf(namedWeather["flaky-network"], "api", randomness));
    };
    expect(run()).toEqual(run());
    expect(new Set(run()).size).toBeGreaterThan(3);
  });

  it("leave a calm day alone, and an outage without exception", () => {
    const randomness = createRandomness(1);
    for (let call = 0; call < 100; call += 1) {
      expect(fateOf(namedWeather.calm, "api", randomness)).toBe("serve");
      expect(fateOf(namedWeather["vendor-outage"], "api", randomness)).toBe("unavailable");
      expect(fateOf(namedWeather["vendor-outage"], "other", randomness)).toBe("serve");
    }
    expect(delayMs(namedWeather.calm, randomness)).toBe(0);
  });

  it("keep their median and 95th percentile", () => {
    const randomness = createRandomness(2);
    const delays = Array.from({ length: 4000 }, () => delayMs(namedWeather["busy-hour"], randomness)).sort(
      (a, b) => a - b,
    );
    expect(delays[2000]).toBeGreaterThan(200);
    expect(delays[2000]).toBeLessThan(310);
    expect(delays[3800]).toBeGreaterThan(900);
    expect(delays[3800]).toBeLessThan(1600);
  });

  it("are eight, by the names that the documentation uses", () => {
    expect(weatherNames).toHaveLength(8);
  });
});
