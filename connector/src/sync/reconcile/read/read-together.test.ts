import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTogether } from "./read-together.ts";

const failed = (attempts: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ attempts, key: `${attempts} ${index}` }));

describe("which records are read in one question", () => {
  it("reads all together that never failed", () => {
    expect(readTogether(failed(0, 200))).toHaveLength(1);
  });

  it("quarters a group with each failure, down to one record alone", () => {
    expect(readTogether(failed(1, 200))).toHaveLength(4);
    expect(readTogether(failed(2, 64)).map((group) => group.length)).toEqual(Array.from({ length: 16 }, () => 4));
    expect(readTogether(failed(9, 200)).every((group) => group.length === 1)).toBe(true);
  });

  it("never lets a record that failed spoil the question for those that did not", () => {
    expect(readTogether([...failed(0, 3), ...failed(2, 1)]).map((group) => group.map(({ key }) => key))).toEqual([
      ["0 0", "0 1", "0 2"],
      ["2 0"],
    ]);
  });

  it("leaves nobody out and asks for nobody twice", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ attempts: fc.nat(12), key: fc.uuid() }), { maxLength: 200 }), (marks) => {
        expect(readTogether(marks).flat().toSorted(byKey)).toEqual(marks.toSorted(byKey));
      }),
    );
  });
});

function byKey(one: { key: string }, other: { key: string }): number {
  return one.key.localeCompare(other.key);
}
