import { coerceFieldValue } from "../records/field-values.ts";
import { isJsonObject, type JsonObject, optionalString } from "../records/input.ts";
import { orderedObjectFields } from "../records/object-fields.ts";
import { type Account, nextId, recordsOf } from "../world/account.ts";
import type { FieldValue } from "../world/entities.ts";
import { ulid } from "../world/ulid.ts";
import { readField } from "./rows.ts";

// Custom objects, their fields and records of an account file. A record keeps the ULID that the file gives it.

const textOr = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback);

export function seedObject(account: Account, row: JsonObject, now: string): void {
  const key = String(row.key);
  const title = textOr(row.title, key);
  account.customObjects.put({
    id: nextId(account),
    key,
    title,
    title_pluralized: textOr(row.title_pluralized, title),
    description: textOr(row.description, ""),
    created_by_user_id: textOr(row.created_by_user_id, "0"),
    updated_by_user_id: textOr(row.updated_by_user_id, "0"),
    created_at: textOr(row.created_at, now),
    updated_at: textOr(row.updated_at, now),
  });
}

export function seedObjectField(account: Account, row: JsonObject, now: string): void {
  account.objectFields.put({ ...readField(account, row, now), object_key: String(row.object_key) });
}

export function seedRecord(account: Account, row: JsonObject, now: string): void {
  const objectKey = String(row.custom_object_key);
  const values: Record<string, FieldValue> = {};
  for (const field of orderedObjectFields(account, objectKey)) {
    const sent = isJsonObject(row.custom_object_fields) ? row.custom_object_fields[field.key] : undefined;
    const coerced = coerceFieldValue(field, sent, account.switches);
    if (coerced.kind === "value" && coerced.value !== null) values[field.key] = coerced.value;
  }
  const created = textOr(row.created_at, now);
  recordsOf(account, objectKey).put({
    id: nextId(account),
    ulid: textOr(row.id, ulid(Date.parse(created), account.random)),
    name: String(row.name),
    external_id: optionalString(row.external_id),
    values,
    created_by_user_id: textOr(row.created_by_user_id, "0"),
    updated_by_user_id: textOr(row.updated_by_user_id, "0"),
    created_at: created,
    updated_at: textOr(row.updated_at, created),
  });
}
