import { describe, expect, it } from "vitest";
import { judgePause } from "./judge-pause.ts";

const now = Date.parse("2026-11-20T12:00:00Z");
const minuteMs = 60_000;
const never = Number.POSITIVE_INFINITY;
const fresh = { blockedUntil: undefined, refusedSince: undefined, refusals: 0 };
const refusedFor = (minutes: number, refusals: number) => ({
  blockedUntil: undefined,
  refusedSince: new Date(now - minutes * minuteMs),
  refusals,
});
const throttle = { system: "quickbooks", status: 429, retryAfterMs: minuteMs, says: "Slow down." } as const;
const outage = { system: "quickbooks", status: 503, retryAfterMs: undefined, says: "Away." } as const;

describe("a throttle", () => {
  it("is a wait of as long as the server says, and no news", () => {
    expect(judgePause(throttle, fresh, { now, elsewhereMsAgo: never })).toEqual({
      cause: "throttled",
      waitMs: minuteMs,
      incident: undefined,
    });
  });

  it("is told of when the server asks for more than a minute, or does not stop asking", () => {
    const long = judgePause({ ...throttle, retryAfterMs: 20 * minuteMs }, fresh, { now, elsewhereMsAgo: never });
    expect(long).toMatchObject({ waitMs: 20 * minuteMs, incident: { cause: "quickbooks-throttled" } });
    const again = judgePause(throttle, refusedFor(2, 1), { now, elsewhereMsAgo: never });
    expect(again).toMatchObject({ cause: "throttled", incident: { cause: "quickbooks-throttled" } });
  });

  it("of Zendesk never becomes a quota, however long it lasts", () => {
    const zendesk = { ...throttle, system: "zendesk" } as const;
    expect(judgePause(zendesk, refusedFor(500, 60), { now, elsewhereMsAgo: never })).toMatchObject({
      cause: "throttled",
      waitMs: 15 * minuteMs,
    });
  });
});

describe("the month's quota", () => {
  it("is what refuses every read for a quarter of an hour: it is asked once an hour, and told of", () => {
    expect(judgePause(throttle, refusedFor(16, 5), { now, elsewhereMsAgo: never })).toMatchObject({
      cause: "quota",
      waitMs: 60 * minuteMs,
      incident: { cause: "quickbooks-quota", says: expect.stringMatching(/month/) },
    });
  });

  it("is not what refuses one company while another one is served", () => {
    expect(judgePause(throttle, refusedFor(16, 5), { now, elsewhereMsAgo: minuteMs })).toMatchObject({
      cause: "throttled",
    });
  });
});

describe("a system that is away", () => {
  it("is asked ever less often, and at least every quarter of an hour", () => {
    const waits = Array.from(
      { length: 14 },
      (_, refusals) => judgePause(outage, { ...fresh, refusals }, { now, elsewhereMsAgo: never }).waitMs,
    );
    expect(waits.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(waits.at(-1)).toBe(15 * minuteMs);
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
  });

  it("is left alone for as long as it asks for, however long that is", () => {
    const asked = { ...outage, retryAfterMs: 40 * minuteMs };
    expect(judgePause(asked, fresh, { now, elsewhereMsAgo: never }).waitMs).toBe(40 * minuteMs);
  });

  it("is told of once it has been away for a minute, not for a hiccup", () => {
    expect(judgePause(outage, refusedFor(0.5, 3), { now, elsewhereMsAgo: never }).incident).toBeUndefined();
    expect(judgePause(outage, refusedFor(1, 5), { now, elsewhereMsAgo: never }).incident).toMatchObject({
      cause: "quickbooks-unavailable",
    });
  });
});
