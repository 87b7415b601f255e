import { isJsonObject, textOf } from "../records/input.ts";
import { badRequest } from "../records/refusals.ts";
import type { Call } from "../server/call.ts";
import type { CustomObject, FieldType, FieldValue, ObjectRecord } from "../world/entities.ts";

// https://developer.zendesk.com/documentation/custom-data/v2/searching-custom-object-records
type Matcher = (record: ObjectRecord) => boolean;
type Kind = "text" | "number" | "time" | "exact";

const kinds: Record<FieldType, Kind> = {
  text: "text",
  textarea: "text",
  regexp: "text",
  checkbox: "exact",
  dropdown: "exact",
  multiselect: "exact",
  lookup: "exact",
  integer: "number",
  decimal: "number",
  date: "time",
};

/** Fields that every record has; other fields are named `custom_object_fields.KEY`. */
const standard: Record<string, { kind: Kind; of: (record: ObjectRecord) => FieldValue }> = {
  name: { kind: "text", of: (record) => record.name },
  external_id: { kind: "exact", of: (record) => record.external_id },
  created_at: { kind: "time", of: (record) => record.created_at },
  updated_at: { kind: "time", of: (record) => record.updated_at },
  created_by_user: { kind: "exact", of: (record) => record.created_by_user_id },
  updated_by_user: { kind: "exact", of: (record) => record.updated_by_user_id },
};

/** The filter of the body as a question to one record; everybody passes where none was sent. */
export function matcherOf(call: Call, object: CustomObject): Matcher {
  const filter = isJsonObject(call.body) ? call.body.filter : undefined;
  if (filter === undefined || filter === null) return () => true;
  return read(call, object, filter, 0);
}

const deepest = 10;
const malformed = (says: string) => badRequest("InvalidFilter", says);

function read(call: Call, object: CustomObject, filter: unknown, depth: number): Matcher {
  if (!isJsonObject(filter) || depth > deepest) throw malformed("filter must be an object");
  const parts = Object.entries(filter).map(([key, condition]) => {
    if (key === "$and" || key === "$or") {
      if (!Array.isArray(condition)) throw malformed(`${key} must be an array`);
      const all = condition.map((one) => read(call, object, one, depth + 1));
      return key === "$and"
        ? (record: ObjectRecord) => all.every((matches) => matches(record))
        : (record: ObjectRecord) => all.some((matches) => matches(record));
    }
    return comparison(fieldOf(call, object, key), key, condition);
  });
  return (record) => parts.every((matches) => matches(record));
}

interface Asked {
  kind: Kind;
  of: (record: ObjectRecord) => FieldValue;
}

function fieldOf(call: Call, object: CustomObject, name: string): Asked {
  const known = Object.hasOwn(standard, name) ? standard[name] : undefined;
  if (known) return known;
  const key = /^custom_object_fields\.(\w+)$/.exec(name)?.[1];
  const field = key === undefined ? undefined : call.tenant.account.objectFields.first("key", `${object.key}/${key}`);
  if (!field) throw malformed(`${name} is not a field of ${object.key}`);
  return { kind: kinds[field.type], of: (record) => record.values[field.key] ?? null };
}

type Operator = (held: FieldValue, wanted: string) => boolean;

const is: Operator = (held, wanted) =>
  held !== null && (Array.isArray(held) ? held.includes(wanted) : String(held).toLowerCase() === wanted.toLowerCase());
const contains: Operator = (held, wanted) => held !== null && String(held).toLowerCase().includes(wanted.toLowerCase());
const compared =
  (isWanted: (order: number) => boolean, order: (held: string, wanted: string) => number): Operator =>
  (held, wanted) =>
    held !== null && isWanted(order(String(held), wanted));

const byNumber = (held: string, wanted: string): number => Number(held) - Number(wanted);
const byTime = (held: string, wanted: string): number => Date.parse(held) - Date.parse(wanted);
const not =
  (operator: Operator): Operator =>
  (held, wanted) =>
    !operator(held, wanted);

function ranges(order: (held: string, wanted: string) => number): Record<string, Operator> {
  return {
    $gt: compared((difference) => difference > 0, order),
    $gte: compared((difference) => difference >= 0, order),
    $lt: compared((difference) => difference < 0, order),
    $lte: compared((difference) => difference <= 0, order),
  };
}

const operators: Record<Kind, Record<string, Operator>> = {
  text: { $eq: is, $noteq: not(is), $contains: contains, $notcontains: not(contains) },
  exact: { $eq: is, $noteq: not(is) },
  number: { $eq: compared((difference) => difference === 0, byNumber), ...ranges(byNumber) },
  time: { $eq: compared((difference) => difference === 0, byTime), ...ranges(byTime) },
};

function comparison({ kind, of }: Asked, name: string, condition: unknown): Matcher {
  if (!isJsonObject(condition)) throw malformed(`${name} must be a comparison such as {"$eq": "value"}`);
  const parts = Object.entries(condition).map(([symbol, wanted]) => {
    const known = operators[kind];
    const operator = Object.hasOwn(known, symbol) ? known[symbol] : undefined;
    if (!operator) throw malformed(`${symbol} is no operator of ${name}`);
    return (record: ObjectRecord) => operator(of(record), textOf(wanted));
  });
  return (record) => parts.every((matches) => matches(record));
}
