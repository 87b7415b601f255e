// What undoing a plan asks of Zendesk: organizations with everything that people may have added, who uses them, and their removal.
import { type Json, type JsonObject, type OrganizationId, parseUserId, RemoteFailure } from "../../domain/index.ts";
import type { ListedOrganization } from "../../sync/directory/ports.ts";
import type { InspectedOrganization, Membership, OrganizationUndo } from "../../sync/reconcile/plan/restore-ports.ts";
import type { AccountCalls } from "./calls.ts";
import { listPage } from "./directory-source.ts";
import { malformedAnswer } from "./failures.ts";
import { isObject } from "./json.ts";
import { type FieldWire, toOrganization } from "./organizations.ts";

export function createOrganizationUndo(calls: AccountCalls, wire: FieldWire): OrganizationUndo {
  return {
    async inspect(subdomain, ids) {
      if (ids.length === 0) return [];
      const operation = "ShowManyOrganizations";
      const { body, requestId } = await calls.ask(subdomain, {
        operation,
        method: "GET",
        path: "organizations/show_many",
        query: { ids: ids.join(",") },
      });
      const rows = body["organizations"];
      if (!Array.isArray(rows)) throw malformedAnswer({ operation, write: false }, requestId);
      return rows.filter(isObject).flatMap((row) => inspected(row, wire) ?? []);
    },

    async related(subdomain, id: OrganizationId) {
      const operation = "OrganizationRelated";
      const call = { operation, method: "GET", path: `organizations/${id}/related` } as const;
      const { body, requestId } = await calls.ask(subdomain, call);
      const related = body["organization_related"];
      const counts = isObject(related) ? related : {};
      const { users_count: users, tickets_count: tickets } = counts;
      if (typeof users !== "number" || typeof tickets !== "number")
        throw malformedAnswer({ operation, write: false }, requestId);
      return { users, tickets };
    },

    async memberships(subdomain, id: OrganizationId) {
      const members: Membership[] = [];
      let cursor: string | undefined;
      do {
        const page = await listPage(calls, subdomain, {
          operation: "ListOrganizationMembershipsByOrganization",
          path: `organizations/${id}/organization_memberships`,
          rowsKey: "organization_memberships",
          cursor,
        });
        for (const { id: membershipId, user_id: userId } of page.rows)
          if (typeof membershipId === "number" && typeof userId === "number")
            members.push({ id: membershipId, userId: parseUserId(userId) });
        cursor = page.next;
      } while (cursor !== undefined);
      return members;
    },

    async endMembership(subdomain, id, deadline) {
      try {
        const { requestId } = await calls.ask(subdomain, {
          operation: "DeleteOrganizationMembership",
          method: "DELETE",
          path: `organization_memberships/${id}`,
          deadline,
        });
        return { requestId };
      } catch (failure) {
        if (failure instanceof RemoteFailure && failure.status === 404) return { requestId: failure.requestId };
        throw failure;
      }
    },

    async removeMany(subdomain, ids, deadline) {
      const operation = "BulkDeleteOrganizations";
      const { body, requestId } = await calls.ask(subdomain, {
        operation,
        method: "DELETE",
        path: "organizations/destroy_many",
        query: { ids: ids.join(",") },
        deadline,
      });
      const job = body["job_status"];
      const jobId = isObject(job) ? job["id"] : undefined;
      if (typeof jobId !== "string") throw malformedAnswer({ operation, write: true }, requestId);
      return { jobId, requestId };
    },
  };
}

function inspected(row: JsonObject, wire: FieldWire): InspectedOrganization | undefined {
  const organization = toOrganization(row, wire);
  if (organization === undefined) return undefined;
  const { id, name, externalId, fields, notes } = organization;
  return { id, name, externalId, fields, notes, additions: additionsTo(row, organization) };
}

/**
 * What a fresh organization does not have. Zendesk puts the chosen options of drop-down fields among the tags by itself; a checkbox that
 * nobody ticked is false or null, depending on when the field was made.
 */
function additionsTo(
  row: JsonObject,
  { fields, domains, notesHaveText }: Pick<ListedOrganization, "fields" | "domains" | "notesHaveText">,
): string[] {
  const own = new Set(Object.values(fields));
  const tags = listOf(row["tags"]).filter((tag) => typeof tag !== "string" || !own.has(tag));
  const others = isObject(row["organization_fields"]) ? Object.entries(row["organization_fields"]) : [];
  const foreign = others.filter(
    ([key, value]) => !Object.hasOwn(fields, key) && !key.startsWith("qbo_") && isSet(value),
  );
  const notes = notesHaveText ? ["notes"] : [];
  return [
    ...(tags.length > 0 ? ["tags"] : []),
    ...(domains.length > 0 ? ["domains"] : []),
    ...(isSet(row["details"]) ? ["details"] : []),
    ...notes,
    ...(isSet(row["group_id"]) ? ["group"] : []),
    ...(row["shared_tickets"] === true || row["shared_comments"] === true ? ["sharing"] : []),
    ...foreign.map(([key]) => key),
  ];
}

function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && value !== false;
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
