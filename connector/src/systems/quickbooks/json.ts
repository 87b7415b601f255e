// Bodies into JSON without losing what PostgreSQL or a decimal needs.
import { createHash } from "node:crypto";
import { cleanJson, type Json, type JsonObject } from "../../domain/index.ts";

/**
 * A double's shortest text gives every decimal of up to 15 significant digits back exactly (IEEE 754, DBL_DIG), so `new Decimal(number)` is
 * right for those. Longer number tokens, which QuickBooks' amounts never need, are kept as their source text: amounts are read from both.
 * Only a body that may hold one, or an escaped NUL or surrogate, pays for the slower ways.
 */
export function parseJson(text: string): Json {
  const value = mayHoldLongNumber.test(text) ? (JSON.parse(text, keepLongNumbers) as Json) : (JSON.parse(text) as Json);
  return mayHoldUncleanText.test(text) ? cleanJson(value) : value;
}

const mayHoldLongNumber = /[\d.]{16}/;
const mayHoldUncleanText = /\\u(?:0000|d[89a-f])/i;

function keepLongNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || context?.source === undefined) return value;
  const digits = context.source.replace(/e.*$/i, "").replace(/^-?[0.]*|\./g, "");
  return digits.length > 15 ? context.source : value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const notContent = new Set(["MetaData", "SyncToken", "domain", "sparse", "status"]);

/** SHA-256 over the record without MetaData and SyncToken, the same for every order of keys. */
export function contentHash(record: JsonObject): Uint8Array {
  const content = Object.keys(record)
    .filter((key) => !notContent.has(key))
    .sort()
    .map((key) => `${JSON.stringify(key)}:${sortedText(record[key] ?? null)}`);
  return createHash("sha256").update(content.join(",")).digest();
}

function sortedText(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sortedText).join(",")}]`;
  const inner = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${sortedText(value[key] ?? null)}`);
  return `{${inner.join(",")}}`;
}
