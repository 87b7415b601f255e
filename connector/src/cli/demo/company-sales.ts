import { dueDateOf } from "./company-calendar.ts";
import type {
  CreditMemo,
  Customer,
  Invoice,
  Item,
  Line,
  Payment,
  RefundReceipt,
  SalesReceipt,
  Term,
} from "./company-file.ts";
import { amountOf, type Cents, centsOf, type Posting } from "./company-posting.ts";

export interface Sale {
  customer: Customer;
  at: string;
  lines: { item: Item; quantity: number; cents: Cents }[];
  mail?: { to?: string | undefined; cc?: string | undefined } | undefined;
}

/** What a client and its bookkeeper enter. */
export interface Sales {
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
}

export function createSales(posting: Posting): Sales {
  const { documents, counters, opening, home, touch, settle } = posting;
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
