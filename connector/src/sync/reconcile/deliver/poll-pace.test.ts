import { describe, expect, it } from "vitest";
import { paceOfJob, pollWaitMs, type WatchedJob } from "./poll-pace.ts";

const job = (submittedAt: number, seen?: WatchedJob["seen"]): WatchedJob => ({ submittedAt, items: 100, seen });

describe("the next poll", () => {
  it("looks soon at a job of which nothing is known", () => {
    expect(pollWaitMs([job(0)], undefined, 0)).toBe(300);
  });

  it("comes when the job should have ended by its own pace", () => {
    const working = job(0, { at: 300, done: 30 });
    expect(paceOfJob(working)).toBe(0.1);
    expect(pollWaitMs([working], undefined, 300)).toBe(700);
  });

  it("goes by the pace of earlier jobs while the job is queued or was not asked for", () => {
    expect(pollWaitMs([job(0)], 0.1, 0)).toBe(1_000);
    expect(pollWaitMs([job(0, { at: 300, done: 0 })], 0.1, 300)).toBe(1_000);
  });

  it("lets a few jobs end before it asks for all, but lets none wait for more than a moment", () => {
    const ends = (...times: number[]) => times.map((at) => job(at - 1_000, { at: at - 500, done: 50 }));
    expect(pollWaitMs(ends(600, 900, 1_000, 1_100, 1_200, 5_000), undefined, 0)).toBe(1_200);
    expect(pollWaitMs(ends(300, 900, 3_000), undefined, 0)).toBe(1_700);
  });

  it("never waits past two seconds, and never hurries where the job is late", () => {
    expect(pollWaitMs([job(0, { at: 300, done: 1 })], undefined, 300)).toBe(1_900);
    expect(pollWaitMs([job(0, { at: 300, done: 99 })], undefined, 9_000)).toBe(250);
  });
});
