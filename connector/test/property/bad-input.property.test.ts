// Company data of any shape that QuickBooks allows, and some that it should not: each client is synchronised, or parked with a reason.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startFlow } from "../flow/bench.ts";
import { compareWithOracle } from "../flow/compare.ts";
import { seedOfRun } from "../harness/seed.ts";

const stamp = "2026-10-01T09:00:00-07:00";
const common = { SyncToken: "0", MetaData: { CreateTime: stamp, LastUpdatedTime: stamp } };
const currencies = fc.constantFrom("USD", "EUR", "XXX", "ZZZ", "JPY");

/** Names that are somebody's, somewhere: alike but for case, blanks or accents, right to left, too long, or hardly printable. */
const names = fc
  .oneof(
    fc.constantFrom(
      "Acme",
      "ACME",
      "  acme ",
      "Äcmé",
      "A|cme",
      "Pipe | Works | Ltd",
      "שלום עולם בע״מ",
      "\u202Eevil\u202C",
      "😀 Emoji & Söhne 👩‍👩‍👧",
      "İstanbul Ltd",
      "ﬁne ligature",
      "zero\u200Bwidth",
      "tab\tand\nbreak",
      "bell\u0007 nul\u0000 escape\u001B",
      "half \uD83D pair",
      "Gone (deleted)",
      "Vendor (vendor)",
      "qbo:1:customer:1",
      "=cmd()",
      "--- QuickBooks ---",
      "__proto__",
      "constructor",
      "x".repeat(500),
      "é".repeat(300),
      "…",
    ),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
    fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
  )
  // QuickBooks refuses a name of which nothing can be read.
  .filter((name) => /[^\p{Cc}|\s]/u.test(name.toWellFormed()));
const addresses = fc.oneof(
  fc.constantFrom(
    "not an address",
    "a@b",
    "one@two.example, three@four.example; ;five@",
    "ünïcode@münchen.example",
    "UPPER@CASE.EXAMPLE",
    `${"x".repeat(64)}@y.example`,
    "@",
    " ",
    "same@everybody.example",
    "tab\t@x.example",
  ),
  fc.emailAddress(),
);
const amounts = fc.oneof(
  fc.constantFrom(0, 0.01, -0.01, -120.5, 1e12, 99999999999.99, 0.1, 3),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((amount) => Number(amount.toFixed(2))),
);
const days = fc.constantFrom("1900-01-01", "2026-11-20", "2026-02-28", "2024-02-29", "2100-12-31", "2026-11-19");

const party = fc.record({
  name: names,
  address: fc.option(addresses, { nil: undefined }),
  company: fc.option(names, { nil: undefined }),
  currency: currencies,
  notes: fc.option(fc.string({ unit: "grapheme", minLength: 0, maxLength: 4000 }), { nil: undefined, freq: 3 }),
  street: fc.option(names, { nil: undefined }),
  phone: fc.option(fc.string({ unit: "grapheme", maxLength: 30 }), { nil: undefined }),
  active: fc.boolean(),
});
const document = fc.record({
  of: fc.nat(),
  total: amounts,
  open: fc.constantFrom(0, 0.25, 1),
  due: fc.option(days, { nil: undefined }),
  on: days,
  number: fc.option(names, { nil: undefined }),
  rate: fc.constantFrom(1, 0.9, 1.1, 150),
});
const company = fc.record({
  customers: fc.array(party, { minLength: 25, maxLength: 25 }),
  vendors: fc.array(party, { minLength: 6, maxLength: 6 }),
  invoices: fc.array(document, { minLength: 60, maxLength: 60 }),
  bills: fc.array(document, { minLength: 12, maxLength: 12 }),
});

type PartyShape = typeof party extends fc.Arbitrary<infer Shape> ? Shape : never;
type DocumentShape = typeof document extends fc.Arbitrary<infer Shape> ? Shape : never;

function partyRow({ name, address, company: firm, currency, notes, street, phone, active }: PartyShape, id: number) {
  return {
    ...common,
    Id: String(id),
    DisplayName: name,
    FullyQualifiedName: name,
    Active: active,
    Balance: 0,
    CurrencyRef: { value: currency },
    ...(firm === undefined ? {} : { CompanyName: firm }),
    ...(address === undefined ? {} : { PrimaryEmailAddr: { Address: address } }),
    ...(notes === undefined ? {} : { Notes: notes }),
    ...(street === undefined ? {} : { BillAddr: { Line1: street, City: "Anytown" } }),
    ...(phone === undefined ? {} : { PrimaryPhone: { FreeFormNumber: phone } }),
  };
}

function documentRow({ total, open, due, on, number, rate }: DocumentShape, id: number, ref: object, currency: string) {
  return {
    ...common,
    ...ref,
    Id: String(id),
    TxnDate: on,
    TotalAmt: total,
    Balance: Number((total * open).toFixed(2)),
    CurrencyRef: { value: currency },
    ...(currency === "USD" ? {} : { ExchangeRate: rate }),
    ...(due === undefined ? {} : { DueDate: due }),
    ...(number === undefined ? {} : { DocNumber: number }),
  };
}

describe("a company with data of any shape", () => {
  it("ends with every client synchronised, or parked for a reason that is said", async () => {
    await fc.assert(
      fc.asyncProperty(company, async ({ customers, vendors, invoices, bills }) => {
        const payer = ({ of }: DocumentShape, parties: readonly PartyShape[]) => of % parties.length;
        const flow = await startFlow({
          company: {
            Preferences: [{ Id: "1", CurrencyPrefs: { MultiCurrencyEnabled: true, HomeCurrency: { value: "USD" } } }],
            Customer: customers.map((one, index) => partyRow(one, index + 1)),
            Vendor: vendors.map((one, index) => partyRow(one, index + 1)),
            Invoice: invoices.map((one, index) => {
              const of = payer(one, customers);
              const currency = customers[of]?.currency ?? "USD";
              return documentRow(one, index + 1, { CustomerRef: { value: String(of + 1) } }, currency);
            }),
            Bill: bills.map((one, index) => {
              const of = payer(one, vendors);
              return documentRow(
                one,
                1_000 + index,
                { VendorRef: { value: String(of + 1) } },
                vendors[of]?.currency ?? "USD",
              );
            }),
          },
          account: { organizations: [{ id: 77, name: "ACME" }], users: [], organization_memberships: [] },
          today: "2026-11-20",
          settings: { scope: "all" },
        });
        try {
          const before = await flow.zendeskControl("GET", "state");
          const plan = await flow.load();
          await flow.engine.stores.plans.approve(plan.id, "test");
          await flow.settled();
          const standings = await flow.engine.stores.overview.standings(flow.connectionId);
          expect(standings).toHaveLength(customers.length + vendors.length);
          const parked = await flow.engine.stores.links.parked(flow.connectionId, { limit: 100 });
          for (const { disposition } of parked) expect(disposition.says).toMatch(/\w.{5,}/);
          expect(new Set(standings.map(({ disposition }) => disposition))).toEqual(
            new Set(["linked", ...(parked.length > 0 ? ["parked"] : [])]),
          );
          expect(await compareWithOracle(flow, before)).toMatchObject({
            differences: [],
            duplicates: 0,
            foreignTouched: 0,
          });
          // Read and decided again, nothing is different: what was written reads back as it was sent.
          const writes = await flow.zendeskWrites();
          await flow.engine.loadDirectory(flow.subdomain, () => undefined);
          expect((await flow.engine.dryRun(flow.connectionId))?.counts).toMatchObject({ create: 0, update: 0 });
          expect(await flow.zendeskWrites()).toBe(writes);
        } finally {
          await flow.close();
        }
      }),
      { seed: seedOfRun("bad input"), numRuns: 2, endOnFailure: true },
    );
  });
});
