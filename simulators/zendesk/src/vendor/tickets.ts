import { type JsonObject, missingParameter, permit, requireObject } from "../records/input.ts";
import { errorList, Refusal, recordNotFound } from "../records/refusals.ts";
import { createTicket, deleteTicket, presentTicket, ticketKeys, updateTicket } from "../records/tickets.ts";
import { type Call, created, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { bucketHeader, endpointLimitExceeded } from "../server/limits.ts";
import { listPage, offsetEnvelope } from "../server/paging.ts";
import { isoSeconds } from "../world/clock.ts";
import type { Ticket } from "../world/entities.ts";
import { requireOrganization } from "./organizations.ts";
import { idListParameter, idParameter } from "./parameters.ts";
import { requireUser } from "./users.ts";

/** https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ */
export const ticketOperations: Operation[] = operationsOf("tickets", [
  ["ListTickets", "GET", "tickets", "tickets/index", listTickets],
  ["ShowTicket", "GET", "tickets/{id}", "tickets/show", (call) => ok(shown(call, requireTicket(call)))],
  ["TicketsShowMany", "GET", "tickets/show_many", "tickets/show_many", showMany],
  ["CountTickets", "GET", "tickets/count", "tickets/count", countTickets],
  ["CreateTicket", "POST", "tickets", "tickets/create", createOne],
  ["UpdateTicket", "PUT", "tickets/{id}", "tickets/update", updateOne],
  ["DeleteTicket", "DELETE", "tickets/{id}", "tickets/destroy", deleteOne, "admin"],
  ["ListTicketComments", "GET", "tickets/{id}/comments", "tickets/comments/index", listComments],
  ["ListOrganizationTickets", "GET", "organizations/{id}/tickets", "tickets/index", listOfOrganization],
  ["ListTicketsRequestedByUser", "GET", "users/{id}/tickets/requested", "tickets/requested", listOfRequester],
]);

const presenter = (call: Call) => (ticket: Ticket) => presentTicket(call.tenant.account, ticket, call.root);
const shown = (call: Call, ticket: Ticket): JsonObject => ({ ticket: presenter(call)(ticket) });

function requireTicket(call: Call): Ticket {
  const ticket = call.tenant.account.tickets.get(idParameter(call));
  if (!ticket) throw recordNotFound();
  return ticket;
}

const sorts = [
  { name: "updated_at", of: (ticket: Ticket) => ticket.updated_at },
  { name: "status", of: (ticket: Ticket) => ticket.status },
];

/** Own bucket per account; recorded as `zendesk-ratelimit-tickets-index` (rate-limits page). */
function listTickets(call: Call): Reply {
  const state = call.tenant.limits.count({ key: "tickets-index", limit: 100, windowMs: 60_000 });
  call.headers["zendesk-ratelimit-tickets-index"] = bucketHeader(state);
  if (state.isExceeded) throw endpointLimitExceeded(state, "Too many requests to list tickets");
  return listPage({ call, key: "tickets", source: call.tenant.account.tickets, sorts, present: presenter(call) });
}

function listOfOrganization(call: Call): Reply {
  const source = call.tenant.account.tickets
    .where("organization", String(requireOrganization(call).id))
    .sort((a, b) => a.id - b.id);
  return listPage({ call, key: "tickets", source, sorts, present: presenter(call) });
}

function listOfRequester(call: Call): Reply {
  const source = call.tenant.account.tickets
    .where("requester", String(requireUser(call).id))
    .sort((a, b) => a.id - b.id);
  return listPage({ call, key: "tickets", source, sorts, present: presenter(call) });
}

function showMany(call: Call): Reply {
  const ids = idListParameter(call, "ids");
  if (!ids) throw missingParameter("ids");
  const found = ids.flatMap((id) => call.tenant.account.tickets.get(id) ?? []);
  return ok(offsetEnvelope(call, "tickets", found, { page: 1, perPage: 100 }, presenter(call)));
}

function countTickets(call: Call): Reply {
  return ok({ count: { value: call.tenant.account.tickets.size, refreshed_at: isoSeconds(call.author.at) } });
}

function read(call: Call): JsonObject {
  const keys = {
    ...ticketKeys,
    additional_tags: "list" as const,
    remove_tags: "list" as const,
    safe_update: "boolean" as const,
    updated_stamp: "string" as const,
  };
  const { values, unpermitted } = permit(
    requireObject(call.body, "ticket", call.operation.action),
    "ticket",
    keys,
    call.operation.action,
  );
  call.dropped.push(...unpermitted);
  return values;
}

/** A key is remembered for two hours; another body under the same key is refused (tickets introduction, Idempotency). */
const idempotencyMs = 2 * 3_600_000;

function createOne(call: Call): Reply {
  const { account, idempotency } = call.tenant;
  const key = call.idempotencyKey;
  const body = JSON.stringify(call.body);
  const known = key === undefined ? undefined : idempotency.get(key);
  if (key !== undefined && known && call.author.at - known.at < idempotencyMs) {
    if (known.body !== body) {
      throw errorList(400, "IdempotentRequestError", "Request parameters don't match the given idempotency key");
    }
    return { ...known.reply, headers: { ...known.reply.headers, "x-idempotency-lookup": "hit" } };
  }
  const ticket = createTicket(account, read(call), call.author);
  const reply = created(shown(call, ticket), `${call.root}/tickets/${ticket.id}.json`);
  if (key === undefined) return reply;
  idempotency.set(key, { at: call.author.at, body, reply });
  return { ...reply, headers: { ...reply.headers, "x-idempotency-lookup": "miss" } };
}

/** 30 in ten minutes per user and ticket, 100 a minute per account; `safe_update` refuses what changed meanwhile. */
function updateOne(call: Call): Reply {
  const { limits, account } = call.tenant;
  const ticket = requireTicket(call);
  const mine = limits.count({
    key: `UpdateTicket ${ticket.id} ${call.caller?.user.id ?? 0}`,
    limit: 30,
    windowMs: 600_000,
  });
  const all = limits.count({
    key: "UpdateTicket",
    limit: account.plan === "enterprise-plus" ? 300 : 100,
    windowMs: 60_000,
  });
  for (const state of [mine, all])
    if (state.isExceeded) throw endpointLimitExceeded(state, "Too many requests to update");
  const { safe_update, updated_stamp, additional_tags, remove_tags, ...values } = read(call);
  if (safe_update === true && updated_stamp !== ticket.updated_at) {
    throw new Refusal(409, {
      error: "UpdateConflict",
      description:
        "Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again.",
    });
  }
  const tags = changeTags(ticket, additional_tags, remove_tags);
  return ok(shown(call, updateTicket(account, ticket, tags ? { ...values, tags } : values, call.author)));
}

function changeTags(ticket: Ticket, added: unknown, removed: unknown): string[] | undefined {
  if (!Array.isArray(added) && !Array.isArray(removed)) return undefined;
  const gone = new Set(Array.isArray(removed) ? removed.map(String) : []);
  return [...ticket.tags, ...(Array.isArray(added) ? added.map(String) : [])].filter((tag) => !gone.has(tag));
}

function deleteOne(call: Call): Reply {
  deleteTicket(call.tenant.account, requireTicket(call), call.author);
  return noContent;
}

function listComments(call: Call): Reply {
  const source = requireTicket(call).comments;
  return listPage({
    call,
    key: "comments",
    source,
    present: (comment) => ({ ...comment, type: "Comment", html_body: "", plain_body: comment.body, attachments: [] }),
  });
}
