import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Document,
  type JsonObject,
  type MappingDocument,
  type MappingRow,
  type Party,
  parseRealm,
} from "../../domain/index.ts";
import { profileCard } from "../profile/index.ts";
import { sampleDocument as document, sampleParty as party, sampleToday } from "../samples.ts";
import { checkMapping, compileMapping, defaultFields, defaultMapping } from "./index.ts";

const shuffled = <Item>(items: readonly Item[]) => fc.shuffledSubarray([...items], { minLength: items.length });

const company = { realm: parseRealm("9130357766900456"), appUrl: "https://qbo.intuit.com", homeCurrency: "USD" };
const mapping = compileMapping(defaultMapping);

function fieldsOf(parties: Party[], documents: Document[] = []) {
  const terms = new Map([
    ["3", { id: "3", name: " Net  30", dueDays: 30, dayOfMonthDue: undefined, dueNextMonthDays: undefined }],
  ]);
  const profile = profileCard({
    parties: parties.map((of) => ({ party: of, linked: true })),
    documents,
    terms,
    policy: { tolerance: new Decimal(1), graceDays: 0 },
    homeCurrency: "USD",
    zone: "America/Los_Angeles",
    today: sampleToday,
  });
  return mapping.values({
    card: { parties, others: [], documents, records: new Map() },
    profile,
    terms,
    company,
    today: sampleToday,
  });
}

const acme = party("customer", "12", {
  givenName: "Ann",
  familyName: "Lee",
  addresses: ["ann@acme.com", "bill@acme.com"],
  phone: "(415) 555-9933",
  billingAddress: "1 Main St\n\nBoise, ID 83702",
  termsId: "3",
});

describe("the default mapping", () => {
  it("gives every default field of a customer", () => {
    const fields = fieldsOf(
      [acme],
      [
        document("Invoice", "1", acme, {
          balance: "100.50",
          dueDate: "2026-10-01",
          updatedAt: "2026-11-20T10:00:00-08:00",
        }),
        document("Invoice", "2", acme, { balance: 20, dueDate: "2026-12-01" }),
        document("Payment", "3", acme, { date: "2026-10-05", total: 35, unapplied: "5.25" }),
      ],
    );
    expect(fields).toEqual({
      qbo_status: "qbo_status_overdue",
      qbo_open_count: 2,
      qbo_overdue_count: 1,
      qbo_open_amount: "120.5",
      qbo_overdue_amount: "100.5",
      qbo_balance: "115.25",
      qbo_currency: "USD",
      qbo_overdue_since: "2026-10-01",
      qbo_age_bucket: "qbo_age_31_60",
      qbo_contact: "Ann Lee",
      qbo_email: "ann@acme.com, bill@acme.com",
      qbo_phone: "(415) 555-9933",
      qbo_address: "1 Main St\nBoise, ID 83702",
      qbo_terms: "Net 30",
      qbo_last_payment_on: "2026-10-05",
      qbo_last_payment_amount: "35",
      qbo_relation: "qbo_relation_customer",
      qbo_vendor_status: null,
      qbo_vendor_owed: null,
      qbo_active: true,
      qbo_link: "https://qbo.intuit.com/app/customerdetail?nameId=12",
      qbo_key: "qbo:9130357766900456:customer:12",
      qbo_changed_on: "2026-11-20",
    });
  });
  it("leaves the customer side empty on a card of vendors, and says 0 where a vendor has no bills", () => {
    const fields = fieldsOf([party("vendor", "5", { active: false })]);
    const customerKeys = [
      "status",
      "open_count",
      "overdue_count",
      "open_amount",
      "overdue_amount",
      "balance",
      "overdue_since",
    ];
    for (const key of [...customerKeys, "age_bucket", "last_payment_on", "last_payment_amount"])
      expect(fields[`qbo_${key}`]).toBeNull();
    expect(fields).toMatchObject({
      qbo_vendor_status: "qbo_vendor_none",
      qbo_vendor_owed: "0",
      qbo_relation: "qbo_relation_vendor",
      qbo_active: false,
      qbo_link: "https://qbo.intuit.com/app/vendordetail?nameId=5",
    });
  });
  it("says 0 and none, not empty, for a customer without documents", () => {
    expect(fieldsOf([party("customer", "1")])).toMatchObject({
      qbo_status: "qbo_status_none",
      qbo_open_count: 0,
      qbo_open_amount: "0",
      qbo_balance: "0",
      qbo_overdue_since: null,
      qbo_age_bucket: null,
      qbo_last_payment_on: null,
      qbo_contact: null,
      qbo_email: null,
      qbo_address: null,
    });
  });
  it("names both kinds, and the keys of all linked parties by rank", () => {
    const parties = [
      party("vendor", "3"),
      party("customer", "100"),
      party("customer", "20"),
      party("customer", "1", { active: false }),
    ];
    expect(fieldsOf(parties)).toMatchObject({
      qbo_relation: "qbo_relation_both",
      qbo_key: ["customer:20", "customer:100", "vendor:3", "customer:1"]
        .map((key) => `qbo:${company.realm}:${key}`)
        .join(" "),
      qbo_link: "https://qbo.intuit.com/app/customerdetail?nameId=20",
    });
  });
  it("never writes half an address or half a key", () => {
    const many = Array.from({ length: 20 }, (_, index) => `billing-department-${index}@acme.com`);
    const fields = fieldsOf([party("customer", "1", { addresses: many })]);
    expect(String(fields.qbo_email).split(", ")).toEqual(many.slice(0, 8));
    const parties = Array.from({ length: 12 }, (_, index) => party("customer", String(index + 1)));
    const keys = String(fieldsOf(parties).qbo_key).split(" ");
    expect(keys.at(-1)).toBe(`qbo:${company.realm}:customer:${keys.length}`);
    expect(keys.join(" ").length).toBeLessThanOrEqual(255);
  });
  it("names each age bucket by an option that exists", () => {
    const bucketOn = (dueDate: string) =>
      fieldsOf([acme], [document("Invoice", "1", acme, { balance: 5, dueDate })]).qbo_age_bucket;
    const options = defaultFields.find(({ key }) => key === "qbo_age_bucket")?.options?.map(({ value }) => value);
    expect(["2026-11-22", "2026-11-21", "2026-10-22", "2026-09-22", "2026-08-23"].map(bucketOn)).toEqual(options);
  });
  it("never depends on the order of parties", () => {
    const parties = [acme, party("vendor", "3"), party("customer", "2", { active: false }), party("customer", "7")];
    fc.assert(
      fc.property(shuffled(parties), (order) => {
        expect(fieldsOf(order)).toEqual(fieldsOf(parties));
      }),
      { numRuns: 20 },
    );
  });
});

describe("a compiled mapping", () => {
  const text = (key: string, value: MappingRow["value"], said: Partial<MappingRow> = {}): MappingRow => ({
    target: { key, type: "text", title: key, description: "" },
    value,
    ...said,
  });
  const acmeBooks = [
    document("Invoice", "1", acme, { balance: "100.50", dueDate: "2026-10-01" }),
    document("Invoice", "2", acme, { balance: 20, dueDate: "2026-12-01" }),
    document("Invoice", "3", acme, { balance: 0, total: 9, dueDate: "2026-09-01" }),
  ];
  function mapped(
    part: Partial<MappingDocument>,
    parties = [acme],
    documents = acmeBooks,
    records: Record<string, JsonObject> = {},
  ) {
    const checked = checkMapping({ format: 1, rows: [], retired: [], ...part });
    if ("problems" in checked) throw new Error(JSON.stringify(checked.problems));
    const terms = new Map();
    const profile = profileCard({
      parties: parties.map((of) => ({ party: of, linked: true })),
      documents,
      terms,
      policy: { tolerance: new Decimal(1), graceDays: 0 },
      homeCurrency: "USD",
      zone: "America/Los_Angeles",
      today: sampleToday,
    });
    const card = { parties, others: [], documents, records: new Map(Object.entries(records)) };
    return compileMapping(checked.document).map({ card, profile, terms, company, today: sampleToday });
  }
  const rowOf = (row: MappingRow, ...rest: [Party[]?, Document[]?, Record<string, JsonObject>?]) => {
    const { values, faults } = mapped({ rows: [row] }, ...rest);
    return faults.length > 0 ? faults : values[row.target.key];
  };

  it("computes with the sums of the profile, exactly", () => {
    expect(rowOf(text("qbo_x", { expression: "customer.open + customer.overdue * 2" }))).toBe("321.50");
    expect(rowOf(text("qbo_x", { template: "{{ customer.open }} {{ profile.amountsIn }}" }))).toBe("120.50 USD");
  });
  it("writes a note of several lines", () => {
    const template = "Late: {{ customer.overdue }}\n{{ card.documents.map(d, d.number + ' ' + string(d.balance)) }}";
    expect(mapped({ note: { template } }).values["notes"]).toBe("Late: 100.50\nN1 100.50\nN2 20.00\nN3 0.00");
    expect(mapped({ note: { template, when: "customer.overdue > 1000" } }).values["notes"]).toBeNull();
    expect(mapped({}).values["notes"]).toBeNull();
  });
  it("leaves a row empty where its condition does not hold, and does what the row says of that", () => {
    const value = { source: "card.name" };
    const never = { when: "customer.overdue > 1000" };
    expect(rowOf(text("qbo_x", value, { when: "customer.overdue > 100" }))).toBe("customer 12");
    expect(rowOf(text("qbo_x", value, never))).toBeNull();
    expect(rowOf(text("qbo_x", value, { ...never, empty: { constant: "-" } }))).toBe("-");
    expect(mapped({ rows: [text("qbo_x", value, { ...never, empty: "keep" })] }).values).not.toHaveProperty("qbo_x");
    expect(rowOf(text("qbo_x", { source: "customer.companyName" }, { empty: { constant: "none" } }))).toBe("none");
  });
  it("reads any field of QuickBooks' own record", () => {
    const records = { "customer:12": { Notes: "Pays late", CustomerTypeRef: { name: "Gold" } } };
    expect(rowOf(text("qbo_x", { source: "customer.record.CustomerTypeRef.name" }), [acme], [], records)).toBe("Gold");
    expect(rowOf(text("qbo_x", { expression: "customer.record.Notes + '!'" }), [acme], [], records)).toBe("Pays late!");
    expect(rowOf(text("qbo_x", { source: "customer.record.Missing.name" }), [acme], [], records)).toBeNull();
  });
  it("lets a row that fails stand as it is, says why, and goes on with the others", () => {
    const target = { key: "qbo_n", type: "integer" as const, title: "N", description: "" };
    const { values, faults } = mapped(
      {
        rows: [
          text("qbo_a", { expression: "string(customer.overdue / (customer.openCount - 2))" }),
          { target, value: { source: "customer.record.Level" } },
          text("qbo_b", { source: "card.name" }),
        ],
      },
      [acme],
      acmeBooks,
      { "customer:12": { Level: "high" } },
    );
    expect(faults).toEqual([
      { key: "qbo_a", says: "division by zero" },
      { key: "qbo_n", says: '"high" is no value of a field of type integer' },
    ]);
    expect(values).not.toHaveProperty("qbo_a");
    expect(values["qbo_b"]).toBe("customer 12");
  });
  it("has a card looked at again on the day on which time alone changes what it shows", () => {
    expect(mapped({}).nextFlipOn).toBeUndefined();
    expect(mapped({ rows: [text("qbo_x", { expression: "today" })] }).nextFlipOn).toBe("2026-11-23");
    const late = { expression: "card.documents.filter(d, d.overdue).map(d, d.number).join(' ')" };
    expect(rowOf(text("qbo_x", late))).toBe("N1");
    expect(mapped({ rows: [text("qbo_x", late)] }).nextFlipOn).toBe("2026-12-02");
  });
  it("clears what an earlier version wrote", () => {
    const { values } = mapped({
      retired: [
        { key: "qbo_old", type: "text" },
        { key: "qbo_flag", type: "checkbox" },
      ],
    });
    expect(values).toMatchObject({ qbo_old: null, qbo_flag: false });
  });
  it("never depends on the order of documents", () => {
    const row = text("qbo_x", { expression: "card.documents.map(d, d.number).join(' ')" });
    fc.assert(
      fc.property(shuffled(acmeBooks), (documents) => {
        expect(rowOf(row, [acme], documents)).toBe("N1 N2 N3");
      }),
      { numRuns: 20 },
    );
  });
});
