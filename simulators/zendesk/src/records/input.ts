import { invalidAttribute, Refusal } from "./refusals.ts";

export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export type Kind = "string" | "identifier" | "integer" | "boolean" | "list" | "hash" | "any";

const expectations: Record<Exclude<Kind, "any">, { says: string; holds: (value: unknown) => boolean }> = {
  string: { says: "a string", holds: (value) => typeof value === "string" || typeof value === "number" },
  identifier: { says: "a string", holds: (value) => typeof value === "string" || typeof value === "number" },
  integer: { says: "an integer", holds: (value) => /^-?\d{1,18}$/.test(String(value)) },
  boolean: { says: "a boolean", holds: (value) => typeof value === "boolean" },
  list: { says: "an array", holds: Array.isArray },
  hash: { says: "a hash", holds: isJsonObject },
};

export interface Permitted {
  values: JsonObject;
  /** Paths of keys that were dropped, as `x-zendesk-api-warn` names them. */
  unpermitted: string[];
}

/**
 * What a controller lets through: known keys with a value of their type. Unknown keys are dropped and only named in a
 * header (facetoe/zenpy issue 636); a value of another type refuses the call.
 */
export function permit(sent: JsonObject, path: string, allowed: Record<string, Kind>, action: string): Permitted {
  const values: JsonObject = {};
  const unpermitted: string[] = [];
  for (const [key, value] of Object.entries(sent)) {
    const kind = Object.hasOwn(allowed, key) ? allowed[key] : undefined;
    if (kind === undefined) {
      unpermitted.push(`${path}.${key}`);
      continue;
    }
    if (kind !== "any" && value !== null && !expectations[kind].holds(value)) {
      throw invalidAttribute(`${path}.${key}`, expectations[kind].says, action);
    }
    values[key] = value;
  }
  return { values, unpermitted };
}

/** The one object a single create or update carries, e.g. `{"organization": {...}}`. */
export function requireObject(body: unknown, root: string, action: string): JsonObject {
  if (!isJsonObject(body) || body[root] === undefined || body[root] === null) throw missingParameter(root);
  const value = body[root];
  if (!isJsonObject(value)) throw invalidAttribute(root, "a hash", action);
  return value;
}

export function requireList(body: unknown, root: string, action: string): JsonObject[] {
  if (!isJsonObject(body) || body[root] === undefined || body[root] === null) throw missingParameter(root);
  const value = body[root];
  if (!Array.isArray(value)) throw invalidAttribute(root, "an array", action);
  return value.map((one, index) => {
    if (!isJsonObject(one)) throw invalidAttribute(`${root}.${index}`, "a hash", action);
    return one;
  });
}

/** Rails' answer to a missing key, in Zendesk's `{error, description}` envelope. */
export function missingParameter(name: string): Refusal {
  return new Refusal(400, {
    error: "MissingParameter",
    description: `param is missing or the value is empty: ${name}`,
  });
}

export function optionalString(value: unknown): string | null {
  const text = textOf(value);
  return text === "" ? null : text;
}

/** The text of a string or number; anything else has none. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
