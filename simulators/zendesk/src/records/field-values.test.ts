import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CustomField, type FieldType, fieldTypes } from "../world/entities.ts";
import { defaultSwitches } from "../world/switches.ts";
import { coerceFieldValue, mergeFieldValues, mirroredTags, presentFieldValues } from "./field-values.ts";

const switches = defaultSwitches();

function field(type: FieldType, more: Partial<CustomField> = {}): CustomField {
  const time = "2026-11-22T10:00:00Z";
  return {
    id: 1,
    type,
    key: type,
    title: type,
    description: "",
    raw_title: type,
    raw_description: "",
    position: 0,
    active: true,
    system: false,
    regexp_for_validation: null,
    tag: null,
    relationship_target_type: null,
    relationship_filter: null,
    created_at: time,
    updated_at: time,
    custom_field_options: [{ id: 2, name: "Paid", raw_name: "Paid", value: "qbo_paid" }],
    ...more,
  };
}

describe("coerceFieldValue", () => {
  it("stores what it stored already as it is, for every type and whatever was sent first", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fieldTypes),
        fc.oneof(
          fc.string(),
          fc.double(),
          fc.integer(),
          fc.boolean(),
          fc.constant("2026-02-28"),
          fc.constant("qbo_paid"),
        ),
        (type, sent) => {
          const first = coerceFieldValue(field(type), sent, switches);
          if (first.kind !== "value") return;
          expect(coerceFieldValue(field(type), first.value, switches)).toEqual(first);
        },
      ),
    );
  });

  it("clears every type with null and with empty text", () => {
    for (const type of fieldTypes)
      for (const sent of [null, ""])
        expect(coerceFieldValue(field(type), sent, switches)).toEqual({ kind: "value", value: null });
  });

  it("reads a day back as a date-time, and refuses days that are not in the calendar", () => {
    expect(coerceFieldValue(field("date"), "2018-11-04", switches)).toEqual({
      kind: "value",
      value: "2018-11-04T00:00:00+00:00",
    });
    expect(coerceFieldValue(field("date"), "2026-02-29", switches).kind).toBe("refused");
  });

  it("takes numbers as numbers only", () => {
    expect(coerceFieldValue(field("decimal"), "5.2", switches).kind).toBe("refused");
    expect(coerceFieldValue(field("integer"), 5.2, switches).kind).toBe("refused");
  });

  it("lets unknown options vanish, or refuses them where the switch says so", () => {
    expect(coerceFieldValue(field("dropdown"), "other", switches)).toEqual({ kind: "ignored" });
    expect(coerceFieldValue(field("dropdown"), "other", { ...switches, unknownOption: "refuse" }).kind).toBe("refused");
  });
});

describe("mergeFieldValues", () => {
  it("keeps what was not sent, drops cleared keys and never invents one", () => {
    const known = field("text");
    const change = mergeFieldValues(
      (key) => (key === "text" ? known : undefined),
      { text: "a", other: 5 },
      { text: null, nobody: 1 },
      switches,
    );
    expect(change).toEqual({ values: { other: 5 }, problems: [] });
  });
});

describe("mirroredTags", () => {
  it("are option values and the tags of ticked checkboxes", () => {
    const fields = [field("dropdown"), field("checkbox", { tag: "late" }), field("multiselect", { key: "many" })];
    expect(mirroredTags(fields, { dropdown: "qbo_paid", checkbox: true, many: ["x", "y"] })).toEqual([
      "qbo_paid",
      "late",
      "x",
      "y",
    ]);
    expect(mirroredTags(fields, { dropdown: "qbo_paid", checkbox: false })).toEqual(["qbo_paid"]);
  });
});

describe("presentFieldValues", () => {
  it("lists every active field, unset ones as null, inactive ones not at all", () => {
    expect(presentFieldValues([field("text"), field("date", { active: false })], {}, "null")).toEqual({ text: null });
    expect(presentFieldValues([field("checkbox")], {}, "false")).toEqual({ checkbox: false });
  });
});
