import type { Books, Planned } from "./company-activity.ts";
import { addDays, dueDateOf, stampOn } from "./company-calendar.ts";
import type { Bill, Vendor, VendorCredit } from "./company-file.ts";
import { centsOf } from "./company-posting.ts";
import type { Habit } from "./company-roster.ts";

/** What we buy from a vendor of this habit, and how we pay. */
export function planVendor(books: Books, vendor: Vendor, habit: Habit): Planned[] {
  const { random } = books;
  switch (habit) {
    case "regular":
      return [
        ...planBills(books, vendor, { count: random.between(5, 11), from: 1, to: 600 }),
        ...planPurchases(books, vendor),
      ];
    case "occasional":
      return planBills(books, vendor, { count: random.between(1, 3), from: 5, to: 600 });
    case "dormant":
      return planBills(books, vendor, { count: random.between(1, 2), from: 800, to: 1000 });
    case "closed":
      return planBills(books, vendor, { count: 1, from: 300, to: 600 });
    case "cash":
    case "closed-owing":
    case "new":
    case "quiet":
      return planPurchases(books, vendor);
  }
}

function planBills(books: Books, vendor: Vendor, span: { count: number; from: number; to: number }): Planned[] {
  const { ledger, random, today } = books;
  const term = books.terms.get(vendor.TermRef?.value ?? "");
  const planned: Planned[] = [];
  for (let made = 0; made < span.count; made += 1) {
    const day = addDays(today, -random.between(span.from, span.to));
    const at = stampOn(day, random);
    const bill: { made?: Bill; credit?: VendorCredit } = {};
    const cents = random.between(35_00, 2400_00);
    const numbered = random.chance(0.7);
    planned.push({ at, run: () => void (bill.made = ledger.bill({ vendor, at, cents, term, numbered })) });
    const paidOn = addDays(dueDateOf(day, term ?? {}), random.between(1, 12));
    const old = span.from > 200;
    const roll = random.between(0, 99);
    if (random.chance(0.1)) {
      const creditAt = stampOn(day, random);
      const back = random.between(10_00, 90_00);
      planned.push({
        at: creditAt,
        run: () => void (bill.credit = ledger.vendorCredit({ vendor, at: creditAt, cents: back })),
      });
    }
    if (paidOn < today && (old || roll < 84))
      planned.push(payBill(books, vendor, { day: paidOn, bill, partly: !old && roll < 8 }));
  }
  return planned;
}

function payBill(
  books: Books,
  vendor: Vendor,
  plan: { day: string; bill: { made?: Bill; credit?: VendorCredit }; partly: boolean },
): Planned {
  const at = stampOn(plan.day, books.random);
  const useCredit = books.random.chance(0.5);
  return {
    at,
    run() {
      const { made, credit } = plan.bill;
      if (!made) return;
      const owed = centsOf(made.Balance);
      const cents = plan.partly ? Math.max(1, Math.floor(owed / 3)) : owed;
      const use = useCredit && credit && credit.Balance > 0 ? { credit } : {};
      books.ledger.billPayment({ vendor, at, applied: [{ bill: made, cents }], ...use });
    },
  };
}

function planPurchases(books: Books, vendor: Vendor): Planned[] {
  const { ledger, random } = books;
  return Array.from({ length: random.between(1, 4) }, () => {
    const at = stampOn(addDays(books.today, -random.between(2, 500)), random);
    const cents = random.between(8_00, 350_00);
    return { at, run: () => void ledger.purchase({ vendor, at, cents }) };
  });
}
