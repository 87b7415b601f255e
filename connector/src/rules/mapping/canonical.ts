import { Decimal } from "decimal.js";
import type { FieldType, FieldValue } from "../../domain/index.ts";
import { assertNever } from "../../domain/index.ts";
import { cutText, plainLine, plainLines } from "../plain-text.ts";
import { noteLines } from "./note-block.ts";

export type OwnedType = FieldType | "note";

/** Zendesk gives no size for text fields; 255 is the column width of its names, and it cuts or refuses beyond. */
export const textLength = 255;
/** Notes and text areas are assumed to be 65,535-byte columns; four bytes a character and a margin. */
const textAreaLength = 16_000;
/** Zendesk takes and gives decimals as JSON numbers: this many digits survive a double both ways. */
const decimalDigits = 15;
/** Far beyond any amount of money, and far within what a double can hold: neither overflow nor denormals. */
const decimalPlaces = 20;
const largestDecimal = "1e60";

/**
 * The one form in which two values of a field are compared: what mapping produced, and what Zendesk gave back
 * (empty texts as null, dates as date-times, decimals as numbers). What cannot be a value of the type is empty.
 */
export function canonical(type: OwnedType, value: unknown): FieldValue {
  switch (type) {
    case "text":
      return emptyIsNull(cutText(plainLine(textOf(value)), textLength));
    case "textarea":
      return emptyIsNull(cutText(plainLines(textOf(value)), textAreaLength));
    case "note":
      return noteLines(textOf(value));
    case "dropdown":
      return emptyIsNull(textOf(value).trim());
    case "integer":
      return integerOf(value);
    case "decimal":
      return decimalOf(value);
    case "checkbox":
      return value === true || value === "true";
    case "date":
      return /^\d{4}-\d{2}-\d{2}/.exec(textOf(value).trim())?.[0] ?? null;
    default:
      return assertNever(type);
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function emptyIsNull(text: string): string | null {
  return text === "" ? null : text;
}

function integerOf(value: unknown): number | null {
  const text = textOf(value).trim();
  const number = text === "" ? Number.NaN : Number(text);
  // Adding 0 turns -0 into 0.
  return Number.isSafeInteger(number) ? number + 0 : null;
}

function decimalOf(value: unknown): string | null {
  const text = Decimal.isDecimal(value) ? value.toString() : textOf(value).trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return null;
  const digits = new Decimal(text).toSignificantDigits(decimalDigits).toDecimalPlaces(decimalPlaces);
  if (digits.abs().greaterThan(largestDecimal)) return null;
  return digits.isZero() ? "0" : digits.toFixed();
}
