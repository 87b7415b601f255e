import type { Row } from "./rows.ts";

/** What people do in QuickBooks after the first load; `silent`: the webhook is lost. */
export const mutations: readonly object[] = [
  {
    entity: "Payment",
    operation: "create",
    record: {
      CustomerRef: { value: "1" },
      TxnDate: "2026-11-20",
      TotalAmt: 200.25,
      Line: [{ Amount: 200.25, LinkedTxn: [{ TxnId: "101", TxnType: "Invoice" }] }],
    },
  },
  { entity: "Customer", operation: "update", id: "3", record: { Mobile: { FreeFormNumber: "" } } },
  { entity: "Customer", operation: "update", id: "2", record: { SalesTermRef: { value: "3" }, GivenName: "Kit" } },
  { entity: "Vendor", operation: "inactivate", id: "4" },
  { entity: "Customer", operation: "merge", id: "5", into: "4" },
].map((mutation) => ({ ...mutation, silent: true }));

const date = (day: string) => `${day}T00:00:00+00:00`;
const paid = "the invoice that was past due is paid";
const merged = "its only party is merged into another";

export const later: readonly (Row & { field: string })[] = [
  { card: "bakery", field: "qbo_status", from: paid, value: "qbo_status_open" },
  { card: "bakery", field: "qbo_open_count", from: paid, value: 1 },
  { card: "bakery", field: "qbo_open_amount", from: paid, value: 140.25 },
  { card: "bakery", field: "qbo_overdue_count", from: paid, value: 0 },
  { card: "bakery", field: "qbo_overdue_amount", from: paid, value: 0 },
  { card: "bakery", field: "qbo_overdue_since", from: paid, value: null },
  { card: "bakery", field: "qbo_age_bucket", from: paid, value: "qbo_age_current" },
  { card: "bakery", field: "qbo_last_payment_on", from: paid, value: date("2026-11-20") },
  { card: "bakery", field: "qbo_last_payment_amount", from: paid, value: 200.25 },
  { card: "studio", field: "qbo_phone", from: "the only number is taken out", value: null },
  { card: "cafe", field: "qbo_terms", from: "terms are agreed", value: "Net 30" },
  { card: "cafe", field: "qbo_contact", from: "a given name is entered", value: "Kit" },
  { card: "power", field: "qbo_active", from: "the vendor is made inactive", value: false },
  { card: "prospect", field: "qbo_status", from: merged, value: "qbo_status_merged" },
  { card: "prospect", field: "qbo_open_count", from: merged, value: null },
  { card: "prospect", field: "qbo_link", from: merged, value: null },
];
