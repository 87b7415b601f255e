import { cleanJson, type Json, type JsonObject } from "../../domain/index.ts";

const mayHoldUncleanText = /\\u(?:0000|d[89a-f])/i;

/** A body as JSON, with texts that PostgreSQL can keep; undefined for anything else (429 and 5xx come as plain text or HTML). */
export function parseBody(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? (mayHoldUncleanText.test(text) ? cleanJson(value) : value) : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
