// Organizations and users page by page, by cursor. The last page still carries a cursor (recorded): only `has_more` ends a list.
import { z } from "zod";
import {
  type JsonObject,
  type OrganizationId,
  parseOrganizationId,
  RemoteFailure,
  type Subdomain,
} from "../../domain/index.ts";
import type { DirectorySource, ListedOrganization, ListedUser } from "../../sync/directory/ports.ts";
import type { AccountCalls } from "./calls.ts";
import { malformedAnswer } from "./failures.ts";
import { isObject } from "./json.ts";
import { type FieldWire, toOrganization } from "./organizations.ts";
import { usersIn, withIdentities } from "./users.ts";

const pageSize = "100";
const mostShown = 100;

const idSchema = z.union([z.number(), z.string()]);
const mergesSchema = z.object({
  organization_merges: z.array(z.object({ loser_id: idSchema, winner_id: idSchema, status: z.string() })),
});

/** What events and the hourly export lead to. */
export interface ChangeSource {
  /** Deleted users are not among them. */
  showUsers(subdomain: Subdomain, ids: readonly ListedUser["id"][]): Promise<ListedUser[]>;
  /** Where an organization that is gone was merged to, once that is complete. */
  mergedInto(subdomain: Subdomain, loser: OrganizationId): Promise<OrganizationId | undefined>;
  exportOrganizations(
    subdomain: Subdomain,
    from: number,
  ): Promise<{ organizations: ListedOrganization[]; endTime: number | undefined; last: boolean }>;
}

export function createDirectorySource(calls: AccountCalls, wire: FieldWire): DirectorySource & ChangeSource {
  return {
    async showUsers(subdomain, ids) {
      const operation = "ShowManyUsers";
      const users: ListedUser[] = [];
      for (let from = 0; from < ids.length; from += mostShown) {
        const { body, requestId } = await calls.ask(subdomain, {
          operation,
          method: "GET",
          path: "users/show_many",
          query: { ids: ids.slice(from, from + mostShown).join(","), ...withIdentities },
        });
        const found = usersIn(body);
        if (found === undefined) throw malformedAnswer({ operation, write: false }, requestId);
        users.push(...found.users);
      }
      return users;
    },

    async mergedInto(subdomain, loser) {
      const operation = "ListOrganizationMerges";
      try {
        const { body } = await calls.ask(subdomain, {
          operation,
          method: "GET",
          path: `organizations/${loser}/merges`,
        });
        const merges = mergesSchema.safeParse(body);
        const merge = merges.data?.organization_merges.find(
          ({ loser_id, status }) => Number(loser_id) === loser && status === "complete",
        );
        return merge === undefined ? undefined : parseOrganizationId(merge.winner_id);
      } catch (failure) {
        // Nobody ever merged it, or merges are not for us to see: then it counts as deleted.
        if (failure instanceof RemoteFailure && (failure.status === 404 || failure.status === 403)) return undefined;
        throw failure;
      }
    },

    async countUsers(subdomain) {
      const { body } = await calls.ask(subdomain, { operation: "CountUsers", method: "GET", path: "users/count" });
      const value = isObject(body["count"]) ? body["count"]["value"] : undefined;
      return typeof value === "number" ? value : undefined;
    },

    async exportUsers(subdomain, from) {
      const operation = "IncrementalUserExportCursor";
      const { body, requestId } = await calls.ask(subdomain, {
        operation,
        method: "GET",
        path: "incremental/users/cursor",
        query: {
          ...(from.cursor === undefined ? { start_time: String(from.time) } : { cursor: from.cursor }),
          ...withIdentities,
        },
      });
      const found = usersIn(body);
      if (found === undefined) throw malformedAnswer({ operation, write: false }, requestId);
      const after = body["after_cursor"];
      const cursor = typeof after === "string" && after !== "" ? after : undefined;
      // A cursor that does not move would bring the same page for ever.
      const last = body["end_of_stream"] !== false || cursor === undefined || cursor === from.cursor;
      return { ...found, cursor, last };
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
      const operation = "ListUsers";
      const list = { operation, path: "users", rowsKey: "users", cursor, query: withIdentities };
      const { body, next } = await listPage(calls, subdomain, list);
      return { users: usersIn(body)?.users ?? [], next };
    },
  };
}

export async function listPage(
  calls: AccountCalls,
  subdomain: Subdomain,
  list: {
    operation: string;
    path: string;
    rowsKey: string;
    cursor: string | undefined;
    query?: Readonly<Record<string, string>>;
  },
): Promise<{ body: JsonObject; rows: JsonObject[]; next: string | undefined }> {
  const { body, requestId } = await calls.ask(subdomain, {
    operation: list.operation,
    method: "GET",
    path: list.path,
    query: {
      "page[size]": pageSize,
      ...(list.cursor === undefined ? {} : { "page[after]": list.cursor }),
      ...list.query,
    },
  });
  const rows = body[list.rowsKey];
  if (!Array.isArray(rows)) throw malformedAnswer({ operation: list.operation, write: false }, requestId);
  const meta = isObject(body["meta"]) ? body["meta"] : {};
  const after = meta["after_cursor"];
  const next = meta["has_more"] === true && typeof after === "string" && after !== list.cursor ? after : undefined;
  return { body, rows: rows.filter(isObject), next };
}
