import { Decimal } from "decimal.js";
import type { Doc, Party, Unit } from "./books.ts";
import { dayOf } from "./books.ts";
import type { Settings } from "./input.ts";

// What one side of a card adds up to. Amounts of a card of several currencies are in the home currency.

export interface Side {
  openCount: number;
  open: Decimal;
  overdueCount: number;
  overdue: Decimal;
  oldestDue: string | undefined;
  unapplied: Decimal;
  balance: Decimal;
}

export interface Asked {
  today: string;
  settings: Settings;
}

const zero = new Decimal(0);

/** Voided documents count nowhere. */
export const counted = (documents: readonly Doc[]) => documents.filter((one) => !one.voided);

const openKinds = { customer: "Invoice", vendor: "Bill" } as const;

function openOf(party: Party): Doc[] {
  return counted(party.documents).filter((one) => one.entity === openKinds[party.kind] && one.balance.greaterThan(0));
}

function isLate(doc: Doc, today: string, graceDays = 0): boolean {
  if (doc.due === undefined) return false;
  const [year = 0, month = 1, day = 1] = doc.due.split("-").map(Number);
  return dayOf(Date.UTC(year, month - 1, day + graceDays)) < today;
}

/** The members whose figures count: those of the top's currency. */
function sameCurrency(unit: Unit): Party[] {
  return unit.members.filter((member) => member.currency === unit.top.currency);
}

/** QuickBooks' own home balance, else amount times rate. */
function homeOpen(doc: Doc): Decimal {
  return doc.homeBalance ?? doc.balance.times(doc.rate);
}

function homeUnapplied(doc: Doc): Decimal {
  const ownBalance = doc.entity === "Payment" ? undefined : doc.homeBalance;
  return ownBalance ?? doc.unapplied.times(doc.rate);
}

const sum = (amounts: readonly Decimal[]) => amounts.reduce((total, amount) => total.plus(amount), zero);
const cents = (amount: Decimal) => amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);

export function sideOf(units: readonly Unit[], asked: Asked, mixed: boolean): Side | undefined {
  if (units.length === 0) return undefined;
  const members = units.flatMap(sameCurrency);
  const open = members.flatMap(openOf);
  const late = open.filter((doc) => isLate(doc, asked.today));
  const credits = members.flatMap((member) => counted(member.documents)).filter((doc) => !doc.unapplied.isZero());
  const amount = mixed ? homeOpen : (doc: Doc) => doc.balance;
  const credit = mixed ? homeUnapplied : (doc: Doc) => doc.unapplied;
  const rounded = (value: Decimal) => (mixed ? cents(value) : value);
  const openSum = sum(open.map(amount));
  const unapplied = sum(credits.map(credit));
  return {
    openCount: open.length,
    open: rounded(openSum),
    overdueCount: late.length,
    overdue: rounded(sum(late.map(amount))),
    oldestDue: late.map((doc) => doc.due ?? "").sort()[0],
    unapplied: rounded(unapplied),
    balance: rounded(openSum.minus(unapplied)),
  };
}

/** Figures of parties in one currency, as a status is judged by: late only after the days of grace. */
function judged(parties: readonly Party[], { today, settings }: Asked) {
  const open = parties.flatMap(openOf);
  const late = open.filter((doc) => isLate(doc, today, settings.graceDays));
  const documents = parties.flatMap((party) => counted(party.documents));
  const unapplied = sum(documents.map((doc) => doc.unapplied));
  const openSum = sum(open.map((doc) => doc.balance));
  return {
    tooLate: sum(late.map((doc) => doc.balance))
      .minus(unapplied)
      .greaterThan(settings.tolerance),
    covered: unapplied.greaterThan(0) && unapplied.gte(openSum),
    open: openSum.greaterThan(0),
    ever: documents.length > 0,
  };
}

const customerStatuses = ["overdue", "credit", "open", "paid", "none"] as const;
const vendorStatuses = ["we_are_late", "we_owe", "settled", "none"] as const;

/** The worst of the card's customers; a sub-customer of another currency is judged by itself. */
export function customerStatus(units: readonly Unit[], asked: Asked): string | undefined {
  const found = new Set<string>();
  for (const unit of units) {
    const same = sameCurrency(unit);
    found.add(customerWord(judged(same, asked)));
    for (const member of unit.members) if (!same.includes(member)) found.add(customerWord(judged([member], asked)));
  }
  return customerStatuses.find((status) => found.has(status));
}

function customerWord({ tooLate, covered, open, ever }: ReturnType<typeof judged>): string {
  if (tooLate) return "overdue";
  if (covered) return "credit";
  if (open) return "open";
  return ever ? "paid" : "none";
}

export function vendorStatus(units: readonly Unit[], asked: Asked): string | undefined {
  const found = new Set(units.map((unit) => vendorWord(judged(unit.members, asked))));
  return vendorStatuses.find((status) => found.has(status));
}

function vendorWord({ tooLate, covered, open, ever }: ReturnType<typeof judged>): string {
  if (tooLate) return "we_are_late";
  if (covered) return "settled";
  if (open) return "we_owe";
  return ever ? "settled" : "none";
}

export function ageBucket(side: Side, today: string): string | undefined {
  if (side.openCount === 0) return undefined;
  if (side.oldestDue === undefined) return "current";
  const days = Math.round((Date.parse(today) - Date.parse(side.oldestDue)) / 86_400_000);
  if (days <= 30) return "1_30";
  if (days <= 60) return "31_60";
  return days <= 90 ? "61_90" : "91_plus";
}

/** Newest first: by date, then by number of the id. */
export function newestFirst(one: Doc, other: Doc): number {
  if (one.date !== other.date) return one.date < other.date ? 1 : -1;
  return Number(other.id) - Number(one.id);
}

export function lastPayment(units: readonly Unit[], mixed: boolean): { date: string; amount: Decimal } | undefined {
  const paid = units
    .flatMap(sameCurrency)
    .flatMap((member) => counted(member.documents))
    .filter((doc) => (doc.entity === "Payment" || doc.entity === "SalesReceipt") && doc.total.greaterThan(0))
    .sort(newestFirst)[0];
  return paid && { date: paid.date, amount: mixed ? cents(paid.total.times(paid.rate)) : paid.total };
}
