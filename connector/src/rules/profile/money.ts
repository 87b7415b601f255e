import { Decimal } from "decimal.js";
import type { Document } from "../../domain/index.ts";

/**
 * Decimals for sums: the library's default of 20 significant digits is too few for amount x rate (13 + 9 digits and more),
 * and "added unrounded" means unrounded. Half up is away from zero, as bookkeepers round.
 */
const Money: typeof Decimal = Decimal.clone({ precision: 64, rounding: Decimal.ROUND_HALF_UP });

export const zero: Decimal = new Money(0);

/** Adds, without the cost of an addition where there is nothing to add: most documents are settled. */
export function add(sum: Decimal, amount: Decimal): Decimal {
  return amount.isZero() ? sum : sum.plus(amount);
}

/** Above zero, without making a Decimal of the zero each time. */
export function isPositive(amount: Decimal): boolean {
  return amount.isPositive() && !amount.isZero();
}

/**
 * The home value of an amount of a document: QuickBooks' own HomeBalance where the amount is the balance, else amount x rate.
 * A document without a rate is in the home currency.
 */
export function homeValue(document: Document, amount: Decimal): Decimal {
  if (document.homeBalance !== undefined && amount.eq(document.balance)) return document.homeBalance;
  return document.exchangeRate === undefined ? amount : new Money(amount).times(document.exchangeRate);
}

export function roundToCents(amount: Decimal): Decimal {
  return new Money(amount).toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
}
