import type { JobKind } from "../jobs/job.ts";
import {
  createRecord,
  deleteRecord,
  presentRecord,
  recordByExternalId,
  recordKeys,
  updateRecord,
  type Writer,
} from "../records/custom-records.ts";
import { isJsonObject, type JsonObject, missingParameter, permit, requireObject, textOf } from "../records/input.ts";
import { errorList, invalidAttribute, recordNotFound } from "../records/refusals.ts";
import { type Call, created, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { cursorListPage } from "../server/paging.ts";
import { recordsOf } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { CustomObject, ObjectRecord } from "../world/entities.ts";
import type { Table } from "../world/table.ts";
import { callerId, requireCustomObject } from "./custom-objects.ts";
import { checkBatch, listParameter } from "./parameters.ts";
import { matcherOf } from "./record-filter.ts";
import { submitJob } from "./submit-job.ts";

const records = "custom_objects/{object}/records";

/** https://developer.zendesk.com/api-reference/custom-data/custom-objects/custom_object_records/ */
export const customRecordOperations: Operation[] = operationsOf("custom_objects", [
  ["ListCustomObjectRecords", "GET", records, "custom_object_records/index", listRecords],
  ["CreateCustomObjectRecord", "POST", records, "custom_object_records/create", createOne],
  ["UpsertCustomObjectRecord", "PATCH", records, "custom_object_records/upsert", upsertOne],
  ["DeleteCustomObjectRecordByExternalId", "DELETE", records, "custom_object_records/destroy", deleteByExternalId],
  ["CountCustomObjectRecords", "GET", `${records}/count`, "custom_object_records/count", count],
  ["SearchCustomObjectRecords", "GET", `${records}/search`, "custom_object_records/search", search],
  ["FilteredSearchCustomObjectRecords", "POST", `${records}/search`, "custom_object_records/search", search],
  [
    "AutocompleteCustomObjectRecordSearch",
    "GET",
    `${records}/autocomplete`,
    "custom_object_records/autocomplete",
    find,
  ],
  ["ShowCustomObjectRecord", "GET", `${records}/{id}`, "custom_object_records/show", showOne],
  ["UpdateCustomObjectRecord", "PATCH", `${records}/{id}`, "custom_object_records/update", updateOne],
  ["DeleteCustomObjectRecord", "DELETE", `${records}/{id}`, "custom_object_records/destroy", deleteOne],
  ["CustomObjectRecordBulkJobs", "POST", "custom_objects/{object}/jobs", "custom_object_records/jobs", submit],
]);

const sorts = [{ name: "updated_at", of: (record: ObjectRecord) => record.updated_at }];

const presenter = (call: Call, object: CustomObject) => (record: ObjectRecord) =>
  presentRecord(call.tenant.account, object.key, record, call.root);
const tableOf = (call: Call, object: CustomObject): Table<ObjectRecord> => recordsOf(call.tenant.account, object.key);
const writerOf = (call: Call): Writer => ({ ...call.author, userId: callerId(call) });

/** Whether lists show a record at once is not documented: a switch. */
function isListed(call: Call, record: ObjectRecord): boolean {
  const { recordListLagMs } = call.tenant.account.switches;
  return recordListLagMs === 0 || call.author.at - Date.parse(record.created_at) >= recordListLagMs;
}

/** Cursor pages only; `filter[ids]` and `filter[external_ids]` are comma lists, matched with case. */
function listRecords(call: Call): Reply {
  const object = requireCustomObject(call);
  const table = tableOf(call, object);
  const ids = listParameter(call, "filter[ids]");
  const externalIds = listParameter(call, "filter[external_ids]");
  const isWhole = ids === undefined && externalIds === undefined && call.tenant.account.switches.recordListLagMs === 0;
  const wanted = (): ObjectRecord[] => {
    const byId = ids?.flatMap((id) => table.first("ulid", id) ?? []);
    const byExternalId = externalIds?.flatMap((id) => table.first("external", id) ?? []);
    const found = byId && byExternalId ? byId.filter((one) => byExternalId.includes(one)) : (byId ?? byExternalId);
    const listed = (found ?? table.all()).filter((record) => isListed(call, record));
    return [...new Set(listed)].sort((a, b) => a.id - b.id);
  };
  const source = isWhole ? table : wanted();
  return cursorListPage({ call, key: "custom_object_records", source, sorts, present: presenter(call, object) });
}

function requireRecord(call: Call, object: CustomObject): ObjectRecord {
  const record = tableOf(call, object).first("ulid", call.params.id ?? "");
  if (!record) throw recordNotFound();
  return record;
}

const shown = (call: Call, object: CustomObject, record: ObjectRecord): JsonObject => ({
  custom_object_record: presenter(call, object)(record),
});

function read(call: Call): JsonObject {
  const { action } = call.operation;
  const sent = requireObject(call.body, "custom_object_record", action);
  return permitRecord(call, sent, "custom_object_record");
}

function permitRecord(call: Call, sent: JsonObject, path: string): JsonObject {
  const keys = { ...recordKeys, ...(path.startsWith("job") ? { id: "string" as const } : {}) };
  const { values, unpermitted } = permit(sent, path, keys, call.operation.action);
  call.dropped.push(...unpermitted);
  return values;
}

function showOne(call: Call): Reply {
  const object = requireCustomObject(call);
  return ok(shown(call, object, requireRecord(call, object)));
}

function createOne(call: Call): Reply {
  const object = requireCustomObject(call);
  const record = createRecord(call.tenant.account, object.key, read(call), writerOf(call));
  return created(shown(call, object, record), `${call.root}/custom_objects/${object.key}/records/${record.ulid}.json`);
}

function updateOne(call: Call): Reply {
  const object = requireCustomObject(call);
  const before = requireRecord(call, object);
  return ok(shown(call, object, updateRecord(call.tenant.account, object.key, before, read(call), writerOf(call))));
}

function deleteOne(call: Call): Reply {
  const object = requireCustomObject(call);
  deleteRecord(call.tenant.account, object.key, requireRecord(call, object));
  return noContent;
}

/** By name only where names are unique, which no object of this simulator has ("or `?name=`, never both"). */
function wantedExternalId(call: Call): string {
  if (call.query.get("name") !== null)
    throw errorList(400, "InvalidQueryParameter", "Invalid query parameter", "name is not unique for this object");
  const externalId = call.query.get("external_id") ?? "";
  if (externalId === "") throw missingParameter("external_id");
  return externalId;
}

/** Only what was sent changes; 200 also where the record is new (the contract declares nothing else). */
function upsertOne(call: Call): Reply {
  const object = requireCustomObject(call);
  const { account } = call.tenant;
  const externalId = wantedExternalId(call);
  const sent = { ...read(call), external_id: externalId };
  const known = recordByExternalId(account, object.key, externalId);
  const record = known
    ? updateRecord(account, object.key, known, sent, writerOf(call))
    : createRecord(account, object.key, sent, writerOf(call));
  return ok(shown(call, object, record));
}

function deleteByExternalId(call: Call): Reply {
  const object = requireCustomObject(call);
  const record = recordByExternalId(call.tenant.account, object.key, wantedExternalId(call));
  if (!record) throw recordNotFound();
  deleteRecord(call.tenant.account, object.key, record);
  return noContent;
}

function count(call: Call): Reply {
  const object = requireCustomObject(call);
  return ok({ count: { value: tableOf(call, object).size, refreshed_at: isoSeconds(call.author.at) } });
}

/** Searches ask an index that lags; `count` is what this page holds (records reference). */
function indexed(call: Call, object: CustomObject, isWanted: (record: ObjectRecord) => boolean): Reply {
  const { searchLagMs } = call.tenant.account.switches;
  const source = tableOf(call, object)
    .all()
    .filter((record) => call.author.at - Date.parse(record.updated_at) >= searchLagMs && isWanted(record));
  const listing = { call, key: "custom_object_records", source, sorts, present: presenter(call, object) };
  const { status, body } = cursorListPage(listing);
  const page = isJsonObject(body) ? body : {};
  const held = page.custom_object_records;
  return { status, body: { count: Array.isArray(held) ? held.length : 0, ...page } };
}

/** Words of the query begin words of the record's name or texts; a filter in the body narrows further. */
function search(call: Call): Reply {
  const object = requireCustomObject(call);
  const words = (call.query.get("query") ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "" && word !== "*");
  const matches = matcherOf(call, object);
  return indexed(call, object, (record) => {
    const texts = [record.name, record.external_id ?? "", ...Object.values(record.values).map(String)];
    const held = texts.join(" ").toLowerCase().split(/\s+/);
    return words.every((word) => held.some((one) => one.startsWith(word))) && matches(record);
  });
}

function find(call: Call): Reply {
  const object = requireCustomObject(call);
  const prefix = call.query.get("name");
  if (prefix === null) throw missingParameter("name");
  return indexed(call, object, (record) => record.name.toLowerCase().startsWith(prefix.trim().toLowerCase()));
}

/** What each action takes: records, or strings where it deletes (records reference, "Custom Object Record Bulk Jobs"). */
const actions: Record<string, { kind: JobKind; takes: "records" | "id" | "external_id" }> = {
  create: { kind: "custom_object_records.create", takes: "records" },
  update: { kind: "custom_object_records.update", takes: "records" },
  create_or_update_by_external_id: { kind: "custom_object_records.create_or_update", takes: "records" },
  delete: { kind: "custom_object_records.delete", takes: "id" },
  delete_by_external_id: { kind: "custom_object_records.delete", takes: "external_id" },
};

/** 201, unlike the jobs of organizations (the contract's only status). */
function submit(call: Call): Reply {
  const object = requireCustomObject(call);
  const job = requireObject(call.body, "job", call.operation.action);
  const name = textOf(job.action);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw invalidAttribute("job.action", `one of ${Object.keys(actions).join(", ")}`, call.operation.action);
  if (!Array.isArray(job.items)) throw missingParameter("job.items");
  checkBatch("job.items", job.items);
  const items = job.items.map((item: unknown, index): JsonObject => {
    if (action.takes !== "records") {
      const id = textOf(item);
      if (id === "") throw invalidAttribute(`job.items.${index}`, "a string", call.operation.action);
      return { [action.takes]: id };
    }
    if (!isJsonObject(item)) throw invalidAttribute(`job.items.${index}`, "a hash", call.operation.action);
    return permitRecord(call, item, `job.items.${index}`);
  });
  const context = { objectKey: object.key, userId: callerId(call) };
  return { ...submitJob(call, action.kind, items, context), status: 201 };
}
