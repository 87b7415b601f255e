import { describe, expect, it } from "vitest";
import { type EntityName, entities } from "../../src/company/index.ts";
import { isRecord, type JsonRecord } from "../../src/json.ts";
import { smallCompany } from "../company.ts";
import { type Connected, connected } from "../connected.ts";
import { fixtureJson, hasFixtures, skipMessage } from "./fixtures.ts";
import { sampleOf } from "./method-plan.ts";
import { readRecordings } from "./recordings.ts";

/** Top-level keys that our new records have and no recording at hand, and why; the test fails when the list grows. */
const allowed: Readonly<Record<string, string>> = {
  "CreditMemo.CustomField": "one recording of 2014; the reference says: as Invoice",
  "CreditMemo.ApplyTaxAfterDiscount": "the same",
  "CreditMemo.TxnTaxDetail": "the same",
  "VendorCredit.CurrencyRef": "one recording of 2013; in the XSD and on every other form",
  "VendorCredit.Balance": "in the XSD; what is left of the credit",
  "CompanyInfo.DefaultTimeZone": "in the XSD; in no recording, a company file may leave it out",
};

/** What people had typed into every recorded record of an entity, and so must be typed here too. */
const typed: Readonly<Partial<Record<EntityName, JsonRecord>>> = {
  Vendor: { GivenName: "Bessie", FamilyName: "Williams", CompanyName: "Books" },
  RefundReceipt: {
    DepartmentRef: { value: "1" },
    ClassRef: { value: "1" },
    PaymentMethodRef: { value: "1" },
    PaymentRefNum: "To Print",
    PrivateNote: "memo",
    CustomerMemo: { value: "memo" },
    BillEmail: { Address: "a@b.example" },
  },
  BillPayment: { PrivateNote: "memo" },
  CreditMemo: { GlobalTaxCalculation: "NotApplicable" },
  Term: {
    DueDays: null,
    Type: "DATE_DRIVEN",
    DiscountPercent: 4,
    DayOfMonthDue: 1,
    DueNextMonthDays: 2,
    DiscountDayOfMonth: 3,
  },
};

const address = { Id: "2", Line1: "4581 Finch St.", City: "Bayshore", PostalCode: "94326" };

async function newRecord(simulator: Connected, entity: EntityName): Promise<JsonRecord> {
  if (entity === "CompanyInfo" || entity === "Preferences") return simulator.one(entity, "1");
  const { json } = await simulator.post(entity, { ...sampleOf(entity, 1), ...typed[entity] });
  const record = json[entity];
  if (!isRecord(record)) throw new Error(JSON.stringify(json));
  return record;
}

async function start(): Promise<Connected> {
  const simulator = await connected({ company: smallCompany() });
  await simulator.mutate({
    entity: "Customer",
    operation: "update",
    id: "4",
    record: { BillAddr: address, ShipAddr: address },
  });
  return simulator;
}

describe(`new records against every recorded one${skipMessage}`, () => {
  it.skipIf(!hasFixtures)("invent no key, and leave out none that all recordings have", async () => {
    const simulator = await start();
    const recordings = readRecordings();
    const invented: string[] = [];
    const missing: string[] = [];
    for (const entity of entities.keys()) {
      const { json, xml } = recordings.of(entity);
      const recorded = [...json, ...xml];
      expect(recorded.length, entity).toBeGreaterThan(0);
      const known = new Set(recorded.flatMap((record) => Object.keys(record)));
      const ours = Object.keys(await newRecord(simulator, entity));
      invented.push(...ours.filter((key) => !known.has(key)).map((key) => `${entity}.${key}`));
      const always = [...known].filter((key) => recorded.every((record) => key in record));
      missing.push(...always.filter((key) => !ours.includes(key)).map((key) => `${entity}.${key}`));
    }
    expect(invented.filter((key) => allowed[key] === undefined)).toEqual([]);
    expect(Object.keys(allowed).filter((key) => !invented.includes(key))).toEqual([]);
    expect(missing).toEqual([]);
  });

  it.skipIf(!hasFixtures)("have the types that the JSON recordings have", async () => {
    const simulator = await start();
    const recordings = readRecordings();
    const other: string[] = [];
    for (const entity of entities.keys()) {
      const kinds = new Map<string, Set<string>>();
      for (const record of recordings.of(entity).json) {
        for (const [key, value] of Object.entries(record))
          kinds.set(key, (kinds.get(key) ?? new Set()).add(kindOf(value)));
      }
      for (const [key, value] of Object.entries(await newRecord(simulator, entity))) {
        const known = kinds.get(key);
        if (known !== undefined && !known.has(kindOf(value))) other.push(`${entity}.${key} is ${kindOf(value)}`);
      }
    }
    expect(other).toEqual([]);
  });

  it.skipIf(!hasFixtures)("have no field outside Intuit's XSD but for what a recording shows", async () => {
    const simulator = await start();
    const dictionary = fixtureJson("qbo-xsd/field-dictionary-from-xsd.json");
    const recordings = readRecordings();
    const outside: string[] = [];
    for (const entity of entities.keys()) {
      const fields = dictionary[entity];
      if (!isRecord(fields)) continue;
      const { json, xml } = recordings.of(entity);
      const shown = new Set([...json, ...xml].flatMap((record) => Object.keys(record)));
      const ours = Object.keys(await newRecord(simulator, entity));
      outside.push(...ours.filter((key) => !(key in fields) && !shown.has(key)).map((key) => `${entity}.${key}`));
    }
    expect(outside).toEqual([]);
  });

  it.skipIf(!hasFixtures)("are read back unchanged when a recorded company is loaded", async () => {
    const company = fixtureJson("recorded-company/company.json");
    const simulator = await connected({ company });
    for (const [entity, records] of Object.entries(company)) {
      if (!Array.isArray(records)) continue;
      const statement = `select * from ${entity} where Active in (true, false) maxresults 1000`;
      const rows = await simulator.rows(entity, statement);
      expect(new Map(rows.map((row) => [row["Id"], row]))).toEqual(
        new Map(records.filter(isRecord).map((one) => [one["Id"], one])),
      );
    }
  });
});

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}
