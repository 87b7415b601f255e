import { coerceFieldValue, mirroredTags } from "../records/field-values.ts";
import { isJsonObject, type JsonObject, optionalString } from "../records/input.ts";
import { orderedFields } from "../records/organizations.ts";
import { blankUser } from "../records/users.ts";
import { type Account, nextId } from "../world/account.ts";
import {
  type CustomField,
  type FieldValue,
  fieldTypes,
  type Membership,
  type Organization,
  type Ticket,
  type User,
} from "../world/entities.ts";

// Rows of an account file become records: what is missing is completed with the vendor's defaults.

const idOf = (account: Account, row: JsonObject): number => (typeof row.id === "number" ? row.id : nextId(account));
const textOr = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback);
const textList = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const numberOrNull = (value: unknown): number | null => (typeof value === "number" ? value : null);

export function readField(account: Account, row: JsonObject, now: string): CustomField {
  const type = fieldTypes.find((one) => one === (row.type === "tagger" ? "dropdown" : row.type)) ?? "text";
  const id = idOf(account, row);
  const title = textOr(row.title ?? row.raw_title, String(row.key));
  const description = textOr(row.description ?? row.raw_description, title);
  const options = Array.isArray(row.custom_field_options) ? row.custom_field_options.filter(isJsonObject) : [];
  return {
    id,
    type,
    key: textOr(row.key, String(id)),
    title,
    description,
    raw_title: title,
    raw_description: description,
    position: typeof row.position === "number" ? row.position : account.organizationFields.size,
    active: row.active !== false,
    system: row.system === true,
    regexp_for_validation: optionalString(row.regexp_for_validation),
    tag: optionalString(row.tag),
    custom_field_options: options.map((option) => {
      const name = textOr(option.name, String(option.value));
      const optionId = typeof option.id === "number" ? option.id : nextId(account);
      return { id: optionId, name, raw_name: name, value: textOr(option.value, name) };
    }),
    relationship_target_type: optionalString(row.relationship_target_type),
    relationship_filter: isJsonObject(row.relationship_filter) ? row.relationship_filter : null,
    created_at: textOr(row.created_at, now),
    updated_at: textOr(row.updated_at, textOr(row.created_at, now)),
  };
}

export function readOrganization(account: Account, row: JsonObject, now: string): Organization {
  const fields = orderedFields(account);
  const values: Record<string, FieldValue> = {};
  for (const field of fields) {
    const sent = isJsonObject(row.organization_fields) ? row.organization_fields[field.key] : undefined;
    const coerced = coerceFieldValue(field, sent, account.switches);
    if (coerced.kind === "value" && coerced.value !== null) values[field.key] = coerced.value;
  }
  return {
    id: idOf(account, row),
    name: String(row.name).trim(),
    shared_tickets: row.shared_tickets === true,
    shared_comments: row.shared_comments === true,
    external_id: optionalString(row.external_id),
    created_at: textOr(row.created_at, now),
    updated_at: textOr(row.updated_at, textOr(row.created_at, now)),
    domain_names: textList(row.domain_names),
    details: optionalString(row.details),
    notes: optionalString(row.notes),
    group_id: numberOrNull(row.group_id),
    tags: [...new Set([...textList(row.tags), ...mirroredTags(fields, values)])],
    organization_fields: values,
  };
}

export function readUser(account: Account, row: JsonObject, now: string): User {
  const role = row.role === "admin" || row.role === "agent" ? row.role : "end-user";
  const blank = blankUser(idOf(account, row), role, textOr(row.created_at, now));
  const entries = Object.entries(blank).map(([key, fallback]) => {
    const value = row[key];
    return [
      key,
      key === "id" || value === undefined || (value === null && fallback !== null && key !== "email")
        ? fallback
        : value,
    ];
  });
  const user = Object.fromEntries(entries) as User; // the blank user names every key; values come from a list of users
  return {
    ...user,
    role,
    email: optionalString(row.email)?.trim().toLowerCase() ?? null,
    user_fields: {},
    updated_at: textOr(row.updated_at, user.created_at),
  };
}

export function seedIdentity(account: Account, row: JsonObject, now: string): void {
  account.identities.put({
    id: idOf(account, row),
    user_id: Number(row.user_id),
    type: textOr(row.type, "email"),
    value: String(row.value).toLowerCase(),
    verified: row.verified !== false,
    primary: row.primary === true,
    created_at: textOr(row.created_at, now),
    updated_at: textOr(row.updated_at, now),
  });
}

export function seedPrimaryAddress(account: Account, user: User): void {
  if (user.email === null) return;
  const held = account.identities.where("user", String(user.id));
  if (held.some((identity) => identity.value === user.email)) return;
  account.identities.put({
    id: nextId(account),
    user_id: user.id,
    type: "email",
    value: user.email,
    verified: user.verified,
    primary: true,
    created_at: user.created_at,
    updated_at: user.created_at,
  });
}

export function readMembership(account: Account, row: JsonObject, now: string): Membership {
  return {
    id: idOf(account, row),
    user_id: Number(row.user_id),
    organization_id: Number(row.organization_id),
    default: row.default === true,
    created_at: textOr(row.created_at, now),
    updated_at: textOr(row.updated_at, now),
  };
}

/** A user's organization_id and the default membership say the same, whichever of the two the file has. */
export function alignMemberships(account: Account, now: string): void {
  for (const user of account.users.all()) {
    const held = account.memberships.where("user", String(user.id));
    const wanted =
      user.organization_id !== null && account.organizations.has(user.organization_id) ? user.organization_id : null;
    const chosen =
      held.find((one) => one.organization_id === wanted) ??
      held.find((one) => one.default) ??
      (wanted === null ? held[0] : undefined);
    if (!chosen && wanted !== null) {
      const membership = {
        id: nextId(account),
        user_id: user.id,
        organization_id: wanted,
        default: true,
        created_at: now,
        updated_at: now,
      };
      account.memberships.put(membership);
    }
    for (const one of held) {
      const isDefault = one.id === chosen?.id;
      if (one.default !== isDefault) account.memberships.put({ ...one, default: isDefault });
    }
    const organizationId = chosen?.organization_id ?? wanted;
    if (user.organization_id !== organizationId) account.users.put({ ...user, organization_id: organizationId });
  }
}

export function seedTicket(account: Account, row: JsonObject, now: string): void {
  const id = typeof row.id === "number" ? row.id : account.lastTicketId + 1;
  account.lastTicketId = Math.max(account.lastTicketId, id);
  const requesterId = Number(row.requester_id);
  const usersOrganization = account.users.get(requesterId)?.organization_id ?? null;
  const created = textOr(row.created_at, now);
  const description = textOr(row.description, textOr(row.subject, ""));
  const ticket: Ticket = {
    id,
    external_id: optionalString(row.external_id),
    created_at: created,
    updated_at: textOr(row.updated_at, created),
    type: optionalString(row.type),
    subject: optionalString(row.subject),
    description,
    priority: optionalString(row.priority),
    status: textOr(row.status, "new"),
    requester_id: requesterId,
    submitter_id: numberOrNull(row.submitter_id) ?? requesterId,
    assignee_id: numberOrNull(row.assignee_id),
    organization_id: row.organization_id === undefined ? usersOrganization : numberOrNull(row.organization_id),
    group_id: numberOrNull(row.group_id),
    tags: textList(row.tags),
    custom_fields: readTicketValues(row.custom_fields),
    comments: [{ id: nextId(account), author_id: requesterId, body: description, public: true, created_at: created }],
  };
  account.tickets.put(ticket);
}

/** Tickets list their values as `[{id, value}]`. */
function readTicketValues(sent: unknown): Record<string, FieldValue> {
  const rows = Array.isArray(sent) ? sent.filter(isJsonObject) : [];
  const isValue = (value: unknown): value is FieldValue =>
    value !== null &&
    (typeof value !== "object" || (Array.isArray(value) && value.every((one) => typeof one === "string")));
  return Object.fromEntries(
    rows.filter((row) => isValue(row.value)).map((row) => [String(row.id), row.value as FieldValue]),
  );
}
