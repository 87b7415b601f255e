import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Table } from "./table.ts";

interface Row {
  id: number;
  name: string;
}

describe("Table", () => {
  it("finds by id, key and id order what a plain list would find, after any changes", () => {
    const change = fc.record({
      id: fc.integer({ min: 1, max: 20 }),
      name: fc.constantFrom("a", "b", "c"),
      isRemoved: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 60 }),
        fc.integer({ min: 0, max: 21 }),
        fc.integer({ min: 1, max: 5 }),
        (changes, from, limit) => {
          const table = new Table<Row>({ name: (row) => row.name });
          const model = new Map<number, Row>();
          for (const { id, name, isRemoved } of changes) {
            if (isRemoved) model.delete(id);
            else model.set(id, { id, name });
            if (isRemoved) table.remove(id);
            else table.put({ id, name });
          }
          const rows = [...model.values()].sort((a, b) => a.id - b.id);
          expect(table.all()).toEqual(rows);
          for (const name of ["a", "b", "c"])
            expect(
              table
                .where("name", name)
                .map((row) => row.id)
                .sort((a, b) => a - b),
            ).toEqual(rows.filter((row) => row.name === name).map((row) => row.id));
          expect(table.slice({ after: from }, limit)).toEqual(rows.filter((row) => row.id > from).slice(0, limit));
          expect(table.slice({ before: from }, limit)).toEqual(rows.filter((row) => row.id < from).slice(-limit));
          expect(table.sortedBy("name", (a, b) => b.id - a.id)).toEqual([...rows].reverse());
        },
      ),
    );
  });

  it("forgets a sorted view when a record changes", () => {
    const table = new Table<Row>();
    table.put({ id: 1, name: "a" });
    const byName = (a: Row, b: Row): number => (a.name < b.name ? -1 : 1);
    const before = table.sortedBy("name", byName);
    expect(table.sortedBy("name", byName)).toBe(before);
    table.put({ id: 2, name: "A" });
    expect(table.sortedBy("name", byName).map((row) => row.id)).toEqual([2, 1]);
  });
});
