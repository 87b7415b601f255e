import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellsOf } from "../../views/index.ts";
import { fitWidths, table, wrapped } from "./table.ts";

const heading = (text: string) => text;

describe("table", () => {
  it("aligns columns and wraps nothing in a pipe", () => {
    const drawn = table(
      [{ head: "Name" }, { head: "Count", align: "right" }],
      [
        ["A long name that would not fit anywhere", 7],
        ["B", 1200],
      ],
      { width: undefined, heading },
    );
    expect(drawn.split("\n")).toEqual([
      "Name                                     Count",
      "A long name that would not fit anywhere      7",
      "B                                         1200",
    ]);
  });

  it("breaks long cells on a terminal and keeps ids whole", () => {
    const drawn = table(
      [{ head: "Id", whole: true }, { head: "Name" }],
      [["35436000000001", "one two three four five six"]],
      {
        width: 30,
        heading,
      },
    );
    expect(drawn.split("\n")).toEqual([
      "Id              Name",
      "35436000000001  one two three",
      "                four five six",
    ]);
  });

  it("lets no cell colour the terminal", () => {
    expect(table([{ head: "Name" }], [["\u001B[31mred"]], { width: 80, heading })).toBe("Name\n[31mred");
  });

  it("draws the heads alone where there are no rows", () => {
    expect(table([{ head: "Name" }], [], { width: 80, heading: (text) => `<${text}>` })).toBe("<Name>");
  });
});

describe("fitWidths", () => {
  it("takes from the widest and stops at what each column needs least", () => {
    expect(fitWidths([10, 40, 20], [8, 8, 8], 50)).toEqual([10, 20, 20]);
    expect(fitWidths([14, 40], [14, 8], 10)).toEqual([14, 8]);
    expect(fitWidths([5, 5], [8, 8], 80)).toEqual([5, 5]);
  });
});

describe("wrapped", () => {
  it("loses no letter and makes no line too wide", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 30, unit: "grapheme-ascii" })),
        fc.integer({ min: 2, max: 20 }),
        (words, width) => {
          const text = words.map((word) => word.replaceAll(" ", "_")).join(" ");
          const lines = wrapped(text, width).split("\n");
          expect(lines.every((line) => cellsOf(line) <= width)).toBe(true);
          expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        },
      ),
    );
  });
});
