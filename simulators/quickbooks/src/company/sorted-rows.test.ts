import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareIds } from "./columns.ts";
import type { Row } from "./row.ts";
import { sortRows } from "./sorted-rows.ts";

const rowOf = (id: number, key: number): Row => ({ id: String(id), json: "", cells: [String(id), key] });

describe("sortRows", () => {
  it("stays in order whatever comes and goes, and finds the first row at or after a bound", () => {
    const steps = fc.array(fc.record({ id: fc.nat(40), key: fc.nat(8), adds: fc.boolean() }));
    fc.assert(
      fc.property(steps, fc.nat(9), (given, bound) => {
        const sorted = sortRows([], 1, "number");
        const rows = new Map<number, Row>();
        for (const { id, key, adds } of given) {
          const before = rows.get(id);
          if (before !== undefined) sorted.remove(before);
          rows.delete(id);
          if (!adds) continue;
          rows.set(id, rowOf(id, key));
          sorted.add(rowOf(id, key));
        }
        const expected = [...rows.values()].sort(
          (a, b) => Number(a.cells[1]) - Number(b.cells[1]) || compareIds(a.id, b.id),
        );
        expect(sorted.rows.map((row) => row.id)).toEqual(expected.map((row) => row.id));
        expect(sorted.firstAt(bound, false)).toBe(expected.filter((row) => Number(row.cells[1]) < bound).length);
        expect(sorted.firstAt(bound, true)).toBe(expected.filter((row) => Number(row.cells[1]) <= bound).length);
      }),
    );
  });
});
