import type { Decimal } from "decimal.js";
import { type AgeBucket, ageBuckets, type Document, type LocalDate, type Totals } from "../../domain/index.ts";
import { dateOfDayNumber } from "../calendar.ts";
import { ageBucket } from "./age-bucket.ts";
import { add, homeValue, isPositive, roundToCents, zero } from "./money.ts";
import type { Standing } from "./status.ts";

/** In which currency a card is added up. Rounding belongs to conversion: one currency is shown as QuickBooks has it. */
export type Valuation = "own currency" | "home currency";

/** One side of a card while its documents are added up. */
export interface SideTally extends Omit<Totals, "balance" | "overdueSince"> {
  overdueSinceDay: number | undefined;
}

export function emptySide(valuation: Valuation): SideTally {
  return {
    documents: 0,
    openCount: 0,
    open: zero,
    overdueCount: 0,
    overdue: zero,
    overdueSinceDay: undefined,
    unappliedCredit: zero,
    aging: Object.fromEntries(ageBuckets.map((bucket) => [bucket, zero])) as Record<AgeBucket, Decimal>,
    reportedBalance: valuation === "own currency" ? zero : undefined,
  };
}

export function emptyStanding(): Standing {
  return { documents: 0, open: zero, late: zero, unappliedCredit: zero };
}

/** What is open of a document: invoices and bills only; payments and credits are `unapplied`. */
export function openAmount(document: Document): Decimal | undefined {
  const owed = document.entity === "Invoice" || document.entity === "Bill";
  return owed && isPositive(document.balance) ? document.balance : undefined;
}

/** Adds a document that is not voided. `daysPastDue` is undefined where nothing is due. */
export function tallyStanding(
  standing: Standing,
  document: Document,
  { daysPastDue, graceDays }: { daysPastDue: number | undefined; graceDays: number },
): void {
  standing.documents += 1;
  standing.unappliedCredit = add(standing.unappliedCredit, document.unapplied);
  const open = openAmount(document);
  if (!open) return;
  standing.open = add(standing.open, open);
  if (daysPastDue !== undefined && daysPastDue > graceDays) standing.late = add(standing.late, open);
}

/** The same document in the figures of its side of the card, raw: before grace and before credit. */
export function tallySide(
  side: SideTally,
  document: Document,
  {
    daysPastDue,
    todayNumber,
    valuation,
  }: { daysPastDue: number | undefined; todayNumber: number; valuation: Valuation },
): void {
  const valued = (amount: Decimal) => (valuation === "own currency" ? amount : homeValue(document, amount));
  side.documents += 1;
  if (!document.unapplied.isZero()) side.unappliedCredit = add(side.unappliedCredit, valued(document.unapplied));
  const open = openAmount(document);
  if (!open) return;
  const amount = valued(open);
  const bucket = ageBucket(daysPastDue ?? 0);
  side.openCount += 1;
  side.open = add(side.open, amount);
  side.aging[bucket] = add(side.aging[bucket], amount);
  if (daysPastDue === undefined || daysPastDue <= 0) return;
  side.overdueCount += 1;
  side.overdue = add(side.overdue, amount);
  side.overdueSinceDay = Math.min(side.overdueSinceDay ?? Number.POSITIVE_INFINITY, todayNumber - daysPastDue);
}

export function sideTotals(side: SideTally, valuation: Valuation): Totals {
  const shown = valuation === "own currency" ? (amount: Decimal) => amount : roundToCents;
  const overdueSince: LocalDate | undefined =
    side.overdueSinceDay === undefined ? undefined : dateOfDayNumber(side.overdueSinceDay);
  return {
    documents: side.documents,
    openCount: side.openCount,
    open: shown(side.open),
    overdueCount: side.overdueCount,
    overdue: shown(side.overdue),
    overdueSince,
    unappliedCredit: shown(side.unappliedCredit),
    balance: shown(side.open.minus(side.unappliedCredit)),
    aging: Object.fromEntries(ageBuckets.map((bucket) => [bucket, shown(side.aging[bucket])])) as Totals["aging"],
    reportedBalance: side.reportedBalance,
  };
}
