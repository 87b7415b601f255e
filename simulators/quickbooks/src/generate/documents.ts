import { common, pacificTime } from "../company/index.ts";
import type { JsonRecord } from "../json.ts";
import type { Dice } from "./dice.ts";

/** The life of one made-up invoice or bill. Amounts in cents. */
export interface DocumentPlan {
  readonly id: number;
  readonly createdMs: number;
  readonly total: number;
  readonly paid: number;
  readonly isVoid: boolean;
  /** Of the payment, when anything was paid. */
  readonly paymentId: number | undefined;
  readonly paidMs: number;
}

const voids = 0.02;
const settled = 0.6;
const partly = 0.12;
const dayMs = 86_400_000;

export function planDocument(nextId: () => number, window: { fromMs: number; toMs: number }, dice: Dice): DocumentPlan {
  const createdMs = window.fromMs + dice.below(window.toMs - window.fromMs);
  const total = 1000 + dice.below(500_000);
  const isVoid = dice.chance(voids);
  const fate = dice.fraction();
  const paid = isVoid ? 0 : fate < settled ? total : fate < settled + partly ? 100 + dice.below(total - 200) : 0;
  const id = nextId();
  return {
    id,
    createdMs,
    total: isVoid ? 0 : total,
    paid,
    isVoid,
    paymentId: paid > 0 ? nextId() : undefined,
    // Within sixty days, or within what is left of them: nobody has paid everything that is due in the last minute.
    paidMs: createdMs + Math.floor((dice.below(60) / 60) * Math.min(60 * dayMs, window.toMs - createdMs)),
  };
}

interface Form {
  readonly plan: DocumentPlan;
  readonly party: JsonRecord;
  readonly currency: JsonRecord;
  readonly rate: number;
}

function meta(plan: DocumentPlan): JsonRecord {
  const changedMs = plan.paid > 0 ? plan.paidMs : plan.createdMs;
  return {
    ...common(String(plan.id), plan.createdMs),
    SyncToken: plan.paid > 0 || plan.isVoid ? "1" : "0",
    MetaData: { CreateTime: pacificTime(plan.createdMs), LastUpdatedTime: pacificTime(changedMs) },
  };
}

function dateOf(ms: number): string {
  return pacificTime(ms).slice(0, 10);
}

function home(form: Form, total: number, open: number): JsonRecord {
  return {
    ExchangeRate: form.rate,
    HomeTotalAmt: Math.round(total * form.rate) / 100,
    HomeBalance: Math.round(open * form.rate) / 100,
  };
}

export function invoiceRecord(form: Form): JsonRecord {
  const { plan, party, currency } = form;
  const amount = plan.total / 100;
  return {
    ...meta(plan),
    CustomField: [],
    DocNumber: String(1000 + plan.id),
    TxnDate: dateOf(plan.createdMs),
    CurrencyRef: currency,
    ...home(form, plan.total, plan.total - plan.paid),
    ...(plan.isVoid ? { PrivateNote: "Voided" } : {}),
    ...(plan.paymentId === undefined ? {} : { LinkedTxn: [{ TxnId: String(plan.paymentId), TxnType: "Payment" }] }),
    Line: [
      {
        Id: "1",
        LineNum: 1,
        Amount: amount,
        DetailType: "SalesItemLineDetail",
        SalesItemLineDetail: { ItemRef: { value: "1", name: "Services" }, UnitPrice: amount, Qty: 1 },
      },
      { Amount: amount, DetailType: "SubTotalLineDetail", SubTotalLineDetail: {} },
    ],
    CustomerRef: party,
    SalesTermRef: { value: "3", name: "Net 30" },
    DueDate: dateOf(plan.createdMs + 30 * dayMs),
    TotalAmt: amount,
    PrintStatus: "NeedToPrint",
    EmailStatus: "NotSet",
    Balance: (plan.total - plan.paid) / 100,
  };
}

export function paymentRecord({ plan, party, currency, rate }: Form): JsonRecord {
  const amount = plan.paid / 100;
  return {
    CustomerRef: party,
    TotalAmt: amount,
    UnappliedAmt: 0,
    ProcessPayment: false,
    ...common(String(plan.paymentId ?? 0), plan.paidMs),
    TxnDate: dateOf(plan.paidMs),
    CurrencyRef: currency,
    ExchangeRate: rate,
    Line: [{ Amount: amount, LinkedTxn: [{ TxnId: String(plan.id), TxnType: "Invoice" }] }],
  };
}

export function billRecord({ plan, party, currency }: Form): JsonRecord {
  const amount = plan.total / 100;
  return {
    SalesTermRef: { value: "3" },
    DueDate: dateOf(plan.createdMs + 30 * dayMs),
    Balance: (plan.total - plan.paid) / 100,
    ...meta(plan),
    TxnDate: dateOf(plan.createdMs),
    CurrencyRef: currency,
    ...(plan.paymentId === undefined
      ? {}
      : { LinkedTxn: [{ TxnId: String(plan.paymentId), TxnType: "BillPaymentCheck" }] }),
    Line: [
      {
        Id: "1",
        LineNum: 1,
        Amount: amount,
        DetailType: "AccountBasedExpenseLineDetail",
        AccountBasedExpenseLineDetail: { AccountRef: { value: "7", name: "Expense" }, BillableStatus: "NotBillable" },
      },
    ],
    VendorRef: party,
    APAccountRef: { value: "33", name: "Accounts Payable (A/P)" },
    TotalAmt: amount,
  };
}

export function billPaymentRecord({ plan, party, currency }: Form): JsonRecord {
  const amount = plan.paid / 100;
  return {
    VendorRef: party,
    PayType: "Check",
    CheckPayment: { BankAccountRef: { value: "35", name: "Checking" }, PrintStatus: "NotSet" },
    TotalAmt: amount,
    ...common(String(plan.paymentId ?? 0), plan.paidMs),
    TxnDate: dateOf(plan.paidMs),
    CurrencyRef: currency,
    Line: [{ Amount: amount, LinkedTxn: [{ TxnId: String(plan.id), TxnType: "Bill" }] }],
  };
}
