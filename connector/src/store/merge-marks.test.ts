import { describe, expect, it } from "vitest";
import { type Cause, parseConnectionId, priorities } from "../domain/index.ts";
import type { NewMark } from "../sync/marks/ports.ts";
import { mergeMarks } from "./merge-marks.ts";

const connectionId = parseConnectionId(1);
const poll = (at: number): Cause => ({ kind: "poll", at: `2026-11-22T00:00:0${at}Z` });
const mark = (key: string, more: Partial<NewMark> = {}): NewMark => ({
  connectionId,
  kind: "record",
  key,
  priority: priorities.live,
  causes: [poll(0)],
  ...more,
});

describe("mergeMarks", () => {
  it("gives each key one row, in the order in which locks are taken", () => {
    const marks = [mark("Invoice:9"), mark("Bill:1"), mark("Invoice:9"), mark("customer:1", { kind: "party" })];
    expect(mergeMarks(marks).map(({ kind, key }) => `${kind} ${key}`)).toEqual([
      "party customer:1",
      "record Bill:1",
      "record Invoice:9",
    ]);
  });

  it("keeps the greatest priority and the least delay", () => {
    const [merged] = mergeMarks([
      mark("Bill:1", { priority: priorities.bulk, delayMs: 500 }),
      mark("Bill:1", { priority: priorities.urgent, delayMs: 9000 }),
    ]);
    expect(merged).toMatchObject({ priority: priorities.urgent, delayMs: 500 });
  });

  it("keeps the first cause and the latest four, and counts all of them", () => {
    const [merged] = mergeMarks([1, 2, 3, 4, 5, 6, 7].map((at) => mark("Bill:1", { causes: [poll(at)] })));
    expect(merged?.causes).toEqual([1, 4, 5, 6, 7].map(poll));
    expect(merged?.causeCount).toBe(7);
  });
});
