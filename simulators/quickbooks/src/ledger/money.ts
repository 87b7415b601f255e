import { Decimal } from "decimal.js";
import type { JsonRecord } from "../json.ts";

export const zero = new Decimal(0);

export function amountAt(record: JsonRecord, key: string): Decimal {
  const value = record[key];
  if (typeof value === "number") return new Decimal(value);
  if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) return new Decimal(value);
  return zero;
}

/** Amounts travel as JSON numbers with at most two decimals, whole ones without any (recorded: `275`). */
export function amountJson(amount: Decimal): number {
  return amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toNumber();
}

export function sum(amounts: Iterable<Decimal>): Decimal {
  let total = zero;
  for (const amount of amounts) total = total.plus(amount);
  return total;
}
