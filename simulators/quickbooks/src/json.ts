// JSON as it travels. Records are plain JSON objects with the vendor's own keys; these readers narrow one value without casts.
export type Json = string | number | boolean | null | Json[] | JsonRecord;
export interface JsonRecord {
  [key: string]: Json;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function recordAt(record: JsonRecord, key: string): JsonRecord | undefined {
  const value = record[key];
  return isRecord(value) ? value : undefined;
}

export function recordsAt(record: JsonRecord, key: string): JsonRecord[] {
  const value = record[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The text at `key`; a number is given as its digits, since callers write ids both ways. */
export function textAt(record: JsonRecord, key: string): string | undefined {
  const value = record[key];
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** The id in a reference such as `CustomerRef: {"value":"24","name":"..."}`. */
export function refAt(record: JsonRecord, key: string): string | undefined {
  const reference = recordAt(record, key);
  return reference === undefined ? undefined : textAt(reference, "value");
}

export function parseRecord(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function copyOf(record: JsonRecord): JsonRecord {
  return structuredClone(record);
}
