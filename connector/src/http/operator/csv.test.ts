import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvCell, csvLine } from "./csv.ts";

describe("a CSV cell", () => {
  it("never begins with what a spreadsheet would run", () => {
    for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]) expect(csvCell(text)).toBe(`"'${text}"`);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(csvCell(text)).not.toMatch(/^"?[=+\-@\t\r]/);
      }),
    );
  });

  it("keeps quotes, commas and line ends inside", () => {
    expect(csvLine(['He said "no"', "a,b", "two\nlines", null, -5, "plain"])).toBe(
      '"He said ""no""","a,b","two\nlines",,-5,plain\r\n',
    );
  });
});
