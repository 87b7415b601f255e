import { Temporal } from "temporal-polyfill";
import type { Random } from "./random.ts";

/** The zone of the sample company; QuickBooks stamps records in Pacific time in all US captures. */
const companyZone = "America/Los_Angeles";

/** `2026-11-22` plus or minus days. */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

export function addMonths(day: string, months: number): string {
  return Temporal.PlainDate.from(day).add({ months }).toString();
}

/** A moment of the working day as QuickBooks writes it: whole seconds, with the offset that was in force. */
export function stampOn(day: string, random: Random): string {
  const time = { hour: random.between(8, 17), minute: random.between(0, 59), second: random.between(0, 59) };
  return stampAt(day, time);
}

export function stampAt(day: string, time: { hour: number; minute: number; second: number }): string {
  const moment = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: companyZone, plainTime: time });
  return moment.toString({ timeZoneName: "never", smallestUnit: "second" });
}

/** Sorts stamps of both offsets by the instant they mean. */
export function compareStamps(one: string, other: string): number {
  return Temporal.Instant.compare(Temporal.Instant.from(one), Temporal.Instant.from(other));
}

export interface DueRule {
  DueDays?: number;
  DayOfMonthDue?: number;
  DueNextMonthDays?: number;
}

/** The due date that QuickBooks works out from terms when a document is entered. */
export function dueDateOf(day: string, term: DueRule): string {
  const date = Temporal.PlainDate.from(day);
  if (term.DayOfMonthDue === undefined) return date.add({ days: term.DueDays ?? 0 }).toString();
  const inMonth = (month: Temporal.PlainDate) =>
    month.with({ day: Math.min(term.DayOfMonthDue ?? 1, month.daysInMonth) });
  const due = inMonth(date);
  if (date.until(due, { largestUnit: "days" }).days >= (term.DueNextMonthDays ?? 0)) return due.toString();
  return inMonth(date.with({ day: 1 }).add({ months: 1 })).toString();
}
