import { Temporal } from "temporal-polyfill";
import type { LocalDate } from "../domain/index.ts";

// Days are whole numbers since 1970-01-01 (proleptic Gregorian), so that ten thousand due dates cost no objects.
// Formulas: "chrono-Compatible Low-Level Date Algorithms", H. Hinnant, https://howardhinnant.github.io/date_algorithms.html
const daysPerEra = 146_097;
const daysFromYearZeroToEpoch = 719_468;
/** 0000-01-01 and 9999-12-31: what a four-digit year can say; arithmetic stops there, since longer years no longer compare as text. */
const firstDay = -719_528;
const lastDay = 2_932_896;

function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * daysPerEra + dayOfEra - daysFromYearZeroToEpoch;
}

/** Days since 1970-01-01. */
export function dayNumber(date: LocalDate): number {
  return daysFromCivil(yearOf(date), monthOf(date), dayOfMonth(date));
}

export function dateOfDayNumber(number: number): LocalDate {
  const shifted = Math.min(Math.max(number, firstDay), lastDay) + daysFromYearZeroToEpoch;
  const era = Math.floor(shifted / daysPerEra);
  const dayOfEra = shifted - era * daysPerEra;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return civilDate(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOfDayNumber(dayNumber(date) + days);
}

/** How many days after `from` lies `to`; negative when before. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** The same day of another month; the month's last day where it is shorter. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  return dateInMonth(date, months, dayOfMonth(date));
}

/** Day `day` of the month that lies `months` after the one of `date`; at most that month's last day. */
export function dateInMonth(date: LocalDate, months: number, day: number): LocalDate {
  const month = yearOf(date) * 12 + monthOf(date) - 1 + months;
  const year = Math.floor(month / 12);
  const monthOfYear = month - year * 12 + 1;
  const first = daysFromCivil(year, monthOfYear, 1);
  const nextFirst = monthOfYear === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, monthOfYear + 1, 1);
  return dateOfDayNumber(Math.min(first + day, nextFirst) - 1);
}

/** The day that a clock on the wall in `zone` shows at an instant (RFC 3339 text, or milliseconds since 1970). */
export function localDay(instant: string | number, zone: string): LocalDate {
  const milliseconds = typeof instant === "number" ? instant : instantMs(instant);
  const there = Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO(zone);
  return civilDate(there.year, there.month, there.day);
}

/** Milliseconds since 1970 of an RFC 3339 instant. */
function instantMs(instant: string): number {
  const milliseconds = Date.parse(instant);
  if (Number.isNaN(milliseconds)) throw new RangeError(`not an instant: ${JSON.stringify(instant.slice(0, 40))}`);
  return milliseconds;
}

/** The later of two RFC 3339 instants. Parsing is the slow part; texts of one form and offset compare as they are. */
export function laterInstant(a: string, b: string): string {
  if (a === b) return a;
  const sameForm = a.length === b.length && a.length >= 20 && a.slice(19) === b.slice(19);
  const isLater = sameForm ? a > b : instantMs(a) >= instantMs(b);
  return isLater ? a : b;
}

function civilDate(year: number, month: number, day: number): LocalDate {
  // The one place that makes a LocalDate without the parser: the numbers come from it or from Temporal.
  return `${String(year).padStart(4, "0")}-${month < 10 ? "0" : ""}${month}-${day < 10 ? "0" : ""}${day}` as LocalDate;
}

function yearOf(date: LocalDate): number {
  return digitsAt(date, 0) * 100 + digitsAt(date, 2);
}

function monthOf(date: LocalDate): number {
  return digitsAt(date, 5);
}

function dayOfMonth(date: LocalDate): number {
  return digitsAt(date, 8);
}

/** Two digits as a number; a LocalDate holds nothing else at these places. */
function digitsAt(date: LocalDate, at: number): number {
  return (date.charCodeAt(at) - 48) * 10 + date.charCodeAt(at + 1) - 48;
}
