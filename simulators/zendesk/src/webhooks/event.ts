import type { JsonObject } from "../records/input.ts";
import type { Account, Happening } from "../world/account.ts";
import type { Organization, Ticket, User } from "../world/entities.ts";

export interface WebhookEvent {
  type: string;
  account_id: number;
  subject: string;
  id: string;
  time: string;
  zendesk_event_version: string;
  detail: JsonObject;
  event: JsonObject;
}

/** https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/ */
export const eventKinds: readonly string[] = [
  ...["created", "custom_field_changed", "deleted", "external_id_changed", "name_changed", "tags_changed"].map(
    (kind) => `organization.${kind}`,
  ),
  ...[
    "active_changed",
    "alias_changed",
    "created",
    "custom_field_changed",
    "deleted",
    "details_changed",
    "external_id_changed",
    "identity_changed",
    "identity_created",
    "identity_deleted",
    "merged",
    "name_changed",
    "notes_changed",
    "organization_membership_created",
    "organization_membership_deleted",
    "role_changed",
    "suspended_changed",
    "tags_changed",
  ].map((kind) => `user.${kind}`),
  ...["created", "comment_added", "status_changed", "organization_changed", "soft_deleted"].map(
    (kind) => `ticket.${kind}`,
  ),
];

const typePrefix = "zen:event-type:";

export const eventType = (kind: string): string => `${typePrefix}${kind}`;

/** The payload of an event; keys in the order of the documented sample, empty values left out, ids as text. */
export function buildEvent(account: Account, happening: Happening): WebhookEvent {
  const [noun, record] = subjectOf(happening);
  return {
    type: eventType(happening.kind),
    account_id: account.id,
    subject: `zen:${noun}:${record?.id ?? 0}`,
    id: account.random.uuid(),
    time: new Date(happening.at).toISOString(),
    zendesk_event_version: "2022-06-20",
    detail: detailOf(account, happening),
    event: happening.event,
  };
}

function subjectOf({ organization, user, ticket }: Happening): [string, { id: number } | undefined] {
  if (organization) return ["organization", organization];
  return user ? ["user", user] : ["ticket", ticket];
}

function detailOf(account: Account, { organization, user, ticket }: Happening): JsonObject {
  if (organization) return withoutNulls(organizationDetail(organization));
  if (user) return withoutNulls(userDetail(user));
  return ticket ? withoutNulls(ticketDetail(account, ticket)) : {};
}

const idText = (id: number | null): string | null => (id === null ? null : String(id));

/** https://developer.zendesk.com/api-reference/webhooks/event-types/organization-events/ */
function organizationDetail(organization: Organization): JsonObject {
  return {
    created_at: organization.created_at,
    external_id: organization.external_id,
    group_id: idText(organization.group_id),
    id: String(organization.id),
    name: organization.name,
    shared_comments: organization.shared_comments,
    shared_tickets: organization.shared_tickets,
    updated_at: organization.updated_at,
  };
}

/** https://developer.zendesk.com/api-reference/webhooks/event-types/user-events/ */
function userDetail(user: User): JsonObject {
  return {
    created_at: user.created_at,
    email: user.email,
    external_id: user.external_id,
    default_group_id: idText(user.default_group_id),
    id: String(user.id),
    organization_id: idText(user.organization_id),
    role: user.role,
    updated_at: user.updated_at,
  };
}

/** https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/ */
function ticketDetail(account: Account, ticket: Ticket): JsonObject {
  return {
    actor_id: String(ticket.submitter_id),
    assignee_id: idText(ticket.assignee_id),
    brand_id: String(account.id),
    created_at: ticket.created_at,
    description: ticket.description,
    external_id: ticket.external_id,
    group_id: idText(ticket.group_id),
    id: String(ticket.id),
    is_public: ticket.comments.some((comment) => comment.public),
    organization_id: idText(ticket.organization_id),
    priority: ticket.priority?.toUpperCase() ?? null,
    requester_id: String(ticket.requester_id),
    status: ticket.status.toUpperCase(),
    subject: ticket.subject,
    submitter_id: String(ticket.submitter_id),
    tags: ticket.tags,
    type: ticket.type?.toUpperCase() ?? null,
    updated_at: ticket.updated_at,
    via: { channel: "api" },
  };
}

function withoutNulls(detail: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== null));
}
