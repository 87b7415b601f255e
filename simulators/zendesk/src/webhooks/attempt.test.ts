import { describe, expect, it } from "vitest";
import { type Attempt, retryDelayMs } from "./attempt.ts";
import { Breaker } from "./breaker.ts";

const attempt = (more: Partial<Attempt>): Attempt => ({
  id: "1",
  status: 500,
  outcome: "failed",
  sentAt: 0,
  completedAt: 0,
  retryAfterSeconds: null,
  ...more,
});
const times = (count: number, more: Partial<Attempt>): Attempt[] => Array.from({ length: count }, () => attempt(more));

describe("retryDelayMs", () => {
  it("tries 409 at once and 429 or 503 after a short Retry-After, three times", () => {
    expect(retryDelayMs(times(1, { status: 409 }))).toBe(0);
    expect(retryDelayMs(times(3, { status: 503, retryAfterSeconds: 5 }))).toBe(5000);
    expect(retryDelayMs(times(4, { status: 409 }))).toBeUndefined();
  });

  it("tries timeouts five times", () => {
    expect(retryDelayMs(times(5, { status: null, outcome: "timeout" }))).toBe(0);
    expect(retryDelayMs(times(6, { status: null, outcome: "timeout" }))).toBeUndefined();
  });

  it("never tries again on 500, on 503 without Retry-After, or when asked to wait a minute", () => {
    expect(retryDelayMs(times(1, { status: 500 }))).toBeUndefined();
    expect(retryDelayMs(times(1, { status: 503 }))).toBeUndefined();
    expect(retryDelayMs(times(1, { status: 429, retryAfterSeconds: 60 }))).toBeUndefined();
  });
});

describe("Breaker", () => {
  it("opens at 70 % errors, stays open for its pause, and starts counting anew", () => {
    const breaker = new Breaker();
    for (let turn = 0; turn < 20; turn += 1) breaker.note(0, turn >= 6);
    expect([breaker.isOpen(1), breaker.isOpen(29_999), breaker.isOpen(30_000)]).toEqual([true, true, false]);
    breaker.note(30_000, true);
    expect(breaker.isOpen(30_001)).toBe(false);
  });

  it("does not open for few calls, nor for errors of long ago", () => {
    const breaker = new Breaker();
    for (let turn = 0; turn < 19; turn += 1) breaker.note(0, true);
    expect(breaker.isOpen(1)).toBe(false);
    for (let turn = 0; turn < 10; turn += 1) breaker.note(301_000, false);
    expect(breaker.isOpen(301_001)).toBe(false);
  });
});
