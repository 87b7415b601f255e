import { Decimal } from "decimal.js";
import { assertNever, type FieldValue, type MappingTarget } from "../../domain/index.ts";
import { cutText, joinWhole, plainLine } from "../plain-text.ts";
import { canonical, textLength } from "./canonical.ts";
import { ExpressionFault } from "./expressions/index.ts";
import { textOf } from "./template.ts";

/** Longer texts are cut before they are put into form. */
const longestText = 20_000;

/**
 * From what a row yields to a value of its field, null where there is nothing. Throws ExpressionFault for what cannot be one: a text in a
 * number field, a word without an option.
 */
export function fieldValueOf(target: MappingTarget): (found: unknown) => FieldValue {
  const { type } = target;
  switch (type) {
    case "text":
      return (found) =>
        canonical(type, Array.isArray(found) ? joinItems(found) : textOf(found, " ").slice(0, longestText));
    case "textarea":
      return (found) => canonical(type, cutText(textOf(found, "\n"), longestText));
    case "dropdown":
      return optionOf(target);
    case "integer":
    case "decimal":
    case "date":
      return (found) => {
        const plain = typeof found === "bigint" ? String(found) : found;
        const value = canonical(type, plain);
        if (value === null && !isNothing(plain))
          throw new ExpressionFault(`"${textOf(plain, " ").slice(0, 40)}" is no value of a field of type ${type}`);
        return value;
      };
    case "checkbox":
      return (found) => {
        if (typeof found !== "boolean" && !isNothing(found))
          throw new ExpressionFault("a checkbox needs yes or no (true or false)");
        return isNothing(found) ? null : canonical(type, found);
      };
    default:
      return assertNever(type);
  }
}

function optionOf({ options = [] }: MappingTarget): (found: unknown) => FieldValue {
  const byWord = new Map(options.map(({ value }) => [value, value]));
  for (const { value, from } of options) if (from !== undefined) byWord.set(from, value);
  return (found) => {
    const word = textOf(found, " ").trim();
    if (word === "") return null;
    const value = byWord.get(word);
    if (value === undefined) throw new ExpressionFault(`there is no option for "${word.slice(0, 40)}"`);
    return value;
  };
}

/** Whole items, as many as fit: half an address would be a wrong one. */
function joinItems(items: readonly unknown[]): string {
  return joinWhole(
    items.map((item) => plainLine(textOf(item, " "))),
    ", ",
    textLength,
  );
}

function isNothing(found: unknown): boolean {
  return (
    found === null ||
    found === undefined ||
    (typeof found === "string" && found.trim() === "") ||
    (Decimal.isDecimal(found) && !found.isFinite())
  );
}
