import { type Account, announce, nextId } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { CustomField, FieldValue, Ticket } from "../world/entities.ts";
import type { Author } from "./author.ts";
import { coerceFieldValue } from "./field-values.ts";
import { isJsonObject, type JsonObject, type Kind, optionalString } from "./input.ts";
import { danglingLookups } from "./lookups.ts";
import { type Problem, recordInvalid } from "./refusals.ts";
import { normaliseTags, replaceMirrored } from "./tags.ts";
import { createUser, findUserToUpdate } from "./users.ts";

/** https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ */
export const ticketKeys: Record<string, Kind> = {
  subject: "string",
  raw_subject: "string",
  description: "string",
  comment: "hash",
  type: "string",
  priority: "string",
  status: "string",
  requester: "hash",
  requester_id: "integer",
  submitter_id: "integer",
  assignee_id: "integer",
  organization_id: "integer",
  group_id: "integer",
  external_id: "identifier",
  tags: "list",
  custom_fields: "any",
};

const statuses = ["new", "open", "pending", "hold", "solved", "closed"];
const priorities = ["low", "normal", "high", "urgent"];
const types = ["problem", "incident", "question", "task"];

export function createTicket(account: Account, sent: JsonObject, author: Author): Ticket {
  const problems: Problem[] = [];
  const body = commentBody(sent);
  if (body === "") problems.push({ field: "comment", code: "BlankValue" });
  const requesterId = readRequester(account, sent, author, problems);
  const time = isoSeconds(author.at);
  const blank: Ticket = {
    id: 0,
    external_id: null,
    created_at: time,
    updated_at: time,
    type: null,
    subject: null,
    description: body,
    priority: null,
    status: "open",
    requester_id: requesterId,
    submitter_id: requesterId,
    assignee_id: null,
    organization_id: account.users.get(requesterId)?.organization_id ?? null,
    group_id: null,
    tags: [],
    custom_fields: {},
    comments: [],
  };
  const checked = checkTicket(account, sent, blank, problems);
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  account.lastTicketId += 1;
  const comment = { id: nextId(account), author_id: requesterId, body, public: isPublic(sent), created_at: time };
  const ticket = account.tickets.put({ ...checked, id: account.lastTicketId, comments: [comment] });
  announce(account, { kind: "ticket.created", at: author.at, by: author.by, ticket, event: {} });
  return ticket;
}

/** A closed ticket takes no change (csa-zendesk API-SURFACE 5.4d). */
export function updateTicket(account: Account, before: Ticket, sent: JsonObject, author: Author): Ticket {
  const problems: Problem[] = [];
  if (before.status === "closed")
    problems.push({ field: "status", code: "InvalidValue", value: "closed prevents ticket update" });
  const checked = checkTicket(account, sent, before, problems);
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  const time = isoSeconds(author.at);
  const body = commentBody(sent);
  const comment = {
    id: nextId(account),
    author_id: before.requester_id,
    body,
    public: isPublic(sent),
    created_at: time,
  };
  const comments = body === "" ? before.comments : [...before.comments, comment];
  const ticket = account.tickets.put({ ...checked, comments, updated_at: time });
  if (ticket.status !== before.status) {
    announce(account, {
      kind: "ticket.status_changed",
      at: author.at,
      by: author.by,
      ticket,
      event: { current: ticket.status, previous: before.status },
    });
  }
  if (ticket.organization_id !== before.organization_id) {
    const event = { current: idText(ticket.organization_id), previous: idText(before.organization_id) };
    announce(account, { kind: "ticket.organization_changed", at: author.at, by: author.by, ticket, event });
  }
  return ticket;
}

export function deleteTicket(account: Account, ticket: Ticket, author: Author): void {
  account.tickets.remove(ticket.id);
  announce(account, { kind: "ticket.soft_deleted", at: author.at, by: author.by, ticket, event: {} });
}

const idText = (id: number | null): string | null => (id === null ? null : String(id));

function checkTicket(account: Account, sent: JsonObject, before: Ticket, problems: Problem[]): Ticket {
  const next = { ...before };
  const choose = (field: "status" | "priority" | "type", allowed: readonly string[]): void => {
    if (!(field in sent)) return;
    const value = optionalString(sent[field]);
    if (value === null && field !== "status") next[field] = null;
    else if (value !== null && allowed.includes(value)) next[field] = value;
    else problems.push({ field, code: "InvalidValue" });
  };
  choose("status", statuses);
  choose("priority", priorities);
  choose("type", types);
  if ("subject" in sent || "raw_subject" in sent) next.subject = optionalString(sent.subject ?? sent.raw_subject);
  if ("external_id" in sent) next.external_id = optionalString(sent.external_id);
  for (const key of ["assignee_id", "group_id"] as const)
    if (key in sent) next[key] = sent[key] === null ? null : Number(sent[key]);
  if (typeof sent.submitter_id === "number") next.submitter_id = sent.submitter_id;
  if (next.assignee_id !== null && account.users.get(next.assignee_id)?.role === "end-user")
    problems.push({ field: "assignee", code: "InvalidValue" });
  if ("organization_id" in sent)
    next.organization_id = checkOrganization(account, sent.organization_id, next.requester_id, problems);
  if (Array.isArray(sent.tags)) next.tags = normaliseTags(sent.tags);
  applyFieldValues(account, sent.custom_fields, next, problems);
  return next;
}

/** The ticket's organization is one of the requester's (tickets reference, `organization_id`). */
function checkOrganization(account: Account, sent: unknown, requesterId: number, problems: Problem[]): number | null {
  if (sent === null) return null;
  const id = Number(sent);
  const isMember = account.memberships.where("user", String(requesterId)).some((one) => one.organization_id === id);
  if (!isMember) problems.push({ field: "organization", code: "InvalidValue" });
  return id;
}

/** Sent as `[{id, value}]`; drop-down values are mirrored as tags. */
function applyFieldValues(account: Account, sent: unknown, next: Ticket, problems: Problem[]): void {
  const rows = Array.isArray(sent) ? sent.filter(isJsonObject) : [];
  const values = { ...next.custom_fields };
  for (const row of rows) {
    const field = account.ticketFields.get(Number(row.id));
    if (!field?.active) continue;
    const coerced = coerceFieldValue(field, row.value, account.switches);
    if (coerced.kind === "refused") problems.push({ field: "base", code: coerced.code });
    if (coerced.kind === "value") values[String(field.id)] = coerced.value;
    if (coerced.kind === "value" && coerced.value !== next.custom_fields[String(field.id)])
      problems.push(...danglingLookups(account, [field], { [field.key]: coerced.value }));
  }
  const fields = account.ticketFields.all();
  next.tags = replaceMirrored(next.tags, ticketTags(fields, next.custom_fields), ticketTags(fields, values));
  next.custom_fields = values;
}

function ticketTags(fields: readonly CustomField[], values: Record<string, FieldValue>): string[] {
  return fields.flatMap((field) => {
    const value = values[String(field.id)];
    if (field.type === "dropdown" && typeof value === "string") return [value];
    if (field.type === "multiselect" && Array.isArray(value)) return value;
    return field.type === "checkbox" && value === true && field.tag !== null ? [field.tag] : [];
  });
}

function readRequester(account: Account, sent: JsonObject, author: Author, problems: Problem[]): number {
  if (isJsonObject(sent.requester)) {
    const known = findUserToUpdate(account, { email: sent.requester.email });
    return known?.id ?? createUser(account, { name: sent.requester.email, ...sent.requester }, author).id;
  }
  const id = Number(sent.requester_id ?? 0);
  if (!account.users.get(id)?.active) problems.push({ field: "requester", code: "InvalidValue" });
  return id;
}

function commentBody(sent: JsonObject): string {
  const comment = isJsonObject(sent.comment) ? (sent.comment.body ?? sent.comment.html_body) : sent.description;
  return typeof comment === "string" ? comment.trim() : "";
}

const isPublic = (sent: JsonObject): boolean => !isJsonObject(sent.comment) || sent.comment.public !== false;

export function presentTicket(account: Account, ticket: Ticket, root: string): JsonObject {
  const values = account.ticketFields.all().filter((field) => field.active);
  const shown = values.map((field) => ({ id: field.id, value: ticket.custom_fields[String(field.id)] ?? null }));
  return {
    url: `${root}/tickets/${ticket.id}.json`,
    id: ticket.id,
    external_id: ticket.external_id,
    via: { channel: "api", source: { from: {}, to: {}, rel: null } },
    created_at: ticket.created_at,
    updated_at: ticket.updated_at,
    generated_timestamp: Math.floor(Date.parse(ticket.updated_at) / 1000),
    type: ticket.type,
    subject: ticket.subject,
    raw_subject: ticket.subject,
    description: ticket.description,
    priority: ticket.priority,
    status: ticket.status,
    recipient: null,
    requester_id: ticket.requester_id,
    submitter_id: ticket.submitter_id,
    assignee_id: ticket.assignee_id,
    organization_id: ticket.organization_id,
    group_id: ticket.group_id,
    collaborator_ids: [],
    follower_ids: [],
    email_cc_ids: [],
    forum_topic_id: null,
    problem_id: null,
    has_incidents: false,
    is_public: ticket.comments.some((comment) => comment.public),
    due_at: null,
    tags: ticket.tags,
    custom_fields: shown,
    satisfaction_rating: null,
    sharing_agreement_ids: [],
    fields: shown,
    followup_ids: [],
    brand_id: account.id,
    allow_channelback: false,
    allow_attachments: true,
    from_messaging_channel: false,
  };
}
