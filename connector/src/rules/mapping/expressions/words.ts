import { Decimal } from "decimal.js";
import type { Json } from "../../../domain/index.ts";
import { vocabulary, type Word, type Words } from "../vocabulary.ts";
import { exact } from "./arithmetic.ts";
import { groupTypes } from "./environment.ts";

/** What one card may bring into an expression, so that none is slow on a strange client. */
export const mostItems = 50;
export const longestText = 500;
/** In records: notes are long. */
export const longestRecordText = 2_000;
export const mostKeys = 100;
const deepest = 8;
/** What QuickBooks changes without a change: shown, it would be written without one. */
const restless: ReadonlySet<string> = new Set(["MetaData", "SyncToken", "sparse", "domain", "status"]);

const nothing = exact(0);

/**
 * The view of a card in the language's own values. What is absent has the plain value of its type ("" , 0, false), as in every typed CEL:
 * `customer.overdue > 100` is false on a card of vendors, and no expression meets null.
 */
export function wordsOf(view: object): Record<string, unknown> {
  return Object.assign(Object.create(null), groupOf(view, vocabulary, undefined)) as Record<string, unknown>; // null prototype
}

function valueOf(found: unknown, word: Word): unknown {
  switch (word.kind) {
    case "text":
    case "date":
      return typeof found === "string" ? cut(found, longestText) : "";
    case "money":
      return Decimal.isDecimal(found) ? exact(found) : nothing;
    case "integer":
      return typeof found === "number" ? BigInt(found) : 0n;
    case "boolean":
      return found === true;
    case "record":
      return plainCopy((found ?? {}) as Json, 0); // a record of the replica
    case "list":
      return Array.isArray(found) ? found.slice(0, mostItems).map((item) => valueOf(item, word.of)) : [];
    case "group":
      return groupOf(found, word.words, groupTypes.get(word.name));
  }
}

function groupOf(found: unknown, words: Words, type: (new () => object) | undefined): object {
  const from = typeof found === "object" && found !== null ? found : {};
  const group: object = type ? new type() : {};
  for (const [name, word] of Object.entries(words))
    Object.defineProperty(group, name, {
      value: valueOf(Object.hasOwn(from, name) ? from[name as keyof typeof from] : undefined, word),
      enumerable: true,
    });
  return group;
}

/** A record with its own members only, bounded in every direction. */
function plainCopy(json: Json, depth: number): unknown {
  if (typeof json === "string") return cut(json, longestRecordText);
  if (typeof json !== "object" || json === null) return json ?? "";
  if (depth >= deepest) return "";
  if (Array.isArray(json)) return json.slice(0, mostItems).map((item) => plainCopy(item, depth + 1));
  const copy = Object.create(null) as Record<string, unknown>; // null prototype
  for (const [key, item] of Object.entries(json).slice(0, mostKeys))
    if (item !== null && (depth > 0 || !restless.has(key))) copy[key] = plainCopy(item, depth + 1);
  return copy;
}

function cut(text: string, length: number): string {
  return text.length > length ? text.slice(0, length).toWellFormed() : text;
}
