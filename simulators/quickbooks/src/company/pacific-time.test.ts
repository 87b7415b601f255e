import { describe, expect, it } from "vitest";
import { pacificDate, pacificTime, pacificTimeWithMs } from "./pacific-time.ts";

describe("times", () => {
  it("carry the Pacific offset of their season and whole seconds", () => {
    expect(pacificTime(Date.parse("2026-05-05T12:15:24.356Z"))).toBe("2026-05-05T05:15:24-07:00");
    expect(pacificTime(Date.parse("2026-11-22T08:00:00Z"))).toBe("2026-11-22T00:00:00-08:00");
    expect(pacificTimeWithMs(Date.parse("2026-05-05T12:15:24.356Z"))).toBe("2026-05-05T05:15:24.356-07:00");
  });

  it("are read back as the same instant through both changes of the clock", () => {
    const day = 86_400_000;
    for (let ms = Date.parse("2026-03-07T00:30:00Z"); ms < Date.parse("2026-11-03T00:00:00Z"); ms += day / 3) {
      expect(Date.parse(pacificTime(ms))).toBe(ms);
    }
    expect(pacificTime(Date.parse("2026-11-01T08:59:59Z"))).toBe("2026-11-01T01:59:59-07:00");
    expect(pacificTime(Date.parse("2026-11-01T09:00:00Z"))).toBe("2026-11-01T01:00:00-08:00");
  });

  it("agree with the zone's own rules for many years", () => {
    const zone = new Intl.DateTimeFormat("en-US", { timeZone: "America/Los_Angeles", timeZoneName: "longOffset" });
    for (let ms = Date.parse("2007-01-01T00:30:00Z"); ms < Date.parse("2038-01-01T00:00:00Z"); ms += 1_000_003_000) {
      expect(zone.format(ms)).toContain(`GMT${pacificTime(ms).slice(-6)}`);
    }
  });

  it("give the date in Los Angeles, not in UTC", () => {
    expect(pacificDate(Date.parse("2026-11-22T07:59:59Z"))).toBe("2026-11-21");
  });
});
