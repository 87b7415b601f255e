import type { CustomField, FieldValue } from "../world/entities.ts";
import type { Switches } from "../world/switches.ts";
import { textOf } from "./input.ts";
import type { Problem, ProblemCode } from "./refusals.ts";

export type CoercedValue =
  | { kind: "value"; value: FieldValue }
  | { kind: "ignored" }
  | { kind: "refused"; code: ProblemCode };

const maximumTextBytes = 65_535;
const value = (one: FieldValue): CoercedValue => ({ kind: "value", value: one });
const refused = (code: ProblemCode): CoercedValue => ({ kind: "refused", code });

/**
 * What a custom field makes of a value that was sent. `null` and the empty string clear every type.
 * Types and forms: https://developer.zendesk.com/api-reference/ticketing/organizations/organization_fields/ and the
 * example in the organizations reference, where a date reads back as `2018-11-04T00:00:00+00:00`.
 */
export function coerceFieldValue(field: CustomField, sent: unknown, switches: Switches): CoercedValue {
  if (sent === null || sent === undefined || sent === "") return value(null);
  switch (field.type) {
    case "text":
    case "textarea":
      return coerceText(sent);
    case "regexp":
      return coercePattern(field, sent);
    case "integer":
      return typeof sent === "number" && Number.isInteger(sent) ? value(sent) : refused("InvalidValue");
    case "decimal":
      return typeof sent === "number" && Number.isFinite(sent)
        ? value(Number(sent.toFixed(Math.min(100, switches.decimalPlaces))))
        : refused("InvalidValue");
    case "checkbox":
      return typeof sent === "boolean" ? value(sent) : refused("InvalidValue");
    case "date":
      return coerceDate(sent);
    case "dropdown":
      return coerceOption(field, sent, switches);
    case "multiselect":
      return coerceOptions(field, sent, switches);
    case "lookup":
      return isTargetId(field, textOf(sent)) ? value(textOf(sent)) : refused("InvalidValue");
  }
}

/** Custom object records are known by ULIDs, everything else by numbers. */
function isTargetId(field: CustomField, id: string): boolean {
  const isRecord = field.relationship_target_type?.startsWith("zen:custom_object:") === true;
  return (isRecord ? /^[0-9A-HJKMNP-TV-Z]{26}$/ : /^\d+$/).test(id);
}

function coerceText(sent: unknown): CoercedValue {
  if (typeof sent !== "string" && typeof sent !== "number" && typeof sent !== "boolean") return refused("InvalidValue");
  const text = String(sent).trim();
  if (Buffer.byteLength(text) > maximumTextBytes) return refused("TooLong");
  return value(text === "" ? null : text);
}

function coercePattern(field: CustomField, sent: unknown): CoercedValue {
  const text = coerceText(sent);
  if (text.kind !== "value" || typeof text.value !== "string") return text;
  return matches(field.regexp_for_validation, text.value) ? text : refused("InvalidFormat");
}

function matches(pattern: string | null, text: string): boolean {
  if (pattern === null) return true;
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(text);
  } catch {
    return true; // a pattern of Ruby that JavaScript cannot read refuses nothing
  }
}

function coerceDate(sent: unknown): CoercedValue {
  if (typeof sent !== "string") return refused("InvalidValue");
  const day = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(sent.trim())?.[1];
  if (day === undefined) return refused("InvalidValue");
  const time = Date.parse(`${day}T00:00:00Z`);
  const isRealDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
  return isRealDay ? value(`${day}T00:00:00+00:00`) : refused("InvalidValue");
}

/** Unknown options vanish without an error (facetoe/zenpy issue 420), unless the switch says otherwise. */
function coerceOption(field: CustomField, sent: unknown, switches: Switches): CoercedValue {
  const known = field.custom_field_options.find((option) => option.value === sent);
  if (known) return value(known.value);
  return switches.unknownOption === "refuse" ? refused("InvalidValue") : { kind: "ignored" };
}

function coerceOptions(field: CustomField, sent: unknown, switches: Switches): CoercedValue {
  if (!Array.isArray(sent)) return refused("InvalidValue");
  const options = new Set(field.custom_field_options.map((option) => option.value));
  const known = sent.filter((one): one is string => typeof one === "string" && options.has(one));
  if (known.length < sent.length && switches.unknownOption === "refuse") return refused("InvalidValue");
  return value(known.length === 0 ? null : [...new Set(known)]);
}

export interface FieldChange {
  values: Record<string, FieldValue>;
  problems: Problem[];
}

/** Merges sent values into those that stand: keys that were not sent keep their value. */
export function mergeFieldValues(
  fields: (key: string) => CustomField | undefined,
  before: Record<string, FieldValue>,
  sent: Record<string, unknown>,
  switches: Switches,
): FieldChange {
  const values = { ...before };
  const problems: Problem[] = [];
  for (const [key, one] of Object.entries(sent)) {
    const field = fields(key);
    if (!field || !field.active) {
      if (switches.unknownFieldKey === "refuse") problems.push({ field: key, code: "InvalidValue" });
      continue;
    }
    const coerced = coerceFieldValue(field, one, switches);
    if (coerced.kind === "refused") problems.push({ field: key, code: coerced.code });
    if (coerced.kind !== "value") continue;
    if (coerced.value === null) delete values[key];
    else values[key] = coerced.value;
  }
  return { values, problems };
}

/** The tags that a set of values mirrors into its record: option values, and the tag of a ticked checkbox. */
export function mirroredTags(fields: readonly CustomField[], values: Record<string, FieldValue>): string[] {
  return fields.flatMap((field) => {
    const one = values[field.key];
    if (field.type === "dropdown" && typeof one === "string") return [one];
    if (field.type === "multiselect" && Array.isArray(one)) return one;
    if (field.type === "checkbox" && one === true && field.tag !== null) return [field.tag];
    return [];
  });
}

/** Every active field's key in the order of the fields, unset ones as null (zendesk_api_client_rb issue 226). */
export function presentFieldValues(
  fields: readonly CustomField[],
  values: Record<string, FieldValue>,
  uncheckedReads: Switches["uncheckedReads"],
): Record<string, FieldValue> {
  const shown: Record<string, FieldValue> = {};
  for (const field of fields) {
    const unset = field.type === "checkbox" && uncheckedReads === "false" ? false : null;
    if (field.active) shown[field.key] = values[field.key] ?? unset;
  }
  return shown;
}
