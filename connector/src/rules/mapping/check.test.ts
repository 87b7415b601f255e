import { describe, expect, it } from "vitest";
import type { MappingDocument, MappingRow, MappingTarget } from "../../domain/index.ts";
import { checkMapping, compileMapping, defaultMapping, succeed } from "./index.ts";

const text = (key: string, said: Partial<MappingTarget> = {}): MappingTarget => ({
  key,
  type: "text",
  title: "A title",
  description: "",
  ...said,
});
const row = (target: MappingTarget, value: MappingRow["value"], said: Partial<MappingRow> = {}): MappingRow => ({
  target,
  value,
  ...said,
});
const documentOf = (...rows: unknown[]) => ({ format: 1, rows, retired: [] });
const status = text("qbo_state", {
  type: "dropdown",
  options: [
    { name: "Late", value: "qbo_state_late" },
    { name: "Fine", value: "qbo_state_fine", from: "fine" },
  ],
});

type Fields = Parameters<typeof checkMapping>[1];

function problemsOf(json: unknown, fields?: Fields) {
  const checked = checkMapping(json, fields);
  return "problems" in checked ? checked.problems : [];
}

function only(json: unknown, fields?: Fields) {
  const problems = problemsOf(json, fields);
  expect(problems).toHaveLength(1);
  return problems[0];
}

describe("a mapping", () => {
  it("is taken as it is where nothing is wrong, the default one among them", () => {
    expect(checkMapping(defaultMapping)).toEqual({ document: defaultMapping });
    expect(checkMapping(JSON.parse(JSON.stringify(defaultMapping)))).toEqual({ document: defaultMapping });
  });
  it("always has the key that ties organizations to QuickBooks", () => {
    const checked = checkMapping(documentOf(row(text("qbo_name"), { source: "card.name" })));
    const { document } = checked as { document: MappingDocument };
    expect(document.rows.map(({ target }) => target.key)).toEqual(["qbo_name", "qbo_key"]);
    expect(only(documentOf(row(text("qbo_key"), { source: "card.name" })))).toMatchObject({
      at: "rows[0].target.key",
      key: "qbo_key",
    });
  });
  it("says everything that is wrong with it at once, each with its place", () => {
    const problems = problemsOf({
      format: 1,
      rows: [
        row(text("vip_level"), { source: "customer.statu" }),
        row(text("qbo_a"), { expression: "customer.overdue\n  + customer.status" }),
        row(text("qbo_a"), { template: "Open: {{ customer.open" }),
        row(text("qbo_n", { type: "integer" }), { expression: "customer.overdue" }, { when: "customer.open" }),
        { target: { key: "qbo_x", type: "txet", titel: "X", description: "" }, value: { expr: "1" } },
      ],
      note: { template: "{{ customer.opn }}", place: "everywhere" },
    });
    expect(problems.map(({ at, key, line, column, suggestion }) => [at, key, line, column, suggestion])).toEqual([
      ["rows[0].target.key", "vip_level", undefined, undefined, "qbo_vip_level"],
      ["rows[0].value.source", "vip_level", 1, 10, "status"],
      ["rows[1].value.expression", "qbo_a", 1, 1, undefined],
      ["rows[2].target.key", "qbo_a", undefined, undefined, undefined],
      ["rows[2].value.template", "qbo_a", 1, 7, "}}"],
      ["rows[3].value.expression", "qbo_n", 1, 1, "int(...)"],
      ["rows[3].when", "qbo_n", 1, 1, undefined],
      ["rows[4].target.type", "qbo_x", undefined, undefined, undefined],
      ["rows[4].target.title", "qbo_x", undefined, undefined, undefined],
      ["rows[4].target", "qbo_x", undefined, undefined, "title"],
      ["rows[4].value", "qbo_x", undefined, undefined, undefined],
      ["note.place", undefined, undefined, undefined, undefined],
    ]);
    for (const { says } of problems) expect(says).toMatch(/[.)]$/);
  });
  it.each([
    ["nothing at all", undefined],
    ["a text", "mapping"],
    ["a list", []],
    ["another format", { format: 2, rows: [], retired: [] }],
    ["rows that are no list", { format: 1, rows: {}, retired: [] }],
    ["more rows than an organization can carry", documentOf(...Array.from({ length: 101 }, () => ({})))],
    ["a document of a megabyte", documentOf({ x: "x".repeat(1_000_000) })],
  ])("is refused, and crashes nothing, as %s", (_, json) => {
    expect(problemsOf(json).length).toBeGreaterThan(0);
  });
});

describe("a row", () => {
  it("never writes a field of other people's, whatever its spelling", () => {
    for (const key of ["region", "QBO_x", "qbo-x", "qbo_", "qbo_x.y", " qbo_x", "__proto__", "notes", "name"])
      expect(only(documentOf(row(text(key), { source: "card.name" })))?.at, key).toBe("rows[0].target.key");
  });
  it("keeps the type that a field has for good", () => {
    const integer = row(text("qbo_open_count", { type: "text" }), { source: "card.name" });
    expect(only(documentOf(integer))).toMatchObject({ at: "rows[0].target.type", suggestion: "integer" });
    const own = row(text("qbo_mine"), { source: "card.name" });
    const fields = [{ key: "qbo_mine", type: "date", options: [] }];
    expect(only(documentOf(own), fields)).toMatchObject({ at: "rows[0].target.type", suggestion: "date" });
    expect(problemsOf(documentOf(own))).toEqual([]);
  });
  it("chooses among options that exist, in the document and in Zendesk", () => {
    const late = (word: string) => documentOf(row(status, { expression: `customer.overdue > 0 ? "${word}" : "fine"` }));
    expect(problemsOf(late("qbo_state_late"))).toEqual([]);
    expect(only(late("qbo_state_lat"))).toMatchObject({
      at: "rows[0].value.expression",
      column: 24,
      suggestion: "qbo_state_late",
    });
    const inZendesk = [{ key: "qbo_state", type: "dropdown", options: [{ name: "Late", value: "qbo_state_late" }] }];
    expect(only(late("qbo_state_late"), inZendesk)).toMatchObject({ at: "rows[0].target.options[1].value" });
  });
  it("has an option for every word that its source can be, and for none that it cannot", () => {
    const relation = (...words: string[]) =>
      documentOf(
        row(
          text("qbo_side", {
            type: "dropdown",
            options: words.map((from) => ({ name: from, value: `qbo_side_${from}`, from })),
          }),
          { source: "card.relation" },
        ),
      );
    expect(problemsOf(relation("customer", "vendor", "both"))).toEqual([]);
    expect(problemsOf(relation("customer", "vendr", "both")).map(({ says, suggestion }) => [says, suggestion])).toEqual(
      [
        ['card.relation can be "vendor", and no option stands for it ("from").', undefined],
        ['card.relation is never "vendr".', "vendor"],
      ],
    );
  });
  it.each([
    ["integer", "card.name", "qbo_x is of type integer, and this is a text."],
    ["date", "customer.open", "qbo_x is of type date, and this is an amount."],
    ["checkbox", "customer.openCount", "qbo_x is of type checkbox, and this is a whole number."],
    ["date", "card.name", "card.name is a text, not a date."],
    ["decimal", "customer.active", "qbo_x is of type decimal, and this is yes or no."],
    ["text", "customer.aging", "customer.aging is a group of values, not one."],
    ["text", "card.documents", "qbo_x is of type text, and this is a list."],
    ["text", "customer.record", "A whole record is no value: name one of its fields."],
    ["text", "customer.open.amount", "There is nothing within customer.open."],
    [
      "text",
      "__proto__",
      'There is no "__proto__" here: a source starts with card, customer, vendor, profile, company or today.',
    ],
    ["text", "", 'There is no "" here: a source starts with card, customer, vendor, profile, company or today.'],
  ] as const)("of type %s is not filled from %j", (type, source, says) => {
    expect(only(documentOf(row(text("qbo_x", { type }), { source })))?.says).toBe(says);
  });
  it.each([
    ["date", "customer.overdueSince"],
    ["decimal", "customer.aging.days61to90"],
    ["text", "customer.record.PrimaryPhone.FreeFormNumber"],
    ["textarea", "customer.addresses"],
    ["text", "customer.openCount"],
    ["checkbox", "vendor.active"],
  ] as const)("of type %s is filled from %s", (type, source) => {
    expect(problemsOf(documentOf(row(text("qbo_x", { type }), { source })))).toEqual([]);
  });
  it.each([
    ["text", 5],
    ["integer", "many"],
    ["decimal", true],
    ["date", "tomorrow"],
    ["checkbox", "yes"],
  ] as const)("of type %s is never set to %j where it is empty", (type, constant) => {
    const filled = row(text("qbo_x", { type }), { source: "customer.record.X" }, { empty: { constant } });
    expect(only(documentOf(filled))?.at).toBe("rows[0].empty.constant");
  });
  it("has options of ours only: their values become tags", () => {
    const options = [
      { name: "VIP", value: "vip" },
      { name: "VIP", value: "qbo_vip" },
    ];
    expect(
      problemsOf(documentOf(row(text("qbo_x", { type: "dropdown", options }), { source: "customer.record.X" }))).map(
        ({ at, suggestion }) => [at, suggestion],
      ),
    ).toEqual([
      ["rows[0].target.options[0].value", "qbo_vip"],
      ["rows[0].target.options[1].name", undefined],
    ]);
    expect(only(documentOf(row(text("qbo_x", { options }), { source: "card.name" })))?.says).toMatch(/has no options/);
    expect(only(documentOf(row(text("qbo_x", { type: "dropdown" }), { source: "card.name" })))?.says).toMatch(
      /needs its options/,
    );
  });
  it("is refused with all others where all of them together take too long", () => {
    const busy = "card.documents.map(a, card.documents.exists(b, a.balance == b.total)).exists(x, x) ? 'a' : 'b'";
    const rows = Array.from({ length: 4 }, (_, index) => row(text(`qbo_${index}`), { expression: busy }));
    expect(problemsOf(documentOf(rows[0]))).toEqual([]);
    expect(only(documentOf(...rows))?.says).toMatch(/^All rows together are too much work/);
  });
});

describe("the mapping that succeeds another", () => {
  const name = row(text("qbo_name"), { source: "card.name" });
  const state = row(status, { source: "customer.record.State" });
  const made = (...rows: MappingRow[]): MappingDocument => ({ format: 1, rows, retired: [] });
  it("clears what only the earlier one wrote, also two versions later, until a row names it again", () => {
    const second = succeed(made(name, state), made(name));
    expect(second.retired).toEqual([{ key: "qbo_state", type: "dropdown" }]);
    const third = succeed(second, made(state));
    expect(third.retired).toEqual([{ key: "qbo_name", type: "text" }]);
    expect(succeed(third, made(name, state)).retired).toEqual([]);
    expect(compileMapping(second).owned.map(({ key }) => key)).toEqual(["qbo_name", "qbo_state", "notes"]);
    expect(compileMapping(second).definitions.map(({ key }) => key)).toEqual(["qbo_name"]);
  });
});
