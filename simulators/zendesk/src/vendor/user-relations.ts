import { missingParameter, requireObject } from "../records/input.ts";
import { deleteMembership, makeDefault, presentMembership } from "../records/memberships.ts";
import { recordNotFound } from "../records/refusals.ts";
import { mergeUsers } from "../records/user-merges.ts";
import { presentUser } from "../records/users.ts";
import { type Call, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { offsetEnvelope, readOffsetRequest } from "../server/paging.ts";
import type { Membership } from "../world/entities.ts";
import { countExport, exportPage, readLimit, readStartTime } from "./incremental.ts";
import { idParameter } from "./parameters.ts";
import { withIdentities } from "./sideload.ts";
import { requireUser } from "./users.ts";

/** https://developer.zendesk.com/api-reference/ticketing/users/users/ and .../ticket-management/incremental_exports/ */
export const userRelationOperations: Operation[] = operationsOf("users", [
  ["AutocompleteUsers", "GET", "users/autocomplete", "users/autocomplete", autocomplete],
  ["ShowUserRelated", "GET", "users/{id}/related", "users/related", showRelated],
  ["MergeEndUsers", "PUT", "users/{id}/merge", "users/merge", merge],
  [
    "UnassignOrganization",
    "DELETE",
    "users/{id}/organizations/{organization}",
    "organization_memberships/destroy",
    unassign,
  ],
  [
    "SetOrganizationAsDefault",
    "PUT",
    "users/{id}/organizations/{organization}/make_default",
    "organization_memberships/make_default",
    setDefault,
  ],
  ["IncrementalUserExportTime", "GET", "incremental/users", "incremental/users", exportByTime, "admin"],
  [
    "IncrementalUserExportCursor",
    "GET",
    "incremental/users/cursor",
    "incremental/users/cursor",
    exportByCursor,
    "admin",
  ],
]);

function autocomplete(call: Call): Reply {
  const { account } = call.tenant;
  const sent = call.query.get("name");
  if (sent === null) throw missingParameter("name");
  const prefix = sent.trim().toLowerCase();
  const found = account.users.all().filter((user) => {
    const isIndexed = call.author.at - Date.parse(user.updated_at) >= account.switches.searchLagMs;
    return (
      user.active &&
      isIndexed &&
      (user.name.toLowerCase().startsWith(prefix) || (user.email?.startsWith(prefix) ?? false))
    );
  });
  return ok(
    offsetEnvelope(call, "users", found, readOffsetRequest(call), (user) => presentUser(account, user, call.root)),
  );
}

function showRelated(call: Call): Reply {
  const { account } = call.tenant;
  const id = String(requireUser(call).id);
  const assigned = account.tickets.all().filter((ticket) => String(ticket.assignee_id) === id).length;
  const related = {
    assigned_tickets: assigned,
    requested_tickets: account.tickets.where("requester", id).length,
    ccd_tickets: 0,
    organization_subscriptions: 0,
  };
  return ok({ user_related: related });
}

/** The user of the path is merged into the one of the body. */
function merge(call: Call): Reply {
  const { account } = call.tenant;
  const sent = requireObject(call.body, "user", call.operation.action);
  return ok({
    user: presentUser(account, mergeUsers(account, requireUser(call), Number(sent.id), call.author), call.root),
  });
}

function membershipOf(call: Call): Membership {
  const organizationId = idParameter(call, "organization");
  const held = call.tenant.account.memberships.where("user", String(requireUser(call).id));
  const membership = held.find((one) => one.organization_id === organizationId);
  if (!membership) throw recordNotFound();
  return membership;
}

function unassign(call: Call): Reply {
  deleteMembership(call.tenant.account, membershipOf(call), call.author);
  return noContent;
}

function setDefault(call: Call): Reply {
  const { account } = call.tenant;
  return ok({
    organization_membership: presentMembership(
      account,
      makeDefault(account, membershipOf(call), call.author),
      call.root,
    ),
  });
}

type Dated = { updated_at: string; id: number };
const byUpdate = (a: Dated, b: Dated): number =>
  a.updated_at < b.updated_at ? -1 : a.updated_at > b.updated_at ? 1 : a.id - b.id;

/** Deleted users are part of the export, inactive. */
function exportByTime(call: Call): Reply {
  countExport(call);
  const { account } = call.tenant;
  const page = exportPage(account.users.sortedBy("updated", byUpdate), readStartTime(call), readLimit(call));
  const reply = ok({
    users: page.rows.map((user) => presentUser(account, user, call.root)),
    next_page: page.endTime === null ? null : `${call.address}?start_time=${page.endTime}`,
    count: page.rows.length,
    end_of_stream: page.endOfStream,
    end_time: page.endTime,
  });
  return withIdentities(call, reply, page.rows);
}

/** The first call names a time, later ones the cursor: base64 of time and id, as the documented sample shows. */
function exportByCursor(call: Call): Reply {
  countExport(call, "incremental-exports-cursor");
  const { account } = call.tenant;
  const cursor = call.query.get("cursor");
  const start = cursor === null ? { time: readStartTime(call), id: 0 } : readCursor(cursor);
  const sorted = account.users.sortedBy("updated", byUpdate);
  const seconds = (user: Dated): number => Math.floor(Date.parse(user.updated_at) / 1000);
  const rest = sorted.filter(
    (user) => seconds(user) > start.time || (seconds(user) === start.time && user.id > start.id),
  );
  const rows = rest.slice(0, readLimit(call));
  const last = rows.at(-1);
  const after = last ? writeCursor(seconds(last), last.id) : cursor;
  const reply = ok({
    users: rows.map((user) => presentUser(account, user, call.root)),
    after_url: after === null ? null : `${call.address}?cursor=${encodeURIComponent(after)}`,
    after_cursor: after,
    before_url: null,
    before_cursor: null,
    end_of_stream: rows.length === rest.length,
  });
  return withIdentities(call, reply, rows);
}

const writeCursor = (time: number, id: number): string => Buffer.from(`${time}.0||${id}|`).toString("base64");

function readCursor(cursor: string): { time: number; id: number } {
  const parts = /^(\d{1,12})\.0\|\|(\d{1,18})\|$/.exec(Buffer.from(cursor, "base64").toString("latin1"));
  if (!parts) throw recordNotFound();
  return { time: Number(parts[1]), id: Number(parts[2]) };
}
