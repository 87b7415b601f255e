import { addDays, dueDateOf, stampOn } from "./company-calendar.ts";
import type { Customer, Invoice, Item, Term } from "./company-file.ts";
import type { Ledger } from "./company-ledger.ts";
import { centsOf } from "./company-posting.ts";
import type { Habit } from "./company-roster.ts";
import type { Sale } from "./company-sales.ts";
import type { Random } from "./random.ts";

/** Something that somebody enters at a moment; run in the order of time. */
export interface Planned {
  at: string;
  run(at: string): void;
}

export interface Books {
  ledger: Ledger;
  random: Random;
  today: string;
  items: readonly Item[];
  terms: ReadonlyMap<string, Term>;
}

/** What a customer of this habit buys and pays, from two years ago until yesterday. */
export function planCustomer(books: Books, customer: Customer, habit: Habit): Planned[] {
  const { random } = books;
  switch (habit) {
    case "regular":
      return [...planInvoices(books, customer, random.between(4, 10)), ...planExtras(books, customer)];
    case "occasional":
      return planInvoices(books, customer, random.between(1, 4));
    case "cash":
      return planReceipts(books, customer, random.between(3, 7));
    case "dormant":
      return planSettled(books, customer, { from: -1000, to: -800, count: random.between(1, 3) });
    case "closed":
      return planSettled(books, customer, { from: -600, to: -90, count: random.between(1, 2) });
    case "closed-owing":
      return planUnpaid(books, customer);
    case "new":
    case "quiet":
      return [];
  }
}

function planInvoices(books: Books, customer: Customer, count: number): Planned[] {
  const { random, today } = books;
  const mailed = random.chance(0.6);
  const planned: Planned[] = [];
  const open: Invoice[] = [];
  for (let made = 0; made < count; made += 1) {
    // The first one keeps its client in scope; every third one is recent, so that much is open.
    const back =
      made === 0 ? random.between(10, 600) : made % 3 === 2 ? random.between(1, 45) : random.between(20, 780);
    const day = addDays(today, -back);
    const at = stampOn(day, random);
    const term = books.terms.get(customer.SalesTermRef?.value ?? "");
    const invoice: { made?: Invoice } = {};
    planned.push({ at, run: () => enterInvoice(books, { customer, at, term, mailed, invoice, open }) });
    const fate = random.between(0, 99);
    const paidOn = addDays(dueDateOf(day, term ?? {}), random.between(-8, 25));
    if (fate < 4) planned.push(voidAfter(books, customer, day, invoice));
    else if (fate < 78 && paidOn > day && paidOn < today)
      planned.push(payOn(books, { customer, day: paidOn, invoice, open, fate }));
  }
  return planned;
}

function enterInvoice(
  books: Books,
  entry: {
    customer: Customer;
    at: string;
    term: Term | undefined;
    mailed: boolean;
    invoice: { made?: Invoice };
    open: Invoice[];
  },
): void {
  const { customer, at, term, mailed } = entry;
  const sale = saleOf(books, customer, at);
  const mail = mailed ? { to: firstAddress(customer), cc: copyTo(books, customer) } : undefined;
  // A few lack the date, as imported ones do: then the terms tell, and without terms nothing does.
  const withoutDueDate = books.random.chance(0.03);
  entry.invoice.made = books.ledger.invoice({ ...sale, term, mail, withoutDueDate });
  entry.open.push(entry.invoice.made);
}

function firstAddress(customer: Customer): string | undefined {
  return customer.PrimaryEmailAddr?.Address.split(/[,;]/)[0]?.trim();
}

/** Some invoices go to the warehouse too, and a few to a list that is longer than a text field of Zendesk. */
function copyTo(books: Books, customer: Customer): string | undefined {
  const domain = firstAddress(customer)?.split("@")[1];
  if (domain === undefined || !domain.endsWith(".example")) return undefined;
  const roll = books.random.between(0, 99);
  if (roll < 12) return `warehouse@${domain}`;
  if (roll >= 97) return `goods.in@${domain}, reception@${domain}`;
  return undefined;
}

function voidAfter(books: Books, customer: Customer, day: string, invoice: { made?: Invoice }): Planned {
  const later = addDays(day, 1);
  const at = stampOn(later < books.today ? later : day, books.random);
  return {
    at,
    run() {
      // Voided before anybody paid; on the same day the void may have been drawn before the entry.
      if (invoice.made && (invoice.made.LinkedTxn ?? []).length === 0)
        books.ledger.voidInvoice(invoice.made, customer, at);
    },
  };
}

function payOn(
  books: Books,
  plan: { customer: Customer; day: string; invoice: { made?: Invoice }; open: Invoice[]; fate: number },
): Planned {
  const { ledger, random } = books;
  const { customer, invoice, open, fate } = plan;
  const at = stampOn(plan.day, random);
  const shape = fate < 12 ? "partly" : fate < 18 ? "too much" : fate < 26 ? "two at once" : "in full";
  const share = random.between(30, 70);
  return {
    at,
    run() {
      const due = invoice.made;
      if (due === undefined || due.Balance === 0) return;
      const owed = centsOf(due.Balance);
      const cents = shape === "partly" ? Math.max(1, Math.floor((owed * share) / 100)) : owed;
      const applied = [{ invoice: due, cents }];
      const other = open.find((one) => one !== due && one.Balance > 0);
      if (shape === "two at once" && other) applied.push({ invoice: other, cents: centsOf(other.Balance) });
      const total = applied.reduce((sum, part) => sum + part.cents, 0) + (shape === "too much" ? 2500 : 0);
      ledger.payment({ customer, at, cents: total, applied });
    },
  };
}

/** Credit memos (used and unused), payments on account, and receipts over the counter. */
function planExtras(books: Books, customer: Customer): Planned[] {
  const { ledger, random } = books;
  const planned: Planned[] = [];
  const moment = () => stampOn(addDays(books.today, -random.between(1, 400)), random);
  if (random.chance(0.3)) {
    const at = moment();
    const used = random.chance(0.5);
    planned.push({ at, run: () => enterCreditMemo(books, customer, at, used) });
  }
  if (random.chance(0.1)) {
    const at = moment();
    const cents = random.between(20_00, 400_00);
    planned.push({ at, run: () => ledger.payment({ customer, at, cents, applied: [] }) });
  }
  if (random.chance(0.25)) planned.push(...planReceipts(books, customer, 1));
  return planned;
}

function enterCreditMemo(books: Books, customer: Customer, at: string, used: boolean): void {
  const memo = books.ledger.creditMemo(saleOf(books, customer, at, 1));
  const invoice = books.ledger.documents.Invoice.find(
    (one) => one.CustomerRef.value === customer.Id && one.Balance > 0,
  );
  if (!used || invoice === undefined) return;
  const cents = Math.min(centsOf(memo.Balance), centsOf(invoice.Balance));
  books.ledger.applyCredit({ customer, at, memo, invoice, cents });
}

function planReceipts(books: Books, customer: Customer, count: number): Planned[] {
  const { ledger, random } = books;
  const planned: Planned[] = [];
  for (let made = 0; made < count; made += 1) {
    const day = addDays(books.today, -random.between(5, 600));
    const at = stampOn(day, random);
    planned.push({ at, run: () => ledger.salesReceipt(saleOf(books, customer, at)) });
    if (random.chance(0.15)) {
      const refundAt = stampOn(addDays(day, 3), random);
      planned.push({ at: refundAt, run: () => ledger.refundReceipt(saleOf(books, customer, refundAt, 1)) });
    }
  }
  return planned;
}

/** Invoices of long ago, or of a client that left, all of them paid. */
function planSettled(books: Books, customer: Customer, span: { from: number; to: number; count: number }): Planned[] {
  const { ledger, random } = books;
  return Array.from({ length: span.count }).flatMap(() => {
    const day = addDays(books.today, random.between(span.from, span.to));
    const at = stampOn(day, random);
    const paidAt = stampOn(addDays(day, random.between(5, 40)), random);
    const invoice: { made?: Invoice } = {};
    return [
      { at, run: () => void (invoice.made = ledger.invoice({ ...saleOf(books, customer, at), term: undefined })) },
      {
        at: paidAt,
        run() {
          if (!invoice.made) return;
          const cents = centsOf(invoice.made.Balance);
          ledger.payment({ customer, at: paidAt, cents, applied: [{ invoice: invoice.made, cents }] });
        },
      },
    ];
  });
}

function planUnpaid(books: Books, customer: Customer): Planned[] {
  const at = stampOn(addDays(books.today, -books.random.between(120, 500)), books.random);
  return [{ at, run: () => books.ledger.invoice({ ...saleOf(books, customer, at), term: books.terms.get("3") }) }];
}

function saleOf(books: Books, customer: Customer, at: string, most = 3): Sale {
  const lines = Array.from({ length: books.random.between(1, most) }, () => {
    const item = books.random.pick(books.items);
    const quantity = books.random.between(1, 6);
    return { item, quantity, cents: centsOf(item.UnitPrice) * quantity };
  });
  return { customer, at, lines };
}
