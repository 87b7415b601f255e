import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentHash, documentHash, parseJson } from "./json.ts";

const hash = (record: object) => Buffer.from(contentHash(JSON.parse(JSON.stringify(record)) as never)).toString("hex");

describe("parseJson", () => {
  it("keeps every digit of an amount, as a number or as its text", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }),
        fc.integer({ min: 0, max: 12 }),
        (digits, places) => {
          const text = new Decimal(digits.toString()).times(new Decimal(10).pow(-places)).toFixed();
          const { Balance } = parseJson(`{"Balance":${text}}`) as { Balance: number | string };
          expect(new Decimal(Balance).eq(new Decimal(text))).toBe(true);
        },
      ),
    );
  });

  it("leaves ordinary numbers numbers", () => {
    expect(parseJson('{"a":275,"b":120.10,"c":-0.5,"d":[1e3],"e":"9341453000000001"}')).toEqual({
      a: 275,
      b: 120.1,
      c: -0.5,
      d: [1000],
      e: "9341453000000001",
    });
  });

  it("turns what PostgreSQL cannot keep into what it can", () => {
    expect(parseJson('{"Name":"a\\u0000b\\ud800c"}')).toEqual({ Name: "a b\ufffdc" });
  });
});

describe("contentHash", () => {
  const record = {
    Id: "1",
    SyncToken: "3",
    MetaData: { LastUpdatedTime: "x" },
    Balance: 5,
    Addr: { Line1: "a", City: "b" },
  };

  it("does not change with the order of keys, the SyncToken or MetaData", () => {
    const other = {
      Addr: { City: "b", Line1: "a" },
      Balance: 5,
      MetaData: { LastUpdatedTime: "y" },
      SyncToken: "4",
      Id: "1",
    };
    expect(hash(other)).toBe(hash(record));
  });

  it("changes with every value", () => {
    for (const change of [{ Balance: 6 }, { Addr: { Line1: "a", City: "c" } }, { Balance: "5" }, { Extra: null }])
      expect(hash({ ...record, ...change })).not.toBe(hash(record));
  });
});

describe("documentHash", () => {
  const invoice = (name: string, value = "5") => ({
    Id: "9",
    Balance: 5,
    CustomerRef: { value, name },
    Line: [{ Description: name === "" ? "x" : "y", SalesItemLineDetail: { ItemRef: { value: "1", name } } }],
  });

  it("does not change when somebody renames the customer or an item", () => {
    expect(documentHash(invoice("Acme"))).toEqual(documentHash(invoice("Acme Ltd")));
  });

  it("changes with whom it refers to, and with everything else", () => {
    expect(documentHash(invoice("Acme", "6"))).not.toEqual(documentHash(invoice("Acme")));
    expect(documentHash(invoice(""))).not.toEqual(documentHash(invoice("Acme")));
    expect(documentHash({ name: "a" })).not.toEqual(documentHash({ name: "b" }));
  });
});
