import { dueDateOf } from "./company-calendar.ts";
import type { Bill, BillPayment, Line, Purchase, Term, Vendor, VendorCredit } from "./company-file.ts";
import { amountOf, type Cents, centsOf, type Posting } from "./company-posting.ts";

/** What we enter of our vendors. */
export interface Payables {
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

export function createPayables(posting: Posting): Payables {
  const { documents, counters, opening, home, touch, settle } = posting;
  return {
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

function expenseLines(cents: Cents): Line[] {
  const AccountRef = { value: "6", name: "Office Expenses" };
  const AccountBasedExpenseLineDetail = { AccountRef, BillableStatus: "NotBillable" };
  const detail = { DetailType: "AccountBasedExpenseLineDetail", AccountBasedExpenseLineDetail };
  return [{ Id: "1", LineNum: 1, Amount: amountOf(cents), LinkedTxn: [], ...detail }];
}
