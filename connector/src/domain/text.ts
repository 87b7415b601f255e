import type { Json } from "./record-copy.ts";

/**
 * What PostgreSQL can keep of a remote text: neither text nor jsonb takes NUL (SQLSTATE 22021, 22P05) or half of a surrogate pair.
 * NUL becomes a blank, as every control character does when texts are normalised; a lone surrogate becomes U+FFFD.
 * Texts without them, nearly all, come back as they are.
 */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\0") ? whole.replaceAll("\0", " ") : whole;
}

/** The same for every text and every key of a JSON value. Returns a copy; null prototypes keep keys such as `__proto__` plain. */
export function cleanJson<Value extends Json>(value: Value): Value;
export function cleanJson(value: Json): Json {
  if (typeof value === "string") return cleanText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => cleanJson(item));
  const copy: { [key: string]: Json } = Object.create(null);
  for (const [key, item] of Object.entries(value)) copy[cleanText(key)] = cleanJson(item);
  return copy;
}
