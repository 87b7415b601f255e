import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { parseLocalDate } from "../domain/index.ts";
import {
  addDays,
  addMonths,
  dateInMonth,
  dateOfDayNumber,
  dayNumber,
  daysBetween,
  laterInstant,
  localDay,
} from "./calendar.ts";

const day = parseLocalDate;
const anyDay = fc.integer({ min: -719_528, max: 2_932_896 }).map(dateOfDayNumber);

describe("day arithmetic", () => {
  it("agrees with Temporal on every day of four-digit years", () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -2000, max: 2000 }), (date, days) => {
        const expected = Temporal.PlainDate.from(date).add({ days });
        if (expected.year < 0 || expected.year > 9999) return;
        expect(addDays(date, days)).toBe(expected.toString());
        expect(daysBetween(date, addDays(date, days))).toBe(days);
      }),
    );
  });
  it("agrees with Temporal on months, clamping to the last day of a shorter one", () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -60, max: 60 }), (date, months) => {
        const expected = Temporal.PlainDate.from(date).add({ months });
        if (expected.year < 0 || expected.year > 9999) return;
        expect(addMonths(date, months)).toBe(expected.toString());
      }),
    );
  });
  it("counts from 1970-01-01 and knows 1900 as a common year", () => {
    expect(dayNumber(day("1970-01-01"))).toBe(0);
    expect(addDays(day("1900-02-28"), 1)).toBe("1900-03-01");
    expect(addDays(day("2000-02-28"), 1)).toBe("2000-02-29");
  });
  it("stops at the ends of four-digit years instead of leaving text order", () => {
    expect(addDays(day("9999-12-01"), 999)).toBe("9999-12-31");
    expect(addDays(day("0000-01-05"), -999)).toBe("0000-01-01");
  });
  it("names a day of another month, at most its last", () => {
    expect(dateInMonth(day("2026-01-15"), 1, 31)).toBe("2026-02-28");
    expect(dateInMonth(day("2027-12-15"), 2, 31)).toBe("2028-02-29");
    expect(dateInMonth(day("2026-12-31"), 0, 1)).toBe("2026-12-01");
  });
});

describe("localDay", () => {
  it("is the day on the wall of the company's zone, not of UTC", () => {
    expect(localDay("2026-03-31T17:00:01-07:00", "America/Los_Angeles")).toBe("2026-03-31");
    expect(localDay("2026-03-31T17:00:01-07:00", "Europe/Berlin")).toBe("2026-04-01");
    expect(localDay("2026-04-01T06:59:59Z", "America/Los_Angeles")).toBe("2026-03-31");
  });
  it("follows daylight saving: 07:30 UTC is yesterday in Los Angeles in winter only", () => {
    expect(localDay("2026-01-15T07:30:00Z", "America/Los_Angeles")).toBe("2026-01-14");
    expect(localDay("2026-07-15T07:30:00Z", "America/Los_Angeles")).toBe("2026-07-15");
  });
  it("knows zones whose day begins after a gap at midnight, and half-hour zones", () => {
    expect(localDay("2018-11-04T03:00:00Z", "America/Sao_Paulo")).toBe("2018-11-04");
    expect(localDay("2026-06-01T18:30:00Z", "Asia/Kolkata")).toBe("2026-06-02");
    expect(localDay("2026-06-01T10:00:00Z", "Pacific/Kiritimati")).toBe("2026-06-02");
  });
  it("takes milliseconds as well", () => {
    expect(localDay(0, "America/New_York")).toBe("1969-12-31");
  });
  it("refuses what is no instant", () => {
    expect(() => localDay("yesterday", "UTC")).toThrow(RangeError);
  });
});

describe("laterInstant", () => {
  it("compares instants, not texts: QuickBooks' offsets change with daylight saving", () => {
    const summer = "2026-11-01T01:30:00-07:00";
    const winter = "2026-11-01T01:10:00-08:00";
    expect(laterInstant(summer, winter)).toBe(winter);
    expect(laterInstant(winter, summer)).toBe(winter);
    expect(laterInstant("2026-11-01T01:30:00-07:00", "2026-11-01T01:30:01-07:00")).toBe("2026-11-01T01:30:01-07:00");
    expect(laterInstant("2026-11-01T08:30:00.500Z", "2026-11-01T08:30:00Z")).toBe("2026-11-01T08:30:00.500Z");
  });
});
