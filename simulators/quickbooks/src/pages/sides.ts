import { type Company, type EntityName, type Row, recordIn, recordOf, tableOf } from "../company/index.ts";
import { type JsonRecord, recordAt, textAt } from "../json.ts";

/** Customers and vendors are shown alike: who, what they owe or are owed, and how it is paid. */
export interface Side {
  readonly path: "customers" | "vendors";
  readonly party: "Customer" | "Vendor";
  readonly form: "Invoice" | "Bill";
  readonly payment: "Payment" | "BillPayment";
  readonly reference: "CustomerRef" | "VendorRef";
}

const sides: readonly Side[] = [
  { path: "customers", party: "Customer", form: "Invoice", payment: "Payment", reference: "CustomerRef" },
  { path: "vendors", party: "Vendor", form: "Bill", payment: "BillPayment", reference: "VendorRef" },
];

export function sideAt(path: string): Side | undefined {
  return sides.find((side) => side.path === path);
}

/** `invoices` or `bills`. */
export function sideOfForm(path: string): Side | undefined {
  return sides.find((side) => `${side.form.toLowerCase()}s` === path);
}

export function companyName(company: Company): string {
  return textAt(recordIn(company, "CompanyInfo", "1") ?? {}, "CompanyName") ?? company.realm;
}

export function amountText(record: JsonRecord, field: string): string {
  const value = record[field];
  const currency = textAt(recordAt(record, "CurrencyRef") ?? {}, "value") ?? "";
  return typeof value === "number" ? `${value.toFixed(2)} ${currency}`.trim() : "";
}

/** Newest first; a page is for people, so it shows so many and says when there are more. */
export const mostShown = 200;

export function rowsMatching(
  company: Company,
  entity: EntityName,
  search: string,
): { shown: JsonRecord[]; more: boolean } {
  const wanted = search.trim().toLowerCase();
  const found: Row[] = [];
  for (const row of tableOf(company, entity).all()) {
    if (wanted !== "" && !row.json.toLowerCase().includes(wanted)) continue;
    found.push(row);
    if (found.length > mostShown) break;
  }
  return { shown: found.slice(0, mostShown).map(recordOf), more: found.length > mostShown };
}
