import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FieldType, fieldTypes } from "../../domain/index.ts";
import { canonical, changedFields, clearedFields, defaultFields, toWire } from "./index.ts";

describe("the canonical form", () => {
  it("of texts is one NFC line without control characters and double blanks, at most 255 long, empty as null", () => {
    expect(canonical("text", " Caf\u0065\u0301\t\u0000 Bar\r\n ")).toBe("Caf\u00e9 Bar");
    expect(canonical("text", `${"x".repeat(254)} y`)).toBe("x".repeat(254));
    for (const empty of ["", " \n ", null, undefined]) expect(canonical("text", empty)).toBeNull();
    expect(canonical("text", 5)).toBe("5");
  });
  it("of texts never ends in half a character", () => {
    expect(canonical("text", `${"x".repeat(254)}\u{1F600}`)).toBe("x".repeat(254));
    expect(canonical("text", `${"x".repeat(253)}\u{1F600}`)).toHaveLength(255);
  });
  it("of text areas keeps lines, drops empty ones and does not cut at 255", () => {
    expect(canonical("textarea", " 1  Main St \r\n\r\n\tBoise, ID\n")).toBe("1 Main St\nBoise, ID");
    expect(canonical("textarea", "\n\n")).toBeNull();
    expect(canonical("textarea", "x".repeat(600))).toHaveLength(600);
  });
  it("of decimals is plain text without exponent and trailing zeros, whatever they come as", () => {
    const forms: [unknown, string | null][] = [
      [1234.5, "1234.5"],
      ["1234.50", "1234.5"],
      [new Decimal("-3.00"), "-3"],
      [-0, "0"],
      ["-0.00", "0"],
      [0.1, "0.1"],
      ["1e3", "1000"],
      [1e21, "1000000000000000000000"],
      [new Decimal("0.0000001"), "0.0000001"],
      [null, null],
      ["", null],
      ["12 USD", null],
      [Number.NaN, null],
      [Number.MAX_VALUE, null],
      [Number.MIN_VALUE, "0"],
    ];
    for (const [value, text] of forms) expect(canonical("decimal", value)).toBe(text);
  });
  it("of decimals stops at the digits that a JSON number carries both ways: beyond them we would write forever", () => {
    const wanted = canonical("decimal", new Decimal("12345678901234567.89"));
    expect(wanted).toBe("12345678901234600");
    expect(canonical("decimal", Number(wanted))).toBe(wanted);
    expect(canonical("decimal", new Decimal("99999999999.99"))).toBe("99999999999.99");
  });
  it("of integers, checkboxes, dates and drop-downs reads what Zendesk gives back", () => {
    expect(canonical("integer", "12")).toBe(12);
    expect(canonical("integer", 12.5)).toBeNull();
    expect(canonical("integer", "")).toBeNull();
    expect(canonical("checkbox", null)).toBe(false);
    expect(canonical("checkbox", "true")).toBe(true);
    expect(canonical("date", "2018-11-04T00:00:00+00:00")).toBe("2018-11-04");
    expect(canonical("date", "soon")).toBeNull();
    expect(canonical("dropdown", "")).toBeNull();
    expect(canonical("dropdown", "qbo_status_open")).toBe("qbo_status_open");
  });
  it("is the same when formed again, and survives the way to Zendesk and back as JSON", () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc
        .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.nat(9))
        .map(([digits, places]) => new Decimal(digits.toString()).dividedBy(new Decimal(10).pow(places))),
    );
    fc.assert(
      fc.property(fc.constantFrom<FieldType[]>(...fieldTypes), value, (type, raw) => {
        const once = canonical(type, raw);
        const back: unknown = JSON.parse(JSON.stringify(toWire(type, once)));
        expect(canonical(type, once)).toBe(once);
        expect(canonical(type, back)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});

describe("changed fields", () => {
  const cleared = clearedFields(defaultFields);
  it("are those that differ in canonical form, in the order of the definitions", () => {
    const wanted = { ...cleared, qbo_open_count: 2, qbo_balance: "10" };
    expect(changedFields(defaultFields, wanted, { ...cleared, qbo_balance: "10.00" })).toEqual(["qbo_open_count"]);
    expect(changedFields(defaultFields, wanted, {})).toEqual(["qbo_open_count", "qbo_balance"]);
  });
  it("never include what an empty organization has anyway, nor fields of others", () => {
    expect(changedFields(defaultFields, cleared, {})).toEqual([]);
    expect(changedFields(defaultFields, cleared, { crm_owner: "x" })).toEqual([]);
  });
  it("take a missing wanted value as one that stays as it is", () => {
    expect(changedFields(defaultFields, { qbo_phone: null }, { qbo_active: true, qbo_phone: "1" })).toEqual([
      "qbo_phone",
    ]);
  });
});

describe("cleared fields", () => {
  it("empty every field of ours; a checkbox has no empty value but false", () => {
    const cleared = clearedFields(defaultFields);
    expect(Object.keys(cleared)).toEqual(defaultFields.map(({ key }) => key));
    expect(cleared.qbo_active).toBe(false);
    expect(Object.values(cleared).filter((value) => value !== null)).toEqual([false]);
  });
});

describe("the wire form", () => {
  it("of a decimal is a JSON number, of everything else the canonical form", () => {
    expect(toWire("decimal", "-1234.5")).toBe(-1234.5);
    expect(toWire("decimal", null)).toBeNull();
    expect(toWire("integer", 3)).toBe(3);
    expect(toWire("text", "12345")).toBe("12345");
    expect(toWire("checkbox", false)).toBe(false);
  });
});

describe("the default fields", () => {
  it("have our prefix on every key, option and title, and stay under the account's usual limits", () => {
    expect(defaultFields).toHaveLength(23);
    expect(new Set(defaultFields.map(({ key }) => key)).size).toBe(defaultFields.length);
    for (const { key, title, description, type, options } of defaultFields) {
      expect(key).toMatch(/^qbo_[a-z_]+$/);
      expect(title).toMatch(/^QuickBooks /);
      expect(description).not.toBe("");
      expect(options !== undefined).toBe(type === "dropdown");
      for (const option of options ?? []) expect(option.value).toMatch(/^qbo_[a-z0-9_]+$/);
    }
    // Option values double as tags: one value must never stand in two fields.
    const values = defaultFields.flatMap(({ options }) => (options ?? []).map(({ value }) => value));
    expect(new Set(values).size).toBe(values.length);
  });
});
