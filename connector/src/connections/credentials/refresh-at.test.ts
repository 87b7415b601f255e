// SPEC.md C10.
import { describe, expect, it } from "vitest";
import { longestAheadMs, refreshAt } from "./refresh-at.ts";

const issuedAt = new Date("2026-11-22T12:00:00Z");
const after = (ms: number) => new Date(issuedAt.getTime() + ms);
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const tokens = (accessMs: number | undefined, refreshMs?: number, subject = "acme") => ({
  subject,
  way: "authorization-code" as const,
  issuedAt,
  accessExpiresAt: accessMs === undefined ? undefined : after(accessMs),
  refreshExpiresAt: refreshMs === undefined ? undefined : after(refreshMs),
});

describe("refreshAt", () => {
  it("is ten to fifteen minutes before the end of an hour's token, the same in every process", () => {
    const due = refreshAt(tokens(60 * minuteMs))?.getTime() ?? 0;
    expect(due).toBeGreaterThanOrEqual(after(45 * minuteMs).getTime());
    expect(due).toBeLessThanOrEqual(after(50 * minuteMs).getTime());
    expect(refreshAt(tokens(60 * minuteMs))?.getTime()).toBe(due);
  });

  it("spreads credentials that were made in the same moment", () => {
    const due = Array.from({ length: 200 }, (_, at) => refreshAt(tokens(60 * minuteMs, undefined, `s${at}`)) ?? 0);
    expect(new Set(due.map(Number)).size).toBe(200);
    const inFirstMinute = due.filter((at) => Number(at) < after(46 * minuteMs).getTime()).length;
    expect(inFirstMinute).toBeGreaterThan(20);
    expect(inFirstMinute).toBeLessThan(60);
  });

  it("does not ask all the time for a token that lives five minutes", () => {
    const due = refreshAt(tokens(5 * minuteMs))?.getTime() ?? 0;
    expect(due).toBeGreaterThanOrEqual(after(3.5 * minuteMs).getTime());
    expect(due).toBeLessThanOrEqual(after(4 * minuteMs).getTime());
  });

  it("is never earlier than the tick looks", () => {
    for (const lifeMs of [minuteMs, 60 * minuteMs, 2 * dayMs, 400 * dayMs])
      expect(lifeMs - ((refreshAt(tokens(lifeMs))?.getTime() ?? 0) - issuedAt.getTime())).toBeLessThanOrEqual(
        longestAheadMs,
      );
  });

  it("keeps a grant alive whose access token has no end", () => {
    expect(refreshAt(tokens(undefined, 90 * dayMs))).toEqual(after(45 * dayMs));
    expect(refreshAt(tokens(undefined))).toBeUndefined();
  });

  it("leaves API tokens alone", () => {
    expect(refreshAt({ ...tokens(minuteMs), way: "api-token" })).toBeUndefined();
  });
});
