import type { Environment } from "@marcbachmann/cel-js";
import { Decimal } from "decimal.js";
import { type LocalDate, MalformedId, parseLocalDate } from "../../../domain/index.ts";
import { addDays, daysBetween } from "../../calendar.ts";
import { Amount, exact } from "./arithmetic.ts";

/** What an expression may call, as a person reads it. Everything else that the library knows is refused when a mapping is saved. */
export const functionNames: readonly string[] = [
  // of the language
  "size",
  "string",
  "int",
  "double",
  "has",
  "all",
  "exists",
  "exists_one",
  "filter",
  "map",
  "contains",
  "startsWith",
  "endsWith",
  "lowerAscii",
  "upperAscii",
  "trim",
  "join",
  "substring",
  "indexOf",
  // ours
  "money",
  "round",
  "abs",
  "min",
  "max",
  "days",
  "addDays",
  "day",
];

/** The functions that run over a list. Each level multiplies the cost of what stands in it. */
export const macroNames: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "filter", "map"]);

export function addFunctions(environment: Environment): void {
  environment.registerFunction("money(string): money", (text: string) => amountOf(text));
  for (const type of ["int", "double", "money"])
    environment.registerFunction(`money(${type}): money`, (number: bigint | number | Decimal) => exact(number));
  environment.registerFunction("string(money): string", amountText);
  environment.registerFunction("double(money): double", (amount: Decimal) => amount.toNumber());
  environment.registerFunction("int(money): int", (amount: Decimal) => BigInt(amount.trunc().toFixed()));
  environment.registerFunction("round(money): money", (amount: Decimal) =>
    amount.toDecimalPlaces(0, Decimal.ROUND_HALF_UP),
  );
  environment.registerFunction("round(money, int): money", (amount: Decimal, places: bigint) =>
    amount.toDecimalPlaces(Number(places < 0n ? 0n : places > 10n ? 10n : places), Decimal.ROUND_HALF_UP),
  );
  environment.registerFunction("abs(money): money", (amount: Decimal) => amount.abs());
  environment.registerFunction("min(money, money): money", (a: Decimal, b: Decimal) => Amount.min(a, b));
  environment.registerFunction("max(money, money): money", (a: Decimal, b: Decimal) => Amount.max(a, b));
  environment.registerFunction("min(int, int): int", (a: bigint, b: bigint) => (a < b ? a : b));
  environment.registerFunction("max(int, int): int", (a: bigint, b: bigint) => (a > b ? a : b));
  // Days from the first to the second; 0 where one of them is absent.
  environment.registerFunction("days(string, string): int", (from: string, to: string) =>
    from === "" || to === "" ? 0n : BigInt(daysBetween(dateOf(from), dateOf(to))),
  );
  environment.registerFunction("addDays(string, int): string", (date: string, days: bigint) =>
    date === "" ? "" : addDays(dateOf(date), Number(days)),
  );
  // The day of an instant or a date-time as QuickBooks writes it.
  environment.registerFunction("day(string): string", (instant: string) => instant.slice(0, "2026-11-22".length));
}

/** A third of something has no end. */
const mostPlaces = 6;

/** At least two decimals, as people write amounts: 1234.50. */
export function amountText(amount: Decimal): string {
  return amount.toFixed(Math.min(Math.max(2, amount.decimalPlaces()), mostPlaces), Decimal.ROUND_HALF_UP);
}

function amountOf(text: string): Decimal {
  if (!/^\s*[+-]?\d{1,15}(\.\d{1,10})?\s*$/.test(text)) throw new Error(`not an amount: ${text.slice(0, 30)}`);
  return new Amount(text.trim());
}

function dateOf(text: string): LocalDate {
  try {
    return parseLocalDate(text.slice(0, "2026-11-22".length));
  } catch (fault) {
    if (fault instanceof MalformedId) throw new Error(`not a date: ${text.slice(0, 30)}`, { cause: fault });
    throw fault;
  }
}
