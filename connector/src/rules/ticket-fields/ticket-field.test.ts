import { describe, expect, it } from "vitest";
import type { Realm } from "../../domain/index.ts";
import { missingOptions, ticketField } from "./ticket-field.ts";

const company = { realm: "123" as Realm, tagsVendors: true };
const item = (id: string, more: object) => ({ id, record: { Name: `Item ${id}`, Active: true, ...more } });

describe("a ticket field for items", () => {
  it("offers what is active and sold, by its full name, in the order of names", () => {
    const { definition, left } = ticketField(
      "item",
      [
        item("1", { FullyQualifiedName: "Design:Fountain" }),
        item("2", { Active: false }),
        item("3", { Type: "Category" }),
        item("4", { Name: "Bolt" }),
      ],
      company,
    );
    expect(definition.options).toEqual([
      { name: "Bolt", value: "qbo_item_123_4" },
      { name: "Design:Fountain", value: "qbo_item_123_1" },
    ]);
    expect([definition.description, left]).toEqual(["Kept by ml-connector (qbo:123:item)", 0]);
  });

  it("holds 500 at most, and says how many do not fit", () => {
    const { definition, left } = ticketField(
      "item",
      Array.from({ length: 503 }, (_, index) => item(String(index), {})),
      company,
    );
    expect([definition.options.length, left]).toEqual([500, 3]);
  });
});

describe("a ticket field for vendors", () => {
  it("offers organizations of vendors, where the mapping marks them", () => {
    expect(ticketField("vendor", [], company).definition.tags).toEqual(["qbo_relation_vendor", "qbo_relation_both"]);
    expect(ticketField("vendor", [], { ...company, tagsVendors: false }).definition.tags).toEqual([]);
  });
});

describe("options that are there", () => {
  const wanted = [
    { name: "A", value: "a" },
    { name: "B", value: "b" },
  ];
  it("are renamed, never taken away, and people's own stay", () => {
    const existing = [
      { id: 1, name: "Old A", value: "a" },
      { id: 2, name: "Theirs", value: "theirs" },
    ];
    expect(missingOptions(wanted, existing)).toEqual({
      add: [{ name: "B", value: "b" }],
      rename: [{ id: 1, name: "A", value: "a" }],
      left: 0,
    });
  });

  it("leave no room for more than 500 in all", () => {
    const existing = Array.from({ length: 499 }, (_, id) => ({ id, name: `x${id}`, value: `x${id}` }));
    expect(missingOptions(wanted, existing)).toMatchObject({ add: [{ value: "a" }], left: 1 });
  });
});
