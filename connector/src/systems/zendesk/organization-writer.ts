// What reconcile writes, and reads before and after it. Jobs of at most 100 organizations, single calls for a few live cards.
import { type Json, type JsonObject, type OrganizationId, RemoteFailure, type Subdomain } from "../../domain/index.ts";
import type { ListedOrganization } from "../../sync/directory/ports.ts";
import type { JobState, ListedField, OrganizationWrite, OrganizationWriter } from "../../sync/reconcile/ports.ts";
import type { AccountAnswer, AccountCalls, Call } from "./calls.ts";
import { listPage } from "./directory-source.ts";
import { malformedAnswer } from "./failures.ts";
import { toJobState } from "./job-results.ts";
import { isObject } from "./json.ts";
import { type FieldWire, toOrganization, toWireOrganization } from "./organizations.ts";

/** Zendesk's limit for every call that takes a list. */
const itemsPerCall = 100;

export function createOrganizationWriter(calls: AccountCalls, wire: FieldWire): Omit<OrganizationWriter, "showUsers"> {
  async function submit(subdomain: Subdomain, call: Call): Promise<{ jobId: string; requestId: string | undefined }> {
    const { body, requestId } = await calls.ask(subdomain, call);
    const job = body["job_status"];
    const jobId = isObject(job) ? job["id"] : undefined;
    if (typeof jobId !== "string") throw malformedAnswer({ operation: call.operation, write: true }, requestId);
    return { jobId, requestId };
  }

  async function single(subdomain: Subdomain, call: Call) {
    const { body, requestId } = await calls.ask(subdomain, call);
    const organization = toOrganization(body["organization"], wire);
    if (organization === undefined) throw malformedAnswer({ operation: call.operation, write: true }, requestId);
    return { organization, requestId };
  }

  async function list(subdomain: Subdomain, call: Call): Promise<ListedOrganization[]> {
    const answer = await calls.ask(subdomain, call);
    return rowsOf(answer, "organizations", call.operation)
      .map((row) => toOrganization(row, wire))
      .filter((row) => row !== undefined);
  }

  async function showMany(subdomain: Subdomain, by: "ids" | "external_ids", keys: readonly (string | number)[]) {
    const found: ListedOrganization[] = [];
    for (const chunk of chunks(keys))
      found.push(
        ...(await list(subdomain, {
          operation: "ShowManyOrganizations",
          method: "GET",
          path: "organizations/show_many",
          query: { [by]: chunk.join(",") },
        })),
      );
    return found;
  }

  async function showOne(subdomain: Subdomain, id: OrganizationId): Promise<ListedOrganization[]> {
    try {
      const call = { operation: "ShowOrganization", method: "GET", path: `organizations/${id}` } as const;
      return [(await single(subdomain, call)).organization];
    } catch (failure) {
      if (failure instanceof RemoteFailure && failure.status === 404 && failure.action === "park") return [];
      throw failure;
    }
  }

  return {
    createMany: (subdomain, items, deadline) =>
      submit(subdomain, {
        operation: "CreateManyOrganizations",
        method: "POST",
        path: "organizations/create_many",
        body: { organizations: items.map((item) => toWireOrganization(item, wire)) },
        deadline,
      }),

    updateMany: (subdomain, items, deadline) =>
      submit(subdomain, {
        operation: "UpdateManyOrganizations",
        method: "PUT",
        path: "organizations/update_many",
        body: { organizations: items.map((item) => toWireOrganization(item, wire)) },
        deadline,
      }),

    async readJobs(subdomain, jobs) {
      const states = new Map<string, JobState>();
      for (const chunk of chunks(jobs)) {
        const ids = chunk.map((job) => job.jobId);
        const found = await showJobs(calls, subdomain, ids);
        for (const { jobId, items } of chunk) {
          const job = found.get(jobId);
          states.set(jobId, job === undefined ? { state: "expired" } : toJobState(job, items));
        }
      }
      return states;
    },

    async listOpenJobs(subdomain) {
      const open: string[] = [];
      let cursor: string | undefined;
      do {
        const list = { operation: "ListJobStatuses", path: "job_statuses", rowsKey: "job_statuses", cursor };
        const { rows, next } = await listPage(calls, subdomain, list);
        for (const { id, status } of rows)
          if (typeof id === "string" && (status === "queued" || status === "working")) open.push(id);
        cursor = next;
      } while (cursor !== undefined);
      return open;
    },

    createOrUpdate: (subdomain, item, deadline) =>
      single(subdomain, {
        operation: "CreateOrUpdateOrganization",
        method: "POST",
        path: "organizations/create_or_update",
        body: { organization: toWireOrganization(item, wire) },
        deadline,
      }),

    update: (subdomain, item, deadline) =>
      single(subdomain, {
        operation: "UpdateOrganization",
        method: "PUT",
        path: `organizations/${item.id}`,
        body: { organization: withoutId(item, wire) },
        deadline,
      }),

    async showByIds(subdomain, ids: readonly OrganizationId[]) {
      const found = await showMany(subdomain, "ids", ids);
      const shown = new Set(found.map(({ id }) => id));
      // A list may be late: that an organization is gone is believed of nothing but a 404 of its own.
      for (const id of ids) if (!shown.has(id)) found.push(...(await showOne(subdomain, id)));
      return found;
    },
    showByExternalIds: (subdomain, externalIds) => showMany(subdomain, "external_ids", externalIds),

    findByName: (subdomain, name) =>
      list(subdomain, {
        operation: "SearchOrganizations",
        method: "GET",
        path: "organizations/search",
        query: { name },
      }),

    createMemberships: (subdomain, items, deadline) =>
      submit(subdomain, {
        operation: "CreateManyOrganizationMemberships",
        method: "POST",
        path: "organization_memberships/create_many",
        body: {
          organization_memberships: items.map((item) => ({
            user_id: item.userId,
            organization_id: item.organizationId,
          })),
        },
        deadline,
      }),

    async listFields(subdomain) {
      const fields: ListedField[] = [];
      let cursor: string | undefined;
      do {
        const list = {
          operation: "ListOrganizationFields",
          path: "organization_fields",
          rowsKey: "organization_fields",
          cursor,
        };
        const { rows, next } = await listPage(calls, subdomain, list);
        fields.push(...rows.map(toListedField).filter((field) => field !== undefined));
        cursor = next;
      } while (cursor !== undefined);
      return fields;
    },

    async createField(subdomain, field, position) {
      const options = field.options?.map(({ name, value }) => ({ name, value }));
      await calls.ask(subdomain, {
        operation: "CreateOrganizationField",
        method: "POST",
        path: "organization_fields",
        body: {
          organization_field: {
            key: field.key,
            type: field.type,
            title: field.title,
            description: field.description,
            active: true,
            position,
            ...(options === undefined ? {} : { custom_field_options: options }),
          },
        },
      });
    },
  };
}

/** Jobs are kept for a day. One that is not shown, or a 404 for the only one asked, has expired. */
async function showJobs(
  calls: AccountCalls,
  subdomain: Subdomain,
  ids: readonly string[],
): Promise<Map<string, JsonObject>> {
  const operation = "ShowManyJobStatuses";
  try {
    const answer = await calls.ask(subdomain, {
      operation,
      method: "GET",
      path: "job_statuses/show_many",
      query: { ids: ids.join(",") },
    });
    const jobs = rowsOf(answer, "job_statuses", operation);
    return new Map(jobs.flatMap((job) => (typeof job["id"] === "string" ? [[job["id"], job] as const] : [])));
  } catch (failure) {
    if (failure instanceof RemoteFailure && failure.status === 404 && failure.action === "park") return new Map();
    throw failure;
  }
}

function withoutId(item: OrganizationWrite, wire: FieldWire): JsonObject {
  const { id: _id, ...rest } = toWireOrganization(item, wire);
  return rest;
}

function rowsOf(answer: AccountAnswer, key: string, operation: string): JsonObject[] {
  const rows = answer.body[key];
  if (!Array.isArray(rows)) throw malformedAnswer({ operation, write: false }, answer.requestId);
  return rows.filter(isObject);
}

function toListedField(row: JsonObject): ListedField | undefined {
  const { key, type, position, custom_field_options: options } = row;
  if (typeof key !== "string" || typeof type !== "string") return undefined;
  return {
    key,
    type,
    position: typeof position === "number" ? position : 0,
    options: Array.isArray(options) ? options.map(toOption).filter((option) => option !== undefined) : [],
  };
}

function toOption(option: Json): { name: string; value: string } | undefined {
  if (!isObject(option) || typeof option["value"] !== "string") return undefined;
  return { name: typeof option["name"] === "string" ? option["name"] : option["value"], value: option["value"] };
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / itemsPerCall) }, (_, chunk) =>
    items.slice(chunk * itemsPerCall, (chunk + 1) * itemsPerCall),
  );
}
