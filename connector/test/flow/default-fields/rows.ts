import { type CardName, realm } from "./company.ts";

/** From what stands in QuickBooks to what an agent's organization must hold, worked out by hand; values as Zendesk's API returns them. */
export interface Row {
  card: CardName;
  /** What in QuickBooks makes it so. */
  from: string;
  value: string | number | boolean | null;
}

const date = (day: string) => `${day}T00:00:00+00:00`;
const link = (kind: string, id: string) => `https://qbo.intuit.com/app/${kind}detail?nameId=${id}`;
const key = (...parties: string[]) => parties.map((party) => `qbo:${realm}:${party}`).join(" ");

/** By field. */
export const rows: Readonly<Record<string, readonly Row[]>> = {
  qbo_status: [
    { card: "bakery", from: "200.25 due on 31 August", value: "qbo_status_overdue" },
    { card: "cafe", from: "80 past due, and a credit memo of 100 not applied yet", value: "qbo_status_credit" },
    { card: "studio", from: "one invoice that is not due yet", value: "qbo_status_open" },
    { card: "late", from: "80 cents past due: within the tolerance of 1.00", value: "qbo_status_open" },
    { card: "shop", from: "one sales receipt", value: "qbo_status_paid" },
    { card: "prospect", from: "no document", value: "qbo_status_none" },
    {
      card: "family",
      from: "only the member of another currency is past due: the worst counts",
      value: "qbo_status_overdue",
    },
    { card: "mixed", from: "100 EUR past due less 10.01 EUR unapplied", value: "qbo_status_overdue" },
    { card: "freight", from: "a vendor only", value: null },
  ],
  qbo_open_count: [
    { card: "bakery", from: "two open invoices; the voided one counts nowhere", value: 2 },
    { card: "family", from: "one of the top, one of a member, one of a member's member; not Oslo's", value: 3 },
    { card: "mixed", from: "two in EUR, one in USD", value: 3 },
    { card: "shop", from: "nothing open", value: 0 },
    { card: "freight", from: "a vendor only", value: null },
  ],
  qbo_overdue_count: [
    { card: "bakery", from: "the second invoice is due by the client's terms: 1 November and 30 days", value: 1 },
    { card: "mixed", from: "due yesterday; the one due today is not late", value: 1 },
    { card: "studio", from: "due on the 10th of next month: this month's was too near", value: 0 },
    { card: "freight", from: "a vendor only", value: null },
  ],
  qbo_open_amount: [
    { card: "bakery", from: "200.25 + 140.25", value: 340.5 },
    { card: "cafe", from: "80, before credit", value: 80 },
    { card: "family", from: "100.10 + 50.20 + 25.30; 900 NOK of Oslo in no sum", value: 175.6 },
    { card: "mixed", from: "100 EUR at 1.0837, 54.19 that QuickBooks says itself, 30 USD", value: 192.56 },
    { card: "prospect", from: "no document", value: 0 },
    { card: "freight", from: "a vendor only", value: null },
  ],
  qbo_overdue_amount: [
    { card: "bakery", from: "200.25", value: 200.25 },
    { card: "cafe", from: "80, before credit", value: 80 },
    { card: "late", from: "80 cents: raw, whatever the tolerance", value: 0.8 },
    { card: "mixed", from: "100 EUR at 1.0837", value: 108.37 },
    { card: "freight", from: "a vendor only", value: null },
  ],
  qbo_balance: [
    { card: "bakery", from: "nothing unapplied", value: 340.5 },
    { card: "cafe", from: "80 less the credit of 100", value: -20 },
    { card: "mixed", from: "192.56 less 10.01 EUR at 1.0837, rounded once", value: 181.71 },
    { card: "freight", from: "a vendor only", value: null },
  ],
  qbo_currency: [
    { card: "bakery", from: "a client in USD", value: "USD" },
    { card: "mixed", from: "one client kept in EUR and in USD", value: "MIXED" },
    { card: "family", from: "the top's, whatever Oslo's is", value: "USD" },
    { card: "printer", from: "a vendor in EUR", value: "EUR" },
  ],
  qbo_overdue_since: [
    { card: "bakery", from: "due date of the oldest", value: date("2026-08-31") },
    { card: "mixed", from: "due yesterday", value: date("2026-11-19") },
    { card: "studio", from: "nothing past due", value: null },
    { card: "printer", from: "a vendor's bill is not the client's debt", value: null },
  ],
  qbo_age_bucket: [
    { card: "studio", from: "open, nothing past due", value: "qbo_age_current" },
    { card: "mixed", from: "1 day", value: "qbo_age_1_30" },
    { card: "cafe", from: "41 days", value: "qbo_age_31_60" },
    { card: "bakery", from: "81 days", value: "qbo_age_61_90" },
    { card: "inactive", from: "203 days", value: "qbo_age_91_plus" },
    { card: "shop", from: "nothing open", value: null },
  ],
  qbo_contact: [
    { card: "bakery", from: "'Nora ' and ' Hartwell'", value: "Nora Hartwell" },
    { card: "shop", from: "a family name only", value: "Pine" },
    { card: "cafe", from: "neither", value: null },
  ],
  qbo_email: [
    {
      card: "bakery",
      from: "where the latest invoices went, not the client's own",
      value: "ap@hartwell.example, nora@hartwell.example",
    },
    { card: "studio", from: "two in one field, no invoice names any", value: "post@marsh.example, desk@marsh.example" },
    { card: "family", from: "the invoice of a member's member", value: "roof@rowan.example" },
    { card: "cafe", from: "no valid one", value: null },
  ],
  qbo_phone: [
    { card: "bakery", from: "the primary one before the mobile", value: "(415) 555-0110" },
    { card: "studio", from: "a mobile only", value: "(415) 555-0130" },
    { card: "printer", from: "an alternate one only", value: "+353 1 555 0160" },
    { card: "both", from: "the customer has none; the vendor's is not taken", value: null },
  ],
  qbo_address: [
    {
      card: "bakery",
      from: "lines, one of them empty, one with two blanks",
      value: "12 Mill Road\nBack door\nFairhollow, CA 95999\nUSA",
    },
    { card: "cafe", from: "none", value: null },
  ],
  qbo_terms: [
    { card: "bakery", from: "the name of SalesTermRef", value: "Net 30" },
    { card: "freight", from: "the name of TermRef", value: "Net 30" },
    { card: "both", from: "the customer comes before the vendor", value: "Net 30" },
    { card: "cafe", from: "none", value: null },
  ],
  qbo_last_payment_on: [
    { card: "bakery", from: "a later payment of zero pays nothing", value: date("2026-09-10") },
    { card: "shop", from: "a sales receipt", value: date("2026-10-10") },
    { card: "studio", from: "none", value: null },
  ],
  qbo_last_payment_amount: [
    { card: "bakery", from: "299.75", value: 299.75 },
    { card: "shop", from: "45.00", value: 45 },
    { card: "mixed", from: "10.01 EUR at 1.0837, in the home currency", value: 10.85 },
    { card: "studio", from: "none", value: null },
  ],
  qbo_relation: [
    { card: "bakery", from: "a customer", value: "qbo_relation_customer" },
    { card: "freight", from: "a vendor", value: "qbo_relation_vendor" },
    { card: "both", from: "a customer and a vendor", value: "qbo_relation_both" },
  ],
  qbo_vendor_status: [
    { card: "printer", from: "a bill due on 15 October", value: "qbo_vendor_we_are_late" },
    {
      card: "both",
      from: "a bill of 3 November, due on the 10th by the vendor's terms",
      value: "qbo_vendor_we_are_late",
    },
    { card: "freight", from: "a bill of 15 November with 30 days", value: "qbo_vendor_we_owe" },
    { card: "power", from: "one purchase, paid at once", value: "qbo_vendor_settled" },
    { card: "timber", from: "no document", value: "qbo_vendor_none" },
    { card: "bakery", from: "a customer only", value: null },
  ],
  qbo_vendor_owed: [
    { card: "freight", from: "300.40 less the vendor's credit of 20.15", value: 280.25 },
    { card: "both", from: "44.40", value: 44.4 },
    { card: "power", from: "nothing open", value: 0 },
    { card: "bakery", from: "a customer only", value: null },
  ],
  qbo_active: [
    { card: "bakery", from: "active", value: true },
    { card: "inactive", from: "inactive, and still owes 75", value: false },
  ],
  qbo_link: [
    { card: "bakery", from: "customer 1", value: link("customer", "1") },
    { card: "mixed", from: "customers 10 and 11: the first", value: link("customer", "10") },
    { card: "freight", from: "vendor 2", value: link("vendor", "2") },
  ],
  qbo_key: [
    { card: "bakery", from: "customer 1", value: key("customer:1") },
    { card: "family", from: "the top stands for its family", value: key("customer:6") },
    { card: "mixed", from: "customers 10 and 11", value: key("customer:10", "customer:11") },
    { card: "both", from: "customers before vendors", value: key("customer:12", "vendor:1") },
    { card: "timber", from: "the key that was there", value: key("vendor:5") },
  ],
  qbo_changed_on: [
    { card: "bakery", from: "an invoice changed at 23:30 there, the 20th in UTC", value: date("2026-11-19") },
    { card: "freight", from: "the bill is newer than the vendor", value: date("2026-11-16") },
    { card: "timber", from: "the vendor itself", value: date("2020-01-15") },
  ],
};
