import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import type { LocalDate, OrganizationId, Realm, Term } from "../../domain/index.ts";
import { documentRecord, type KeptDocument, nextLook, recordText } from "./document-record.ts";

const day = (text: string) => text as LocalDate; // well-formed days of this file
const invoice = (more: Partial<KeptDocument> = {}): KeptDocument => ({
  entity: "Invoice",
  id: "96",
  number: "1042",
  date: day("2026-10-01"),
  dueDate: day("2026-11-01"),
  termsId: undefined,
  total: new Decimal(100),
  balance: new Decimal(100),
  currency: "USD",
  changedOn: day("2026-10-01"),
  party: { name: "Acme", termsId: undefined },
  organizationId: 11 as OrganizationId,
  ...more,
});
const terms = new Map<string, Term>([
  ["3", { id: "3", name: "Net 30", dueDays: 30, dayOfMonthDue: undefined, dueNextMonthDays: undefined }],
]);
const context = (today: string, more: { graceDays?: number; recordDays?: number } = {}) => ({
  realm: "123" as Realm,
  appUrl: "https://qbo.intuit.com/",
  today: day(today),
  graceDays: 0,
  recordDays: 90,
  terms,
  ...more,
});
const statusOn = (today: string, document = invoice(), more = {}) =>
  documentRecord(document, context(today, more))?.values["status"];

describe("a document's record", () => {
  it("says number, party, amounts with their currency, days, and where to open it", () => {
    expect(documentRecord(invoice(), context("2026-10-02"))).toEqual({
      object: "qbo_invoice",
      externalId: "qbo:123:invoice:96",
      name: "Invoice 1042",
      organizationId: 11,
      values: {
        party: "Acme",
        status: "qbo_document_open",
        total: "100",
        balance: "100",
        currency: "USD",
        date: "2026-10-01",
        due_date: "2026-11-01",
        link: "https://qbo.intuit.com/app/invoice?txnId=96",
      },
    });
    const bill = documentRecord(invoice({ entity: "Bill", number: undefined }), context("2026-10-02"));
    expect([bill?.object, bill?.name]).toEqual(["qbo_bill", "Bill #96"]);
  });

  it("is overdue the day after it was due, not on that day, and after the grace days where there are some", () => {
    expect(statusOn("2026-11-01")).toBe("qbo_document_open");
    expect(statusOn("2026-11-02")).toBe("qbo_document_overdue");
    expect(statusOn("2026-11-06", invoice(), { graceDays: 5 })).toBe("qbo_document_open");
    expect(statusOn("2026-11-07", invoice(), { graceDays: 5 })).toBe("qbo_document_overdue");
  });

  it("takes the due date from the terms where it has none, and is never overdue without both", () => {
    const byTerms = invoice({ dueDate: undefined, termsId: "3" });
    expect(documentRecord(byTerms, context("2026-10-02"))?.values["due_date"]).toBe("2026-10-31");
    expect(statusOn("2027-01-01", invoice({ dueDate: undefined }))).toBe("qbo_document_open");
  });

  it("tells partly paid from open, and says overdue of both", () => {
    const partly = invoice({ balance: new Decimal(40) });
    expect(statusOn("2026-10-02", partly)).toBe("qbo_document_partly_paid");
    expect(statusOn("2026-12-02", partly)).toBe("qbo_document_overdue");
  });

  it("stays for the days of the setting after a settled document last changed, and is nothing then", () => {
    const paid = invoice({ balance: new Decimal(0), changedOn: day("2026-10-01") });
    expect(statusOn("2026-12-30", paid)).toBe("qbo_document_paid");
    expect(documentRecord(paid, context("2026-12-31"))).toBeUndefined();
    expect(documentRecord(invoice(), context("2030-01-01"))).toBeDefined();
  });

  it("is looked at again on the very day on which time changes it", () => {
    const paid = invoice({ balance: new Decimal(0) });
    for (const [document, changes] of [
      [invoice(), true],
      [paid, true],
      [invoice({ dueDate: undefined }), false],
    ] as const) {
      const today = day("2026-10-05");
      const next = nextLook(document, context(today));
      const textOn = (on: string) => {
        const record = documentRecord(document, context(on));
        return record && recordText(record);
      };
      const before = textOn(today);
      expect(next !== undefined).toBe(changes);
      if (next === undefined) expect(textOn("2030-01-01")).toBe(before);
      else {
        const eve = new Date(Date.parse(next) - 86_400_000).toISOString().slice(0, 10);
        expect(textOn(eve)).toBe(before);
        expect(textOn(next)).not.toBe(before);
      }
    }
  });

  it("reads the same whatever the order of its values, and an empty one is as good as none", () => {
    const record = { object: "qbo_bill" as const, externalId: "x", name: "n", organizationId: 1 as OrganizationId };
    expect(recordText({ ...record, values: { a: 1, b: null, c: "x" } })).toBe(
      recordText({ ...record, values: { c: "x", a: 1 } }),
    );
  });
});
