import { Decimal } from "decimal.js";

/** A record of one of the two systems, read with care: every field may be absent. */
export type Json = { readonly [key: string]: unknown };

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listAt(record: Json, key: string): Json[] {
  const value = record[key];
  return Array.isArray(value) ? value.filter(isJson) : [];
}

export function textAt(record: Json, key: string): string | undefined {
  const value = record[key];
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}

/** `{"BillEmail": {"Address": "x"}}` read as `within(record, "BillEmail", "Address")`. */
export function within(record: Json, key: string, inner: string): string | undefined {
  const value = record[key];
  return isJson(value) ? textAt(value, inner) : undefined;
}

export function amountAt(record: Json, key: string): Decimal | undefined {
  const value = record[key];
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  return new Decimal(value);
}

export function stringsAt(record: Json, key: string): string[] {
  const value = record[key];
  return Array.isArray(value) ? value.map(String) : [];
}
