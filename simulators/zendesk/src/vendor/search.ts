import { missingParameter } from "../records/input.ts";
import { presentOrganization } from "../records/organizations.ts";
import { errorList, Refusal } from "../records/refusals.ts";
import { presentTicket } from "../records/tickets.ts";
import { presentUser } from "../records/users.ts";
import { type Call, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { bucketHeader, endpointLimitExceeded } from "../server/limits.ts";
import { listPage, offsetEnvelope, readOffsetRequest } from "../server/paging.ts";
import type { Account } from "../world/account.ts";
import type { Organization, Ticket } from "../world/entities.ts";
import { readTerms, type Term } from "./search-terms.ts";
import { searchUsers } from "./search-users.ts";

/** https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/ */
export const searchOperations: Operation[] = operationsOf("search", [
  ["ListSearchResults", "GET", "search", "search/index", search],
  ["CountSearchResults", "GET", "search/count", "search/count", countResults],
  ["ExportSearchResults", "GET", "search/export", "search/export", exportResults],
]);

interface Found {
  id: number;
  present: (root: string) => unknown;
}

type ResultType = "organization" | "user" | "ticket";
const resultTypes: readonly ResultType[] = ["organization", "user", "ticket"];
const mostResults = 1000;

function requireQuery(call: Call): string {
  const query = call.query.get("query");
  if (query === null || query.trim() === "") throw missingParameter("query");
  return query;
}

/** Offset pages up to 1,000 results, whatever `count` says (csa-zendesk API-SURFACE 5.2). */
function search(call: Call): Reply {
  const query = requireQuery(call);
  const request = readOffsetRequest(call);
  if (request.page * request.perPage > mostResults) {
    throw new Refusal(422, {
      error: "Unprocessable Entity",
      description: "Invalid search: Requested response size was greater than Search Response Limits",
    });
  }
  const found = findAll(call.tenant.account, query, typeOf(query), call.author.at);
  const { results, ...rest } = offsetEnvelope(call, "results", found, request, (one) => one.present(call.root));
  const { next_page, previous_page, count } = rest;
  return ok({ results, facets: null, next_page, previous_page, count });
}

function countResults(call: Call): Reply {
  const query = requireQuery(call);
  return ok({ count: findAll(call.tenant.account, query, typeOf(query), call.author.at).length });
}

/** Cursor pages without end; the type stands in `filter[type]`, never in the query. 100 a minute per account. */
function exportResults(call: Call): Reply {
  const query = requireQuery(call);
  const state = call.tenant.limits.count({ key: "search-export", limit: 100, windowMs: 60_000 });
  call.headers["zendesk-ratelimit-search-export"] = bucketHeader(state);
  if (state.isExceeded) throw endpointLimitExceeded(state, "Too many requests to export search results");
  const type = resultTypes.find((one) => one === call.query.get("filter[type]"));
  if (!type)
    throw errorList(
      422,
      "InvalidFilter",
      "filter[type] is required",
      `filter[type] must be one of ${resultTypes.join(", ")}`,
    );
  if (typeOf(query) !== undefined)
    throw errorList(422, "InvalidQuery", "The query must not contain a type", "Use filter[type]");
  const parameters = new URLSearchParams(call.query);
  if (!parameters.has("page[size]")) parameters.set("page[size]", "100");
  const source = findAll(call.tenant.account, query, type, call.author.at).sort((a, b) => a.id - b.id);
  const page = listPage({
    call: { ...call, query: parameters },
    key: "results",
    source,
    present: (one) => one.present(call.root),
  });
  return { ...page, body: { ...(page.body as object), facets: null } };
}

function typeOf(query: string): ResultType | undefined {
  const term = readTerms(query).find(({ key }) => key === "type");
  return resultTypes.find((one) => one === term?.text);
}

function findAll(account: Account, query: string, type: ResultType | undefined, now: number): Found[] {
  const terms = readTerms(query).filter(({ key }) => key !== "type");
  const isIndexed = (record: { updated_at: string }): boolean =>
    now - Date.parse(record.updated_at) >= account.switches.searchLagMs;
  const found: Found[] = [];
  if (type === undefined || type === "organization") {
    for (const one of account.organizations.all()) {
      if (!isIndexed(one) || !terms.every((term) => organizationHolds(one, term))) continue;
      found.push({
        id: one.id,
        present: (root) => ({ ...presentOrganization(account, one, root), result_type: "organization" }),
      });
    }
  }
  if (type === undefined || type === "user") {
    for (const one of searchUsers(account, query, now)) {
      found.push({ id: one.id, present: (root) => ({ ...presentUser(account, one, root), result_type: "user" }) });
    }
  }
  if (type === undefined || type === "ticket") {
    for (const one of account.tickets.all()) {
      if (!isIndexed(one) || !terms.every((term) => ticketHolds(one, term))) continue;
      found.push({ id: one.id, present: (root) => ({ ...presentTicket(account, one, root), result_type: "ticket" }) });
    }
  }
  return found;
}

/** Words start words of the name; `key:value` compares a property or a custom field. */
function organizationHolds(organization: Organization, { key, text, comparison }: Term): boolean {
  switch (key) {
    case "":
      return (
        organization.name
          .toLowerCase()
          .split(/[^\p{L}\p{N}]+/u)
          .some((word) => word.startsWith(text)) || organization.name.toLowerCase().includes(text)
      );
    case "name":
      return organization.name.toLowerCase() === text || organization.name.toLowerCase().startsWith(text);
    case "external_id":
      return organization.external_id?.toLowerCase() === text;
    case "notes":
    case "details":
      return organization[key]?.toLowerCase().includes(text) ?? false;
    case "tags":
      return organization.tags.includes(text);
    case "updated":
    case "created":
      return comparesTime(key === "updated" ? organization.updated_at : organization.created_at, text, comparison);
    default:
      return String(organization.organization_fields[key] ?? "").toLowerCase() === text;
  }
}

function ticketHolds(ticket: Ticket, { key, text, comparison }: Term): boolean {
  switch (key) {
    case "":
    case "subject":
      return `${ticket.subject ?? ""} ${ticket.description}`.toLowerCase().includes(text);
    case "status":
      return ticket.status === text;
    case "organization":
    case "organization_id":
      return String(ticket.organization_id) === text;
    case "requester":
    case "requester_id":
      return String(ticket.requester_id) === text;
    case "tags":
      return ticket.tags.includes(text);
    case "updated":
    case "created":
      return comparesTime(key === "updated" ? ticket.updated_at : ticket.created_at, text, comparison);
    default:
      return false;
  }
}

function comparesTime(time: string, text: string, comparison: Term["comparison"]): boolean {
  const wanted = text.toUpperCase();
  if (comparison === ">") return time > wanted;
  if (comparison === "<") return time < wanted;
  return time.startsWith(wanted);
}
