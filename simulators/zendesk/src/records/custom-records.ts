import { type Account, nextId, recordsOf } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { FieldValue, ObjectRecord } from "../world/entities.ts";
import { ulid } from "../world/ulid.ts";
import type { Author } from "./author.ts";
import { mergeFieldValues } from "./field-values.ts";
import { isJsonObject, type JsonObject, type Kind, optionalString, textOf } from "./input.ts";
import { clearLookups, danglingLookups } from "./lookups.ts";
import { orderedObjectFields } from "./object-fields.ts";
import { type Problem, recordInvalid } from "./refusals.ts";

/** https://developer.zendesk.com/api-reference/custom-data/custom-objects/custom_object_records/ */
export const recordKeys: Record<string, Kind> = {
  name: "string",
  external_id: "identifier",
  custom_object_fields: "hash",
};

/** "Each record has a maximum size of 32 KB" (custom object records reference). */
const mostBytes = 32 * 1024;

/** Who writes: the caller's id in text, as records show it. */
export interface Writer extends Author {
  userId: string;
}

export function createRecord(account: Account, objectKey: string, sent: JsonObject, writer: Writer): ObjectRecord {
  const time = isoSeconds(writer.at);
  const blank: ObjectRecord = {
    id: 0,
    ulid: "",
    name: "",
    external_id: null,
    values: {},
    created_by_user_id: writer.userId,
    updated_by_user_id: writer.userId,
    created_at: time,
    updated_at: time,
  };
  const checked = checkRecord(account, objectKey, { name: "", ...sent }, blank);
  return recordsOf(account, objectKey).put({
    ...checked,
    id: nextId(account),
    ulid: ulid(writer.at, account.random),
  });
}

/** Only what was sent changes. */
export function updateRecord(
  account: Account,
  objectKey: string,
  before: ObjectRecord,
  sent: JsonObject,
  writer: Writer,
): ObjectRecord {
  const checked = checkRecord(account, objectKey, sent, before);
  if (JSON.stringify(checked) === JSON.stringify(before)) return before;
  return recordsOf(account, objectKey).put({
    ...checked,
    updated_by_user_id: writer.userId,
    updated_at: isoSeconds(writer.at),
  });
}

export function deleteRecord(account: Account, objectKey: string, record: ObjectRecord): void {
  recordsOf(account, objectKey).remove(record.id);
  clearLookups(account, `zen:custom_object:${objectKey}`, record.ulid);
}

/** External ids of records are case-sensitive (filter[external_ids] of the records reference). */
export function recordByExternalId(account: Account, objectKey: string, externalId: string): ObjectRecord | undefined {
  return account.objectRecords.get(objectKey)?.first("external", externalId);
}

function checkRecord(account: Account, objectKey: string, sent: JsonObject, before: ObjectRecord): ObjectRecord {
  const problems: Problem[] = [];
  const next = { ...before };
  if ("name" in sent) {
    next.name = textOf(sent.name).trim();
    if (next.name === "") problems.push({ field: "name", code: "BlankValue" });
    else if (next.name.length > account.switches.nameLimit) problems.push({ field: "name", code: "TooLong" });
  }
  if ("external_id" in sent) {
    next.external_id = optionalString(sent.external_id);
    const holder = next.external_id === null ? undefined : recordByExternalId(account, objectKey, next.external_id);
    if (holder && holder.id !== before.id)
      problems.push({ field: "external_id", code: "DuplicateValue", value: next.external_id ?? "" });
  }
  if (isJsonObject(sent.custom_object_fields)) {
    const fields = orderedObjectFields(account, objectKey);
    const byKey = new Map(fields.map((field) => [field.key, field]));
    const merged = mergeFieldValues(
      (key) => byKey.get(key),
      before.values,
      sent.custom_object_fields,
      account.switches,
    );
    next.values = merged.values;
    problems.push(...merged.problems, ...danglingLookups(account, fields, changedOnly(before.values, merged.values)));
  }
  if (Buffer.byteLength(JSON.stringify(next)) > mostBytes) problems.push({ field: "base", code: "TooLong" });
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  return next;
}

function changedOnly(
  before: Readonly<Record<string, FieldValue>>,
  after: Readonly<Record<string, FieldValue>>,
): Record<string, FieldValue> {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
}

/** Every active field's key, unset ones as null, as organizations show theirs. */
export function presentRecord(account: Account, objectKey: string, record: ObjectRecord, root: string): JsonObject {
  const fields = orderedObjectFields(account, objectKey).filter((field) => field.active);
  return {
    url: `${root}/custom_objects/${objectKey}/records/${record.ulid}.json`,
    id: record.ulid,
    name: record.name,
    custom_object_key: objectKey,
    custom_object_fields: Object.fromEntries(fields.map((field) => [field.key, record.values[field.key] ?? null])),
    created_by_user_id: record.created_by_user_id,
    updated_by_user_id: record.updated_by_user_id,
    created_at: record.created_at,
    updated_at: record.updated_at,
    external_id: record.external_id,
  };
}
