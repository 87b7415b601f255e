import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { type Document, type Party, parseLocalDate, type Term } from "../../domain/index.ts";
import { sampleDocument as document, sampleParty as party, sampleToday } from "../samples.ts";
import { profileCard } from "./index.ts";

type Options = Partial<{
  graceDays: number;
  tolerance: string;
  today: string;
  terms: Term[];
  rolledUp: Party[];
  zone: string;
}>;

function profile(parties: Party[], documents: Document[], options: Options = {}) {
  return profileCard({
    parties: [
      ...parties.map((of) => ({ party: of, linked: true })),
      ...(options.rolledUp ?? []).map((of) => ({ party: of, linked: false })),
    ],
    documents,
    terms: new Map((options.terms ?? []).map((term) => [term.id, term])),
    policy: { tolerance: new Decimal(options.tolerance ?? 1), graceDays: options.graceDays ?? 0 },
    homeCurrency: "USD",
    zone: options.zone ?? "America/Los_Angeles",
    today: options.today === undefined ? sampleToday : parseLocalDate(options.today),
  });
}

const acme = party("customer", "1");
const yesterday = { dueDate: "2026-11-21" };

describe("open and overdue", () => {
  it("count invoices with a balance, the overdue ones raw: before grace and before credit", () => {
    const card = profile(
      [acme],
      [
        document("Invoice", "1", acme, { balance: 100, total: 250, ...yesterday }),
        document("Invoice", "2", acme, { balance: "0.01", dueDate: "2026-11-22" }),
        document("Invoice", "3", acme, { balance: 0, total: 90, dueDate: "2026-01-01" }),
        document("Payment", "4", acme, { total: 70, unapplied: 30 }),
        document("CreditMemo", "5", acme, { total: 80, balance: 80, unapplied: 80 }),
      ],
      { graceDays: 10 },
    );
    expect(card.customer).toMatchObject({ openCount: 2, overdueCount: 1, overdueSince: "2026-11-21", documents: 5 });
    expect(card.customer?.open.toFixed()).toBe("100.01");
    expect(card.customer?.overdue.toFixed()).toBe("100");
    expect(card.customer?.unappliedCredit.toFixed()).toBe("110");
    expect(card.customer?.balance.toFixed()).toBe("-9.99");
    expect(card.customer?.status).toBe("credit");
  });
  it("never call an invoice without due date and terms overdue, and count it as current", () => {
    const card = profile([acme], [document("Invoice", "1", acme, { balance: 5, date: "1999-01-01" })]);
    expect(card).toMatchObject({ ageBucket: "current", customer: { overdueCount: 0, status: "open" } });
    expect(card.nextFlipOn).toBeUndefined();
  });
  it("use the terms of the sub-customer that was invoiced, not of its top", () => {
    const job = party("customer", "2", { topId: "1", termsId: "3" });
    const term: Term = { id: "3", name: "Net 15", dueDays: 15, dayOfMonthDue: undefined, dueNextMonthDays: undefined };
    const card = profile([acme], [document("Invoice", "1", job, { balance: 5, date: "2026-11-06" })], {
      rolledUp: [job],
      terms: [term],
    });
    expect(card.customer?.overdueSince).toBe("2026-11-21");
  });
  it("reach back to due dates in 1900", () => {
    const card = profile([acme], [document("Invoice", "1", acme, { balance: 5, dueDate: "1900-02-28" })]);
    expect(card).toMatchObject({ ageBucket: "91+", customer: { overdueSince: "1900-02-28", status: "overdue" } });
  });
  it("add up huge balances to the cent", () => {
    const card = profile(
      [acme],
      [
        document("Invoice", "1", acme, { balance: "99999999999999999999999.99" }),
        document("Invoice", "2", acme, { balance: "0.02" }),
      ],
    );
    expect(card.customer?.open.toFixed()).toBe("100000000000000000000000.01");
  });
  it("leave negative invoices out, and take no payment for a bill", () => {
    const card = profile(
      [acme],
      [
        document("Invoice", "1", acme, { balance: -50, total: -50, ...yesterday }),
        document("RefundReceipt", "2", acme, { total: 20 }),
      ],
    );
    expect(card.customer).toMatchObject({ openCount: 0, status: "paid", documents: 2 });
    expect(card.customer?.balance.isZero()).toBe(true);
  });
});

describe("status", () => {
  it("waits for the grace days: late on the day after them, not on their last", () => {
    const invoice = document("Invoice", "1", acme, { balance: 100, dueDate: "2026-11-12" });
    expect(profile([acme], [invoice], { graceDays: 10 }).customer?.status).toBe("open");
    expect(profile([acme], [invoice], { graceDays: 9 }).customer?.status).toBe("overdue");
  });
  it("is the worst of the card's customers, each judged with its own credit", () => {
    const other = party("customer", "2");
    const late = document("Invoice", "1", acme, { balance: 100, ...yesterday });
    const credit = document("CreditMemo", "2", other, { unapplied: 500 });
    expect(profile([acme, other], [late, credit]).customer?.status).toBe("overdue");
    const due = document("Invoice", "1", acme, { balance: 100, dueDate: "2026-12-01" });
    expect(profile([acme, other], [due, credit]).customer?.status).toBe("open");
  });
  it("adds a family up before judging it: a job's credit covers its top's debt", () => {
    const job = party("customer", "2", { topId: "1" });
    const documents = [
      document("Invoice", "1", acme, { balance: 100, ...yesterday }),
      document("Payment", "2", job, { unapplied: 100 }),
    ];
    expect(profile([acme], documents, { rolledUp: [job] }).customer?.status).toBe("credit");
  });
  it("counts a voided document nowhere but in the day of the last change", () => {
    const voided = document("Invoice", "1", acme, { voided: true, updatedAt: "2026-11-20T23:59:59-08:00" });
    const card = profile([acme], [voided]);
    expect(card).toMatchObject({ customer: { status: "none", documents: 0 }, changedOn: "2026-11-20" });
    expect(card.lastInvoice).toBeUndefined();
  });
});

describe("the vendor side", () => {
  const supplier = party("vendor", "1");
  it("stands apart from a customer of the same id, and owes bills less vendor credit", () => {
    const card = profile(
      [acme, supplier],
      [
        document("Bill", "1", supplier, { balance: 100, ...yesterday }),
        document("VendorCredit", "2", supplier, { balance: 30, unapplied: 30 }),
        document("Invoice", "3", acme, { balance: 7, dueDate: "2026-12-01" }),
      ],
    );
    expect(card.vendor?.balance.toFixed()).toBe("70");
    expect(card.vendor?.status).toBe("we_are_late");
    expect(card.customer).toMatchObject({ status: "open", overdueCount: 0 });
    expect(card.ageBucket).toBe("current");
  });
  it("has no customer figures, bucket or payments on a card of vendors only, and the reverse", () => {
    const bill = document("Bill", "1", supplier, { balance: 100, ...yesterday });
    expect(profile([supplier], [bill, document("BillPayment", "2", supplier, { total: 5 })])).toMatchObject({
      customer: undefined,
      ageBucket: undefined,
      lastInvoice: undefined,
      lastPayment: undefined,
    });
    expect(profile([acme], []).vendor).toBeUndefined();
  });
  it("settles by a purchase alone", () => {
    expect(profile([supplier], [document("Purchase", "1", supplier, { total: 9 })]).vendor?.status).toBe("settled");
    expect(profile([supplier], []).vendor?.status).toBe("none");
  });
});

describe("currencies", () => {
  const euro = party("customer", "2", { currency: "EUR" });
  it("show a mixed card in home values: HomeBalance, else the rate, rounded once at the end", () => {
    const card = profile(
      [acme, euro],
      [
        document("Invoice", "1", acme, { balance: "10.004", ...yesterday }),
        document("Invoice", "2", euro, { balance: "1.01", exchangeRate: "1.005", dueDate: "2026-12-01" }),
        document("Invoice", "3", euro, { balance: 100, exchangeRate: 9, homeBalance: "111.11", dueDate: "2026-12-01" }),
        document("CreditMemo", "4", euro, { balance: 2, unapplied: 2, exchangeRate: "1.5" }),
      ],
    );
    expect(card).toMatchObject({ currency: "MIXED", amountsIn: "USD" });
    // 10.004 + 1.01505 + 111.11 = 122.12905; rounding each first would give 122.13 by way of 10.00 + 1.02 + 111.11.
    expect(card.customer?.open.toFixed()).toBe("122.13");
    expect(card.customer?.overdue.toFixed()).toBe("10");
    expect(card.customer?.balance.toFixed()).toBe("119.13");
    expect(card.customer?.reportedBalance).toBeUndefined();
  });
  it("round half up to the cent on mixed cards", () => {
    const card = profile(
      [acme, euro],
      [document("Invoice", "1", euro, { balance: "0.5", exchangeRate: "0.01", dueDate: "2026-12-01" })],
    );
    expect(card.customer?.open.toFixed()).toBe("0.01");
  });
  it("judge each customer of a mixed card in its own currency", () => {
    const yen = party("customer", "3", { currency: "JPY" });
    const late = document("Invoice", "1", yen, { balance: 100, exchangeRate: "0.0065", ...yesterday });
    expect(profile([acme, yen], [late]).customer?.status).toBe("overdue");
  });
  it("show one foreign currency as it is, without any rate", () => {
    const card = profile([euro], [document("Invoice", "1", euro, { balance: "1.239", exchangeRate: 2, ...yesterday })]);
    expect(card).toMatchObject({ currency: "EUR", amountsIn: "EUR" });
    expect(card.customer?.open.toFixed()).toBe("1.239");
  });
  it("are mixed by a customer and a vendor, too", () => {
    expect(profile([acme, party("vendor", "9", { currency: "CAD" })], []).currency).toBe("MIXED");
  });
  it("leave a sub-customer of another currency out of every figure but the worst status", () => {
    const job = party("customer", "2", { topId: "1", currency: "EUR", balance: 50 });
    const documents = [
      document("Invoice", "1", job, { balance: 50, dueDate: "2026-01-01", billAddresses: ["job@acme.com"] }),
      document("Payment", "2", job, { total: 5, unapplied: 5 }),
    ];
    const card = profile([acme], documents, { rolledUp: [job] });
    expect(card).toMatchObject({
      currency: "USD",
      ageBucket: undefined,
      lastInvoice: undefined,
      lastPayment: undefined,
    });
    expect(card.customer).toMatchObject({ status: "overdue", documents: 0, openCount: 0, overdueSince: undefined });
    expect(card.customer?.reportedBalance?.toFixed()).toBe("0");
    expect(card.contact.addresses).toEqual(["job@acme.com"]);
  });
});

describe("last invoice and last payment", () => {
  it("take a sales receipt as both, the later date first, then the larger number", () => {
    const card = profile(
      [acme],
      [
        document("Invoice", "9", acme, { date: "2026-10-01", total: 9 }),
        document("SalesReceipt", "10", acme, { date: "2026-10-01", total: 10 }),
        document("Payment", "900", acme, { date: "2026-09-30", total: 900 }),
      ],
    );
    expect(card.lastInvoice).toMatchObject({ number: "N10", date: "2026-10-01" });
    expect(card.lastPayment).toMatchObject({ number: "N10", date: "2026-10-01" });
  });
  it("ignore payments of nothing: applied credits reach us as payments of 0 without lines", () => {
    const card = profile(
      [acme],
      [
        document("Payment", "1", acme, { date: "2026-10-01", total: 40 }),
        document("Payment", "2", acme, { date: "2026-11-01", total: 0 }),
      ],
    );
    expect(card.lastPayment?.amount.toFixed()).toBe("40");
  });
  it("convert a payment by its rate on mixed cards", () => {
    const euro = party("customer", "2", { currency: "EUR" });
    const card = profile(
      [acme, euro],
      [document("Payment", "1", euro, { total: "10", exchangeRate: "1.1111", homeBalance: 0 })],
    );
    expect(card.lastPayment?.amount.toFixed()).toBe("11.11");
  });
});

describe("contact", () => {
  it("is the first party's: active, then customer, then the lower number", () => {
    const parties = [
      party("customer", "10", { phone: "10" }),
      party("customer", "9", { phone: "9", givenName: "Ann", familyName: "Lee" }),
      party("customer", "1", { phone: "1", active: false }),
      party("vendor", "2", { phone: "2" }),
    ];
    expect(profile(parties, []).contact).toMatchObject({ phone: "9", name: "Ann Lee" });
  });
  it("has no name when neither is given, and no blank beside a missing one", () => {
    expect(profile([acme], []).contact.name).toBeUndefined();
    expect(profile([party("customer", "1", { familyName: "Lee" })], []).contact.name).toBe("Lee");
  });
  it("sends invoices where the newest three of them went, each address once, newest first", () => {
    const said = (date: string, ...billAddresses: string[]) => ({ date, billAddresses });
    const documents = [
      document("Invoice", "1", acme, said("2026-09-01", "old@acme.com")),
      document("Invoice", "2", acme, said("2026-10-01", "b@acme.com")),
      document("Invoice", "3", acme, said("2026-10-02", "a@acme.com", "b@acme.com")),
      document("Invoice", "4", acme, said("2026-10-02", "z@acme.com")),
      document("SalesReceipt", "5", acme, said("2026-11-02", "shop@acme.com")),
      document("Invoice", "6", acme, { ...said("2026-11-02", "void@acme.com"), voided: true }),
    ];
    expect(profile([acme], documents).contact.addresses).toEqual(["z@acme.com", "a@acme.com", "b@acme.com"]);
  });
  it("falls to the first party's own addresses when the newest three name none", () => {
    const known = party("customer", "1", { addresses: ["own@acme.com"] });
    expect(profile([known], [document("Invoice", "1", known)]).contact.addresses).toEqual(["own@acme.com"]);
  });
  it("names the terms of the first party", () => {
    const term: Term = { id: "3", name: "Net 30", dueDays: 30, dayOfMonthDue: undefined, dueNextMonthDays: undefined };
    expect(profile([party("customer", "1", { termsId: "3" })], [], { terms: [term] }).terms).toBe("Net 30");
    expect(profile([party("customer", "1", { termsId: "4" })], [], { terms: [term] }).terms).toBeUndefined();
  });
});

describe("changed on", () => {
  it("is the day in the company's zone of the latest change to any party or document, rolled-up ones included", () => {
    const job = party("customer", "2", { topId: "1", updatedAt: "2026-11-02T23:30:00-08:00" });
    const invoice = document("Invoice", "1", acme, { updatedAt: "2026-11-02T22:00:00-08:00" });
    expect(profile([acme], [invoice], { rolledUp: [job] }).changedOn).toBe("2026-11-02");
    expect(profile([acme], [invoice], { rolledUp: [job], zone: "Europe/Berlin" }).changedOn).toBe("2026-11-03");
  });
});

describe("a card", () => {
  it("is active as long as one linked party is, whatever its rolled-up ones are", () => {
    const inactive = party("customer", "1", { active: false });
    expect(profile([inactive], [], { rolledUp: [party("customer", "2", { topId: "1" })] }).active).toBe(false);
    expect(profile([inactive, party("vendor", "3")], []).active).toBe(true);
  });
  it("without a linked party has no profile", () => {
    expect(() => profile([], [], { rolledUp: [acme] })).toThrow("at least one linked party");
  });
});
