import { Decimal } from "decimal.js";
import { dueDateOf } from "./company-calendar.ts";
import type {
  Bill,
  BillPayment,
  CompanyFile,
  CreditMemo,
  Customer,
  Invoice,
  Item,
  Line,
  Payment,
  Purchase,
  RefundReceipt,
  SalesReceipt,
  Term,
  Vendor,
  VendorCredit,
} from "./company-file.ts";
import { stored } from "./company-reference.ts";

/** What one USD buys is kept out: QuickBooks' rate is home currency per unit of the document's currency. */
const rates: Record<string, number> = { USD: 1, EUR: 1.0837, GBP: 1.2714, CAD: 0.7329 };

/** Amounts travel as whole cents, so that sums are exact; records carry them as QuickBooks' JSON numbers. */
export type Cents = number;

export interface Sale {
  customer: Customer;
  at: string;
  lines: { item: Item; quantity: number; cents: Cents }[];
  mail?: { to?: string | undefined; cc?: string | undefined } | undefined;
}

export interface Ledger {
  documents: Pick<
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
  invoice(sale: Sale & { term: Term | undefined; withoutDueDate?: boolean }): Invoice;
  payment(receipt: {
    customer: Customer;
    at: string;
    cents: Cents;
    applied: { invoice: Invoice; cents: Cents }[];
  }): Payment;
  creditMemo(sale: Sale): CreditMemo;
  /** QuickBooks joins a credit to an invoice by a payment of zero that links both. */
  applyCredit(use: { customer: Customer; at: string; memo: CreditMemo; invoice: Invoice; cents: Cents }): Payment;
  salesReceipt(sale: Sale): SalesReceipt;
  refundReceipt(sale: Sale): RefundReceipt;
  voidInvoice(invoice: Invoice, customer: Customer, at: string): void;
  bill(purchase: { vendor: Vendor; at: string; cents: Cents; term: Term | undefined; numbered: boolean }): Bill;
  vendorCredit(credit: { vendor: Vendor; at: string; cents: Cents }): VendorCredit;
  billPayment(paid: {
    vendor: Vendor;
    at: string;
    applied: { bill: Bill; cents: Cents }[];
    credit?: VendorCredit;
  }): BillPayment;
  purchase(spent: { vendor: Vendor; at: string; cents: Cents }): Purchase;
}

export const centsOf = (amount: number): Cents => Math.round(amount * 100);
const amountOf = (cents: Cents): number => cents / 100;

/**
 * Posts documents as QuickBooks does: balances of documents, links both ways, SyncToken of what a payment touches, and
 * `LastUpdatedTime` of the party without its SyncToken. Call it in the order of time: ids and numbers follow it.
 */
export function createLedger(): Ledger {
  const documents: Ledger["documents"] = {
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
  const nextId = () => String((counters.transaction += 1));

  /** `Id` first, then what every transaction has. */
  const opening = (party: Customer | Vendor, at: string) => {
    party.MetaData.LastUpdatedTime = at;
    const CurrencyRef = { ...party.CurrencyRef };
    return {
      ...stored(nextId(), at),
      TxnDate: at.slice(0, 10),
      CurrencyRef,
      ExchangeRate: rates[CurrencyRef.value] ?? 1,
    };
  };
  const home = (cents: Cents, rate: number) => new Decimal(cents).times(rate).div(100).toDecimalPlaces(2).toNumber();
  const form = ({ customer, at, lines, mail }: Sale) => {
    const cents = lines.reduce((sum, line) => sum + line.cents, 0);
    const head = opening(customer, at);
    return {
      ...head,
      DocNumber: String((counters.form += 1)),
      Line: saleLines(lines),
      TotalAmt: amountOf(cents),
      CustomerRef: {
        value: customer.Id,
        name: customer.DisplayName,
      },
      HomeTotalAmt: home(cents, head.ExchangeRate),
      ...(mail?.to === undefined ? {} : { BillEmail: { Address: mail.to } }),
      ...(mail?.cc === undefined ? {} : { BillEmailCc: { Address: mail.cc } }),
      EmailStatus: mail?.to === undefined ? ("NotSet" as const) : ("EmailSent" as const),
    };
  };
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
  const received = (customer: Customer, at: string, cents: Cents, unapplied: Cents): Payment => ({
    ...opening(customer, at),
    CustomerRef: {
      value: customer.Id,
      name: customer.DisplayName,
    },
    TotalAmt: amountOf(cents),
    UnappliedAmt: amountOf(unapplied),
    ProcessPayment: false,
    Line: [],
    PaymentRefNum: String((counters.receipt += 1)),
    DepositToAccountRef: { value: "9" },
  });

  return {
    documents,
    invoice(sale) {
      const made: Invoice = { ...form(sale), Balance: 0, HomeBalance: 0, LinkedTxn: [] };
      made.Balance = made.TotalAmt;
      made.HomeBalance = made.HomeTotalAmt;
      if (sale.term) made.SalesTermRef = { value: sale.term.Id };
      if (sale.withoutDueDate !== true) made.DueDate = dueDateOf(made.TxnDate, sale.term ?? {});
      documents.Invoice.push(made);
      return made;
    },
    payment({ customer, at, cents, applied }) {
      const used = applied.reduce((sum, part) => sum + part.cents, 0);
      const made = received(customer, at, cents, cents - used);
      for (const { invoice, cents: part } of applied) {
        made.Line.push({ Amount: amountOf(part), LinkedTxn: [{ TxnId: invoice.Id, TxnType: "Invoice" }] });
        settle(invoice, part, { at, TxnId: made.Id, TxnType: "Payment" });
      }
      documents.Payment.push(made);
      return made;
    },
    creditMemo(sale) {
      const made: CreditMemo = { ...form(sale), Balance: 0, RemainingCredit: 0, LinkedTxn: [] };
      made.Balance = made.TotalAmt;
      made.RemainingCredit = made.TotalAmt;
      documents.CreditMemo.push(made);
      return made;
    },
    applyCredit({ customer, at, memo, invoice, cents }) {
      const made = received(customer, at, 0, 0);
      made.Line.push({ Amount: amountOf(cents), LinkedTxn: [{ TxnId: invoice.Id, TxnType: "Invoice" }] });
      made.Line.push({ Amount: amountOf(cents), LinkedTxn: [{ TxnId: memo.Id, TxnType: "CreditMemo" }] });
      settle(invoice, cents, { at, TxnId: made.Id, TxnType: "Payment" });
      memo.RemainingCredit = amountOf(centsOf(memo.RemainingCredit) - cents);
      memo.Balance = memo.RemainingCredit;
      memo.LinkedTxn.push({ TxnId: made.Id, TxnType: "Payment" });
      touch(memo, at);
      documents.Payment.push(made);
      return made;
    },
    salesReceipt(sale) {
      const made: SalesReceipt = { ...form(sale), Balance: 0 };
      documents.SalesReceipt.push(made);
      return made;
    },
    refundReceipt(sale) {
      const made: RefundReceipt = { ...form(sale), Balance: 0, DepositToAccountRef: { value: "1" } };
      documents.RefundReceipt.push(made);
      return made;
    },
    voidInvoice(invoice, customer, at) {
      if ((invoice.LinkedTxn ?? []).length > 0) throw new RangeError(`invoice ${invoice.Id} has payments`);
      for (const line of invoice.Line) {
        line.Amount = 0;
        if (line.SalesItemLineDetail) Object.assign(line.SalesItemLineDetail, { UnitPrice: 0, Qty: 0 });
      }
      Object.assign(invoice, { TotalAmt: 0, Balance: 0, HomeTotalAmt: 0, HomeBalance: 0, PrivateNote: "Voided" });
      touch(invoice, at);
      customer.MetaData.LastUpdatedTime = at;
    },
    bill({ vendor, at, cents, term, numbered }) {
      const head = opening(vendor, at);
      const made: Bill = {
        ...head,
        VendorRef: {
          value: vendor.Id,
          name: vendor.DisplayName,
        },
        Line: expenseLines(cents),
        ...(numbered ? { DocNumber: `V${head.Id}` } : {}),
        ...(term ? { SalesTermRef: { value: term.Id } } : {}),
        DueDate: dueDateOf(head.TxnDate, term ?? {}),
        APAccountRef: {
          value: "3",
          name: "Accounts Payable (A/P)",
        },
        TotalAmt: amountOf(cents),
        Balance: amountOf(cents),
        HomeBalance: home(cents, head.ExchangeRate),
        LinkedTxn: [],
      };
      documents.Bill.push(made);
      return made;
    },
    vendorCredit({ vendor, at, cents }) {
      const head = opening(vendor, at);
      const made: VendorCredit = {
        ...head,
        VendorRef: {
          value: vendor.Id,
          name: vendor.DisplayName,
        },
        DocNumber: `C${head.Id}`,
        APAccountRef: {
          value: "3",
          name: "Accounts Payable (A/P)",
        },
        Line: expenseLines(cents),
        TotalAmt: amountOf(cents),
        Balance: amountOf(cents),
        LinkedTxn: [],
      };
      documents.VendorCredit.push(made);
      return made;
    },
    billPayment({ vendor, at, applied, credit }) {
      const head = opening(vendor, at);
      const line = (cents: Cents, TxnId: string, TxnType: string): Line => ({
        Amount: amountOf(cents),
        LinkedTxn: [
          {
            TxnId,
            TxnType,
          },
        ],
      });
      const total = applied.reduce((sum, part) => sum + part.cents, 0);
      const fromCredit = credit ? Math.min(total, centsOf(credit.Balance)) : 0;
      const made: BillPayment = {
        ...head,
        VendorRef: {
          value: vendor.Id,
          name: vendor.DisplayName,
        },
        PayType: "Check" as const,
        DocNumber: String((counters.cheque += 1)),
        CheckPayment: {
          BankAccountRef: {
            value: "1",
            name: "Checking",
          },
        },
        TotalAmt: amountOf(total - fromCredit),
        Line: applied.map((part) => line(part.cents, part.bill.Id, "Bill")),
      };
      for (const { bill, cents } of applied) settle(bill, cents, { at, TxnId: made.Id, TxnType: "BillPaymentCheck" });
      if (credit) {
        made.Line.push(line(fromCredit, credit.Id, "VendorCredit"));
        credit.Balance = amountOf(centsOf(credit.Balance) - fromCredit);
        credit.LinkedTxn.push({ TxnId: made.Id, TxnType: "BillPaymentCheck" });
        touch(credit, at);
      }
      documents.BillPayment.push(made);
      return made;
    },
    purchase({ vendor, at, cents }) {
      const made: Purchase = {
        ...opening(vendor, at),
        EntityRef: {
          value: vendor.Id,
          name: vendor.DisplayName,
          type: "Vendor",
        },
        AccountRef: {
          value: "8",
          name: "Visa Card",
        },
        PaymentType: "CreditCard",
        Line: expenseLines(cents),
        TotalAmt: amountOf(cents),
      };
      documents.Purchase.push(made);
      return made;
    },
  };
}

function saleLines(lines: Sale["lines"]): Line[] {
  const total = lines.reduce((sum, line) => sum + line.cents, 0);
  const sold = lines.map(({ item, quantity, cents }, index): Line => {
    const ItemRef = { value: item.Id, name: item.Name };
    const SalesItemLineDetail = {
      ItemRef,
      UnitPrice: cents / quantity / 100,
      Qty: quantity,
      TaxCodeRef: { value: "NON" },
    };
    return {
      Id: String(index + 1),
      LineNum: index + 1,
      Description: item.Description,
      Amount: amountOf(cents),
      LinkedTxn: [],
      DetailType: "SalesItemLineDetail",
      SalesItemLineDetail,
    };
  });
  return [...sold, { Amount: amountOf(total), DetailType: "SubTotalLineDetail", SubTotalLineDetail: {} }];
}

function expenseLines(cents: Cents): Line[] {
  const AccountRef = { value: "6", name: "Office Expenses" };
  const AccountBasedExpenseLineDetail = { AccountRef, BillableStatus: "NotBillable" };
  const detail = { DetailType: "AccountBasedExpenseLineDetail", AccountBasedExpenseLineDetail };
  return [{ Id: "1", LineNum: 1, Amount: amountOf(cents), LinkedTxn: [], ...detail }];
}
