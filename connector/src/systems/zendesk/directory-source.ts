// Organizations and users page by page, by cursor. The last page still carries a cursor (recorded): only `has_more` ends a list.
import { z } from "zod";
import { type JsonObject, parseOrganizationId, parseUserId, type Subdomain } from "../../domain/index.ts";
import type { DirectorySource, ListedOrganization, ListedUser } from "../../sync/directory/ports.ts";
import type { AccountCalls } from "./calls.ts";
import { malformedAnswer } from "./failures.ts";
import { isObject } from "./json.ts";
import { type FieldWire, toOrganization } from "./organizations.ts";

const pageSize = "100";

/** What events and the hourly export lead to. */
export interface ChangeSource {
  /** Deleted users are not among them. */
  showUsers(subdomain: Subdomain, ids: readonly ListedUser["id"][]): Promise<ListedUser[]>;
  exportOrganizations(
    subdomain: Subdomain,
    from: number,
  ): Promise<{ organizations: ListedOrganization[]; endTime: number | undefined; last: boolean }>;
}

export function createDirectorySource(calls: AccountCalls, wire: FieldWire): DirectorySource & ChangeSource {
  return {
    async showUsers(subdomain, ids) {
      const operation = "ShowManyUsers";
      const query = { ids: ids.join(",") };
      const { body, requestId } = await calls.ask(subdomain, {
        operation,
        method: "GET",
        path: "users/show_many",
        query,
      });
      if (!Array.isArray(body["users"])) throw malformedAnswer({ operation, write: false }, requestId);
      return body["users"]
        .filter(isObject)
        .filter((row) => row["active"] !== false)
        .map(toUser)
        .filter((user) => user !== undefined);
    },

    async exportOrganizations(subdomain, from) {
      const operation = "IncrementalOrganizationExport";
      const { body, requestId } = await calls.ask(subdomain, {
        operation,
        method: "GET",
        path: "incremental/organizations",
        query: { start_time: String(from) },
      });
      const { organizations: rows, end_time, end_of_stream } = body;
      if (!Array.isArray(rows)) throw malformedAnswer({ operation, write: false }, requestId);
      // Whether deleted ones are listed is not documented; where they are, they say so.
      const standing = rows.filter(isObject).filter((row) => typeof row["deleted_at"] !== "string");
      return {
        organizations: standing.map((row) => toOrganization(row, wire)).filter((row) => row !== undefined),
        endTime: typeof end_time === "number" ? end_time : undefined,
        last: end_of_stream !== false,
      };
    },

    async listOrganizations(subdomain, cursor) {
      const { rows, next } = await listPage(calls, subdomain, {
        operation: "ListOrganizations",
        path: "organizations",
        rowsKey: "organizations",
        cursor,
      });
      return { organizations: rows.map((row) => toOrganization(row, wire)).filter((row) => row !== undefined), next };
    },

    async listUsers(subdomain, cursor) {
      const { rows, next } = await listPage(calls, subdomain, {
        operation: "ListUsers",
        path: "users",
        rowsKey: "users",
        cursor,
      });
      return { users: rows.map(toUser).filter((user) => user !== undefined), next };
    },
  };
}

export async function listPage(
  calls: AccountCalls,
  subdomain: Subdomain,
  list: { operation: string; path: string; rowsKey: string; cursor: string | undefined },
): Promise<{ rows: JsonObject[]; next: string | undefined }> {
  const { body, requestId } = await calls.ask(subdomain, {
    operation: list.operation,
    method: "GET",
    path: list.path,
    query: { "page[size]": pageSize, ...(list.cursor === undefined ? {} : { "page[after]": list.cursor }) },
  });
  const rows = body[list.rowsKey];
  if (!Array.isArray(rows)) throw malformedAnswer({ operation: list.operation, write: false }, requestId);
  const meta = isObject(body["meta"]) ? body["meta"] : {};
  const after = meta["after_cursor"];
  const next = meta["has_more"] === true && typeof after === "string" && after !== list.cursor ? after : undefined;
  return { rows: rows.filter(isObject), next };
}

const userSchema = z.object({
  id: z.union([z.number(), z.string()]),
  email: z.string().nullish(),
  role: z.string().nullish(),
  organization_id: z.union([z.number(), z.string()]).nullish(),
});

export function toUser(json: JsonObject): ListedUser | undefined {
  const found = userSchema.safeParse(json);
  if (!found.success) return undefined;
  const { id, email, role, organization_id } = found.data;
  return {
    id: parseUserId(id),
    organizationId:
      organization_id === null || organization_id === undefined ? undefined : parseOrganizationId(organization_id),
    addresses: email ? [email.trim().toLowerCase()] : [],
    agent: role !== "end-user",
  };
}
