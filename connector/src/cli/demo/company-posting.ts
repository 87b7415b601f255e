import { Decimal } from "decimal.js";
import type { Bill, CompanyFile, Customer, Invoice, Vendor } from "./company-file.ts";
import { stored } from "./company-reference.ts";

/** Home currency (US dollars) per unit of the document's currency, as QuickBooks states its rates. */
const rates: Record<string, number> = { USD: 1, EUR: 1.0837, GBP: 1.2714, CAD: 0.7329 };

/** Amounts travel as whole cents, so that sums are exact; records carry them as QuickBooks' JSON numbers. */
export type Cents = number;

export const centsOf = (amount: number): Cents => Math.round(amount * 100);
export const amountOf = (cents: Cents): number => cents / 100;

export type Documents = Pick<
  CompanyFile,
  | "Invoice"
  | "CreditMemo"
  | "Payment"
  | "SalesReceipt"
  | "RefundReceipt"
  | "Bill"
  | "VendorCredit"
  | "BillPayment"
  | "Purchase"
>;

/** What all postings share: the documents so far, the numbers given, and what settling one by another changes. */
export type Posting = ReturnType<typeof beginPosting>;

export function beginPosting() {
  const documents: Documents = {
    Invoice: [],
    CreditMemo: [],
    Payment: [],
    SalesReceipt: [],
    RefundReceipt: [],
    Bill: [],
    VendorCredit: [],
    BillPayment: [],
    Purchase: [],
  };
  const counters = { transaction: 100, form: 1000, receipt: 7000, cheque: 300 };

  /** `Id` first, then what every transaction has. */
  const opening = (party: Customer | Vendor, at: string) => {
    party.MetaData.LastUpdatedTime = at;
    const CurrencyRef = { ...party.CurrencyRef };
    return {
      ...stored((counters.transaction += 1), at),
      TxnDate: at.slice(0, 10),
      CurrencyRef,
      ExchangeRate: rates[CurrencyRef.value] ?? 1,
    };
  };
  const home = (cents: Cents, rate: number) => new Decimal(cents).times(rate).div(100).toDecimalPlaces(2).toNumber();
  const touch = (record: { SyncToken: string; MetaData: { LastUpdatedTime: string } }, at: string) => {
    record.SyncToken = String(Number(record.SyncToken) + 1);
    record.MetaData.LastUpdatedTime = at;
  };
  const settle = (open: Invoice | Bill, cents: Cents, by: { at: string; TxnId: string; TxnType: string }) => {
    const rest = centsOf(open.Balance) - cents;
    if (rest < 0) throw new RangeError(`document ${open.Id} would be overpaid`);
    open.Balance = amountOf(rest);
    open.HomeBalance = home(rest, open.ExchangeRate);
    (open.LinkedTxn ??= []).push({ TxnId: by.TxnId, TxnType: by.TxnType });
    touch(open, by.at);
  };
  return { documents, counters, opening, home, touch, settle };
}
