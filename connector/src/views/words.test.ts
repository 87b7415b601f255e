import { describe, expect, it } from "vitest";
import { ago, amountWords, counted, knownZone, lasting, moment } from "./words.ts";

describe("words", () => {
  it("counts one thing and many, with groups of three digits", () => {
    expect([counted(1, "card"), counted(0, "card"), counted(2530, "family", "families")]).toEqual([
      "1 card",
      "0 cards",
      "2,530 families",
    ]);
  });

  it.each([
    [0, "0 s"],
    [900, "1 s"],
    [59_499, "59 s"],
    [60_000, "1 min"],
    [90_000, "1 min 30 s"],
    [25 * 60_000 + 30_000, "25 min"],
    [80 * 60_000, "1 h 20 min"],
    [23 * 3_600_000, "23 h"],
    [25 * 3_600_000, "1 day 1 h"],
    [30 * 86_400_000, "30 days"],
    [-5, "0 s"],
  ])("says %i ms as %s", (ms, words) => {
    expect(lasting(ms)).toBe(words);
  });

  it("tells how long ago in the largest unit, and never is never", () => {
    const now = new Date("2026-11-22T12:00:00Z");
    expect(ago("2026-11-22T11:59:58Z", now)).toBe("just now");
    expect(ago("2026-11-22T11:57:10Z", now)).toBe("2 min ago");
    expect(ago("2026-11-20T11:57:10Z", now)).toBe("2 days ago");
    expect(ago("2026-11-22T13:00:00Z", now)).toBe("just now");
    expect(ago(null, now)).toBe("never");
  });

  it("shows moments in the company's zone, and in UTC where the zone is unknown here", () => {
    expect(moment("2026-11-22T02:00:00Z", knownZone("America/Los_Angeles"))).toBe("2026-11-21 18:00:00");
    expect(moment("2026-11-22T02:00:00Z", knownZone("Mars/Olympus"))).toBe("2026-11-22 02:00:00");
    expect(knownZone(undefined)).toBe("UTC");
  });

  it("gives amounts two decimals and never takes any away", () => {
    expect(["12", "12.5", "-3.125"].map(amountWords)).toEqual(["12.00", "12.50", "-3.125"]);
  });
});
