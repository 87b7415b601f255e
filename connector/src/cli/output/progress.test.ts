import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createProgress, isWorthALine, progressLine } from "./progress.ts";

const step = (done: number, total?: number, title = "Loading") => ({ title, done, total, says: "" });

describe("progressLine", () => {
  it("draws a bar where the total is known, a count where it is not, and neither for a single step", () => {
    expect(progressLine({ ...step(600, 1200), says: "3 parked" })).toBe(
      "Loading  ━━━━━━━━━━━━────────────   50 %  600 of 1,200  3 parked",
    );
    expect(progressLine(step(1200))).toBe("Loading  1,200");
    expect(progressLine({ ...step(0, 1), says: "Waiting for you" })).toBe("Loading  Waiting for you");
    expect(progressLine(step(5, 4))).toContain("100 %");
  });
});

describe("progress", () => {
  it("gives a log file a line for each stage and each tenth of the way", () => {
    expect(isWorthALine(undefined, step(0))).toBe(true);
    expect(isWorthALine(step(0, 100), step(9, 100))).toBe(false);
    expect(isWorthALine(step(9, 100), step(10, 100))).toBe(true);
    expect(isWorthALine(step(5), step(500))).toBe(false);
    expect(isWorthALine(step(5), step(5, undefined, "Planning"))).toBe(true);
  });

  it("paints over its line on a terminal, begins a new one for a new stage and ends it", () => {
    const errors = new PassThrough();
    const progress = createProgress(errors, { columns: () => 20 });
    progress.at({ title: "Reading", done: 1, says: "a remark that is far too long" });
    progress.at(step(2, undefined, "Reading"));
    progress.at(step(1, undefined, "Planning"));
    progress.end();
    progress.end();
    expect(String(errors.read())).toBe("\r\u001B[2KReading  1  a rema…\r\u001B[2KReading  2\nPlanning  1\n");
  });
});
