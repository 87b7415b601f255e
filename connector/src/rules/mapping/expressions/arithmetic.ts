import type { Environment } from "@marcbachmann/cel-js";
import { Decimal } from "decimal.js";

/** The one class of amounts within expressions, since the library tells types apart by constructor; digits for exact sums and products. */
export const Amount: typeof Decimal = Decimal.clone({ precision: 64, rounding: Decimal.ROUND_HALF_UP });

/** What CEL knows of numbers: integers are bigint, doubles are number, amounts are our decimals. */
type Numeric = Decimal | bigint | number;

const amountResults: Record<string, (left: Decimal, right: Decimal) => Decimal> = {
  "+": (left, right) => left.plus(right),
  "-": (left, right) => left.minus(right),
  "*": (left, right) => bounded(left.times(right)),
  "/": (left, right) => bounded(left.dividedBy(notZero(right))),
};

const comparisons: Record<string, (left: Decimal, right: Decimal) => boolean> = {
  "<": (left, right) => left.lessThan(right),
  "<=": (left, right) => left.lessThanOrEqualTo(right),
  ">": (left, right) => left.greaterThan(right),
  ">=": (left, right) => left.greaterThanOrEqualTo(right),
};

const doubleResults: Record<string, (left: number, right: number) => number> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / notZero(new Amount(right)).toNumber(),
};

/**
 * Amounts calculate exactly, also with whole numbers and decimals that somebody writes: `customer.overdue * 0.19`, `customer.open > 100`.
 * Plain CEL refuses to mix numeric types (`1 + 1.5`), which nobody who writes a mapping expects.
 */
export function addArithmetic(environment: Environment): void {
  const others = ["money", "int", "double"];
  const pairs = others.flatMap((other) =>
    other === "money"
      ? [["money", "money"]]
      : [
          ["money", other],
          [other, "money"],
        ],
  );
  for (const [left, right] of pairs) {
    for (const [sign, result] of Object.entries(amountResults))
      environment.registerOperator(`${left} ${sign} ${right}: money`, (a: Numeric, b: Numeric) =>
        result(exact(a), exact(b)),
      );
    for (const [sign, result] of Object.entries(comparisons))
      environment.registerOperator(`${left} ${sign} ${right}: bool`, (a: Numeric, b: Numeric) =>
        result(exact(a), exact(b)),
      );
  }
  // The library derives `!=` and the other order from these.
  for (const other of others)
    environment.registerOperator(`money == ${other}: bool`, (a: Numeric, b: Numeric) => exact(a).equals(exact(b)));
  environment.registerOperator("-money: money", (amount: Decimal) => amount.negated());
  for (const [sign, result] of Object.entries(doubleResults))
    for (const [left, right] of [
      ["int", "double"],
      ["double", "int"],
    ])
      environment.registerOperator(`${left} ${sign} ${right}: double`, (a: Numeric, b: Numeric) =>
        result(Number(a), Number(b)),
      );
}

export function exact(number: Numeric): Decimal {
  // All classes that the library clones share one prototype: instanceof cannot tell them apart.
  if (typeof number === "object") return number.constructor === Amount ? number : new Amount(number);
  return new Amount(String(number));
}

/** Beyond any amount of money: a product of products must not become a text of a thousand digits. */
const largest = new Amount("1e30");

function bounded(amount: Decimal): Decimal {
  if (amount.abs().greaterThan(largest)) throw new Error("the amount is too large");
  return amount;
}

function notZero(divisor: Decimal): Decimal {
  if (divisor.isZero()) throw new Error("division by zero");
  return divisor;
}
