import type { CardName } from "../../flow/default-fields/company.ts";

interface Golden {
  fields?: Record<string, string | number | null>;
  notes?: string;
}

const date = (day: string) => `${day}T00:00:00+00:00`;
const block = (...lines: string[]) =>
  [
    "--- QuickBooks: kept current by ml-connector, changes in here are overwritten ---",
    ...lines,
    "--- End of QuickBooks ---",
  ].join("\n");

/**
 * What a preset shows beyond the default fields, worked out by hand from the sample company on 20 November 2026.
 *
 *   bakery: H-101 of 200.25 was due on 31 August, 81 days ago; H-102 of 140.25 is due on 1 December (1 November and 30 days).
 *   cafe:   80 was due on 10 October, 41 days ago; a credit memo of 100 is not applied.
 *   mixed:  100 EUR (at 1.0837) was due yesterday, 50 EUR (54.19 as QuickBooks says) is due today, 30 USD on 2 December; a payment of
 *           10.01 EUR is not applied.
 *   shop:   one sales receipt of 45.    freight: a vendor; 300.40 due on 15 December.    printer: 120 EUR was due on 15 October.
 */
export const golden: Readonly<Record<string, Partial<Record<CardName, Golden>>>> = {
  receivables: {
    bakery: {
      fields: {
        qbo_credit: 0,
        // The voided H-103 of the day after counts nowhere.
        qbo_last_invoice_number: "H-102",
        qbo_last_invoice_on: date("2026-11-01"),
        qbo_last_invoice_amount: 140.25,
      },
    },
    cafe: { fields: { qbo_credit: 100, qbo_last_invoice_on: date("2026-09-10"), qbo_last_invoice_amount: 80 } },
    // 10.01 at 1.0837 is 10.8478; the latest invoice is the one in USD.
    mixed: { fields: { qbo_credit: 10.85, qbo_last_invoice_on: date("2026-11-02"), qbo_last_invoice_amount: 30 } },
    // A sales receipt counts as an invoice and as its payment.
    shop: { fields: { qbo_credit: 0, qbo_last_invoice_on: date("2026-10-10"), qbo_last_invoice_amount: 45 } },
    freight: { fields: { qbo_credit: null, qbo_last_invoice_on: null, qbo_last_invoice_number: null } },
  },
  "full-aging": {
    bakery: {
      fields: {
        qbo_aging_current: 140.25,
        qbo_aging_1_30: 0,
        qbo_aging_31_60: 0,
        qbo_aging_61_90: 200.25,
        qbo_aging_91_plus: 0,
        qbo_credit: 0,
      },
      notes: block(
        "Open: 340.50 USD, of that late: 200.25",
        "H-101, due 2026-08-31: 200.25 USD (late)",
        "H-102, due 2026-12-01: 140.25 USD",
      ),
    },
    cafe: {
      fields: { qbo_aging_current: 0, qbo_aging_1_30: 0, qbo_aging_31_60: 80, qbo_aging_61_90: 0, qbo_credit: 100 },
      notes: block("Open: 80.00 USD, of that late: 80.00", "Invoice, due 2026-10-10: 80.00 USD (late)"),
    },
    mixed: {
      // 54.19 + 30; due today is not late.
      fields: { qbo_aging_current: 84.19, qbo_aging_1_30: 108.37, qbo_aging_31_60: 0, qbo_credit: 10.85 },
      notes: block(
        "Open: 192.56 USD, of that late: 108.37",
        "Invoice, due 2026-11-19: 100.00 EUR (late)",
        "Invoice, due 2026-11-20: 50.00 EUR",
        "Invoice, due 2026-12-02: 30.00 USD",
      ),
    },
    // 6 November, terms on the 10th; 4 days before is too near, so it is the next month's.
    studio: { fields: { qbo_aging_current: 60.5 } },
    both: { notes: block("Open: 10.00 USD, of that late: 0.00", "Invoice, due 2026-12-01: 10.00 USD") },
    // 14 November is 6 days ago: raw, whatever the tolerance.
    late: {
      fields: { qbo_aging_1_30: 0.8 },
      notes: block("Open: 0.80 USD, of that late: 0.80", "Invoice, due 2026-11-14: 0.80 USD (late)"),
    },
    // 1 May is 203 days ago.
    inactive: {
      fields: { qbo_aging_91_plus: 75 },
      notes: block("Open: 75.00 USD, of that late: 75.00", "Invoice, due 2026-05-01: 75.00 USD (late)"),
    },
    family: {
      fields: { qbo_aging_current: 175.6, qbo_aging_1_30: 0 },
      // Oslo's 900 NOK stand in no sum, and on a line of their own.
      notes: block(
        "Open: 175.60 USD, of that late: 0.00",
        "Invoice, due 2026-10-31: 900.00 NOK (late)",
        "Invoice, due 2026-12-10: 100.10 USD",
        "Invoice, due 2026-12-11: 50.20 USD",
        "Invoice, due 2026-12-12: 25.30 USD",
      ),
    },
    freight: { fields: { qbo_aging_current: null, qbo_credit: null } },
  },
  "vendor-desk": {
    freight: {
      fields: {
        qbo_vendor_open_count: 1,
        qbo_vendor_overdue_count: 0,
        qbo_vendor_overdue_amount: 0,
        qbo_vendor_overdue_since: null,
      },
    },
    printer: {
      fields: {
        qbo_vendor_open_count: 1,
        qbo_vendor_overdue_count: 1,
        qbo_vendor_overdue_amount: 120,
        qbo_vendor_overdue_since: date("2026-10-15"),
      },
    },
    power: { fields: { qbo_vendor_open_count: 0, qbo_vendor_overdue_amount: 0 } },
    bakery: {
      fields: { qbo_vendor_open_count: null, qbo_vendor_overdue_amount: null, qbo_vendor_overdue_since: null },
    },
  },
  "status-only": {},
};
