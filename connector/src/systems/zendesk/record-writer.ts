// Invoices and bills as records of custom objects: the objects and their fields, jobs of at most 100, and what is there.
import {
  type FieldValues,
  type Json,
  type JsonObject,
  parseOrganizationId,
  type RecordFieldDefinition,
  type RecordObject,
  type RecordObjectDefinition,
  RemoteFailure,
  type Subdomain,
} from "../../domain/index.ts";
import type {
  FoundRecord,
  RecordJobState,
  RecordResult,
  RecordWriter,
  SubmittedRecords,
} from "../../sync/reconcile/records/ports.ts";
import type { AccountCalls } from "./calls.ts";
import { listPage } from "./directory-source.ts";
import { detailCode, malformedAnswer } from "./failures.ts";
import { isObject } from "./json.ts";
import type { FieldWire } from "./organizations.ts";

/** Zendesk's limit for every call that takes a list. */
const itemsPerCall = 100;

/** `objects`: what fields our records have. */
export function createRecordWriter(
  calls: AccountCalls,
  { wire, objects }: { wire: Pick<FieldWire, "canonical" | "toWire">; objects: readonly RecordObjectDefinition[] },
): Omit<RecordWriter, "listOpenJobs"> {
  const fieldsOf = (object: RecordObject): readonly RecordFieldDefinition[] =>
    objects.find(({ key }) => key === object)?.fields ?? [];
  const lookupOf = (object: RecordObject): string | undefined =>
    fieldsOf(object).find(({ type }) => type === "organization")?.key;

  async function submit(
    subdomain: Subdomain,
    object: RecordObject,
    job: { action: string; items: Json[] },
    deadline: number,
  ): Promise<SubmittedRecords> {
    const operation = "CustomObjectRecordBulkJobs";
    const { body, requestId } = await calls.ask(subdomain, {
      operation,
      method: "POST",
      path: `custom_objects/${object}/jobs`,
      body: { job },
      deadline,
    });
    const status = body["job_status"];
    const jobId = isObject(status) ? status["id"] : undefined;
    if (typeof jobId !== "string") throw malformedAnswer({ operation, write: true }, requestId);
    return { jobId, requestId };
  }

  return {
    async ensureObjects(subdomain, definitions) {
      const existing = await keysOf(calls, subdomain, "custom_objects");
      if (existing === undefined) return "unavailable";
      const differs: string[] = [];
      for (const definition of definitions) {
        if (!existing.has(definition.key)) await createObject(calls, subdomain, definition);
        differs.push(...(await ensureObjectFields(calls, subdomain, definition)));
      }
      return differs.length > 0 ? { differs } : "ready";
    },

    upsertRecords: (subdomain, object, records, deadline) =>
      submit(
        subdomain,
        object,
        {
          action: "create_or_update_by_external_id",
          items: records.map(({ externalId, name, organizationId, values }) => ({
            external_id: externalId,
            name,
            custom_object_fields: {
              ...wireValues(values, fieldsOf(object), wire),
              ...(lookupOf(object) === undefined ? {} : { [lookupOf(object) as string]: String(organizationId) }),
            },
          })),
        },
        deadline,
      ),

    deleteRecords: (subdomain, object, externalIds, deadline) =>
      submit(subdomain, object, { action: "delete_by_external_id", items: [...externalIds] }, deadline),

    async readRecordJobs(subdomain, jobs) {
      const found = new Map<string, RecordJobState>();
      const operation = "ShowManyJobStatuses";
      const { body } = await calls.ask(subdomain, {
        operation,
        method: "GET",
        path: "job_statuses/show_many",
        query: { ids: jobs.map(({ jobId }) => jobId).join(",") },
      });
      const rows = Array.isArray(body["job_statuses"]) ? body["job_statuses"].filter(isObject) : [];
      for (const { jobId, items } of jobs) {
        const job = rows.find(({ id }) => id === jobId);
        found.set(jobId, job === undefined ? { state: "expired" } : toRecordJobState(job, items));
      }
      return found;
    },

    async listLatestRecords(subdomain, object, cursor) {
      const { rows, next } = await listPage(calls, subdomain, {
        operation: "ListCustomObjectRecords",
        path: `custom_objects/${object}/records`,
        rowsKey: "custom_object_records",
        cursor,
        query: { sort: "-updated_at" },
      });
      const records = rows.flatMap((row) => {
        const record = toFoundRecord(row, object, fieldsOf(object), wire);
        const { updated_at: at } = row;
        const updatedAt = typeof at === "string" ? new Date(at) : undefined;
        const isDated = updatedAt !== undefined && !Number.isNaN(updatedAt.getTime());
        return record !== undefined && isDated ? [{ record, updatedAt }] : [];
      });
      return { records, next };
    },

    async countRecords(subdomain, object) {
      const operation = "CountCustomObjectRecords";
      const { body, requestId } = await calls.ask(subdomain, {
        operation,
        method: "GET",
        path: `custom_objects/${object}/records/count`,
      });
      const count = isObject(body["count"]) ? body["count"]["value"] : undefined;
      if (typeof count !== "number") throw malformedAnswer({ operation, write: false }, requestId);
      return count;
    },

    async findRecords(subdomain, object, externalIds) {
      const found: FoundRecord[] = [];
      for (let from = 0; from < externalIds.length; from += itemsPerCall) {
        const { rows } = await listPage(calls, subdomain, {
          operation: "ListCustomObjectRecords",
          path: `custom_objects/${object}/records`,
          rowsKey: "custom_object_records",
          cursor: undefined,
          query: { "filter[external_ids]": externalIds.slice(from, from + itemsPerCall).join(",") },
        });
        for (const row of rows) {
          const record = toFoundRecord(row, object, fieldsOf(object), wire);
          if (record) found.push(record);
        }
      }
      return found;
    },
  };
}

/** Undefined where the account has no custom objects: its plan, or our role or scope there. */
async function keysOf(calls: AccountCalls, subdomain: Subdomain, path: string): Promise<Set<string> | undefined> {
  const keys = new Set<string>();
  let cursor: string | undefined;
  try {
    do {
      const list = { operation: "ListCustomObjects", path, rowsKey: "custom_objects", cursor };
      const { rows, next } = await listPage(calls, subdomain, list);
      for (const { key } of rows) if (typeof key === "string") keys.add(key);
      cursor = next;
    } while (cursor !== undefined);
  } catch (failure) {
    if (failure instanceof RemoteFailure && (failure.status === 403 || failure.status === 404)) return undefined;
    throw failure;
  }
  return keys;
}

async function createObject(
  calls: AccountCalls,
  subdomain: Subdomain,
  { key, title, plural }: RecordObjectDefinition,
): Promise<void> {
  await calls.ask(subdomain, {
    operation: "CreateCustomObject",
    method: "POST",
    path: "custom_objects",
    body: { custom_object: { key, title, title_pluralized: plural } },
  });
}

/** What stands there under another type is never made anew: a deleted key cannot be used again. */
async function ensureObjectFields(
  calls: AccountCalls,
  subdomain: Subdomain,
  { key: object, fields }: RecordObjectDefinition,
): Promise<string[]> {
  const path = `custom_objects/${object}/fields`;
  const list = { operation: "ListCustomObjectFields", path, rowsKey: "custom_object_fields", cursor: undefined };
  const { rows } = await listPage(calls, subdomain, list);
  const types = new Map(rows.map(({ key, type }) => [key, type]));
  const differs: string[] = [];
  for (const { key, type, title, options } of fields) {
    const wanted = type === "organization" ? "lookup" : type;
    const found = types.get(key);
    if (found !== undefined) {
      if (found !== wanted) differs.push(`${object}.${key} has type ${JSON.stringify(found)}`);
      continue;
    }
    await calls.ask(subdomain, {
      operation: "CreateCustomObjectField",
      method: "POST",
      path,
      body: {
        custom_object_field: {
          key,
          title,
          type: wanted,
          ...(type === "organization" ? { relationship_target_type: "zen:organization" } : {}),
          ...(options ? { custom_field_options: options.map(({ name, value }) => ({ name, value })) } : {}),
        },
      },
    });
  }
  return differs;
}

function wireValues(
  values: FieldValues,
  fields: readonly RecordFieldDefinition[],
  wire: Pick<FieldWire, "toWire">,
): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ key, type }) =>
      type === "organization" ? [] : [[key, wire.toWire(type, values[key] ?? null)] as const],
    ),
  );
}

function toFoundRecord(
  row: JsonObject,
  object: RecordObject,
  fields: readonly RecordFieldDefinition[],
  wire: Pick<FieldWire, "canonical">,
): FoundRecord | undefined {
  const { external_id: externalId, name, custom_object_fields: held } = row;
  if (typeof externalId !== "string" || typeof name !== "string" || !isObject(held)) return undefined;
  const values: FieldValues = {};
  let organizationId: FoundRecord["organizationId"];
  for (const { key, type } of fields) {
    const value = held[key];
    if (type !== "organization") values[key] = wire.canonical(type, value);
    else if (typeof value === "string" || typeof value === "number") organizationId = parseOrganizationId(value);
  }
  return { object, externalId, name, organizationId, values };
}

/** Results as those of other jobs: by index, else by order; what no result speaks of is unknown. */
function toRecordJobState(job: JsonObject, items: number): RecordJobState {
  if (job["status"] === "queued" || job["status"] === "working") return { state: "under-way" };
  const list = Array.isArray(job["results"]) ? job["results"].filter(isObject) : [];
  const placed: (RecordResult | undefined)[] = Array.from({ length: items });
  const byOrder = list.length === items;
  for (const [order, result] of list.entries()) {
    const index = result["index"];
    const place = typeof index === "number" && index >= 0 && index < items ? index : byOrder ? order : undefined;
    if (place !== undefined) placed[place] = toResult(result);
  }
  return { state: "ended", results: placed.map((result) => result ?? { kind: "unknown" }) };
}

function toResult(result: JsonObject): RecordResult {
  const { error, details, success, id } = result;
  if ((error !== undefined && error !== null) || success === false || result["status"] === "Failed") {
    return { kind: "failed", code: detailCode(details) ?? (typeof error === "string" ? error.slice(0, 80) : "Failed") };
  }
  return success === true || (id !== undefined && id !== null) ? { kind: "done" } : { kind: "unknown" };
}
