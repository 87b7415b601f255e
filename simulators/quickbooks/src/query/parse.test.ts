import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VendorFault } from "../faults.ts";
import { parseQuery } from "./parse.ts";

describe("parseQuery", () => {
  it("reads every part of the grammar", () => {
    expect(
      parseQuery(
        "select * from Invoice where Balance > '0' and Id in ('1', '2') orderby DueDate desc, Id startposition 3 maxresults 7",
      ),
    ).toEqual({
      counts: false,
      entity: "Invoice",
      conditions: [
        { property: "Balance", operator: ">", values: ["0"], negated: false },
        { property: "Id", operator: "IN", values: ["1", "2"], negated: false },
      ],
      orders: [
        { property: "DueDate", descending: true },
        { property: "Id", descending: false },
      ],
      startPosition: 3,
      maxResults: 7,
    });
  });

  it("takes a quote and a backslash inside text by a backslash before them", () => {
    const { conditions } = parseQuery(String.raw`select * from Customer where DisplayName = 'O\'Neil \\ Sons'`);
    expect(conditions[0]?.values).toEqual([String.raw`O'Neil \ Sons`]);
  });

  it("says where it stopped, over several lines", () => {
    expect(() => parseQuery("select *\nfrom Customer\nwhere = '1'")).toThrow(/at line 3, column 7/);
    expect(() => parseQuery("select * from Customer where Id = 'open")).toThrow(/Lexical error at line 1, column 35/);
    expect(() => parseQuery("")).toThrow(/<EOF>/);
  });

  it("reads back any text that is escaped as the clients escape it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (value) => {
        const written = value.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
        const { conditions } = parseQuery(`select * from Customer where DisplayName = '${written}'`);
        expect(conditions[0]?.values).toEqual([value]);
      }),
    );
  });

  it("never fails but with the vendor's parse fault", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "select",
        "from",
        "where",
        "and",
        "(",
        ")",
        ",",
        "*",
        "count",
        "in",
        "like",
        "orderby",
        "'x'",
        "7",
        "Id",
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        try {
          parseQuery(parts.join(" "));
        } catch (error) {
          if (!(error instanceof VendorFault)) throw error;
          expect(error.fault.errors[0]?.code).toBe("4000");
        }
      }),
    );
  });
});
