import { describe, expect, it } from "vitest";
import type { FieldDefinition } from "../../../domain/index.ts";
import { compareFields } from "./fields.ts";

const status: FieldDefinition = {
  key: "qbo_status",
  type: "dropdown",
  title: "Status",
  description: "",
  options: [
    { name: "Paid", value: "qbo_status_paid" },
    { name: "Open", value: "qbo_status_open" },
  ],
};
const open: FieldDefinition = { key: "qbo_open_amount", type: "decimal", title: "Open", description: "" };

describe("what Zendesk lacks of our fields", () => {
  it("is nothing when every key is there with its type and options, whatever else people added", () => {
    const existing = [
      { key: "qbo_status", type: "dropdown", options: [...(status.options ?? []), { name: "VIP", value: "vip" }] },
      { key: "qbo_open_amount", type: "decimal", options: [] },
      { key: "region", type: "text", options: [] },
    ];
    expect(compareFields([status, open], existing)).toEqual({ missing: [], otherType: [], missingOptions: [] });
  });

  it("is a field to create where the key is absent", () => {
    expect(compareFields([status, open], []).missing).toEqual([status, open]);
  });

  it("is never a field to create where the key bears another type: a deleted key is burned", () => {
    const { missing, otherType } = compareFields([open], [{ key: "qbo_open_amount", type: "text", options: [] }]);
    expect(missing).toEqual([]);
    expect(otherType).toEqual([{ key: "qbo_open_amount", type: "text" }]);
  });

  it("names options that somebody removed", () => {
    const existing = [{ key: "qbo_status", type: "dropdown", options: [{ name: "Paid", value: "qbo_status_paid" }] }];
    expect(compareFields([status], existing).missingOptions).toEqual([
      { key: "qbo_status", values: ["qbo_status_open"] },
    ]);
  });
});
