import { type Account, announce, externalKey, nameKey, nextId } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { CustomField, Role, User } from "../world/entities.ts";
import type { Author } from "./author.ts";
import { mergeFieldValues, mirroredTags, presentFieldValues } from "./field-values.ts";
import { addIdentity, addressProblem, deleteIdentity } from "./identities.ts";
import { isJsonObject, type JsonObject, type Kind, optionalString, textOf } from "./input.ts";
import { assignOrganization, deleteMembership } from "./memberships.ts";
import { type Problem, recordInvalid } from "./refusals.ts";
import { normaliseTags, replaceMirrored } from "./tags.ts";

/** https://developer.zendesk.com/api-reference/ticketing/users/users/ */
export const userKeys: Record<string, Kind> = {
  name: "string",
  email: "string",
  role: "string",
  external_id: "identifier",
  organization_id: "integer",
  organization: "hash",
  identities: "list",
  phone: "string",
  shared_phone_number: "boolean",
  verified: "boolean",
  skip_verify_email: "boolean",
  suspended: "boolean",
  tags: "list",
  alias: "string",
  details: "string",
  notes: "string",
  signature: "string",
  time_zone: "string",
  locale: "string",
  locale_id: "integer",
  custom_role_id: "integer",
  default_group_id: "integer",
  moderator: "boolean",
  ticket_restriction: "string",
  only_private_comments: "boolean",
  restricted_agent: "boolean",
  remote_photo_url: "string",
  user_fields: "hash",
};

const roles: readonly Role[] = ["end-user", "agent", "admin"];

export function blankUser(id: number, role: Role, time: string): User {
  return {
    id,
    name: "",
    email: null,
    created_at: time,
    updated_at: time,
    time_zone: "Pacific Time (US & Canada)",
    iana_time_zone: "America/Los_Angeles",
    phone: null,
    shared_phone_number: null,
    photo: null,
    locale_id: 1,
    locale: "en-US",
    organization_id: null,
    role,
    verified: false,
    external_id: null,
    tags: [],
    alias: null,
    active: true,
    shared: false,
    shared_agent: false,
    last_login_at: null,
    two_factor_auth_enabled: null,
    signature: null,
    details: null,
    notes: null,
    role_type: role === "admin" ? 4 : null,
    custom_role_id: null,
    moderator: role === "admin",
    ticket_restriction: role === "end-user" ? "requested" : null,
    only_private_comments: false,
    restricted_agent: role === "end-user",
    suspended: false,
    chat_only: false,
    default_group_id: null,
    report_csv: role === "admin",
    user_fields: {},
  };
}

export function createUser(account: Account, sent: JsonObject, author: Author): User {
  const role = roles.find((known) => known === (sent.role ?? "end-user"));
  const problems: Problem[] = role ? [] : [{ field: "role", code: "InvalidValue" }];
  const checked = checkUser(
    account,
    { name: "", ...sent },
    blankUser(0, role ?? "end-user", isoSeconds(author.at)),
    problems,
  );
  const email = optionalString(sent.email);
  const addresses = extraAddresses(account, sent.identities, problems);
  if (email !== null) {
    const problem = addressProblem(account, "email", email, 0);
    if (problem) problems.push(problem);
  }
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  const user = account.users.put({ ...checked, id: nextId(account) });
  const verified = sent.verified === true;
  if (email !== null) addIdentity(account, user, { type: "email", value: email.toLowerCase(), verified }, author);
  for (const address of addresses) addIdentity(account, user, { ...address, verified }, author);
  announce(account, { kind: "user.created", at: author.at, by: author.by, user: freshUser(account, user), event: {} });
  applyOrganization(account, user, sent, author);
  return freshUser(account, user);
}

/** A new `email` is added as a secondary address; the primary one stays (users reference, "Update User"). */
export function updateUser(account: Account, before: User, sent: JsonObject, author: Author): User {
  const problems: Problem[] = [];
  const checked = checkUser(account, sent, before, problems);
  const email = optionalString(sent.email)?.toLowerCase();
  const problem = email === undefined ? undefined : addressProblem(account, "email", email, before.id);
  if (problem) problems.push(problem);
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  if (JSON.stringify(checked) !== JSON.stringify(before)) {
    const user = account.users.put({ ...checked, updated_at: isoSeconds(author.at) });
    announceUserChange(account, before, user, author);
  }
  const isKnown = account.identities.where("user", String(before.id)).some((one) => one.value === email);
  if (email !== undefined && !isKnown) {
    addIdentity(account, before, { type: "email", value: email, verified: sent.verified === true }, author);
  }
  applyOrganization(account, before, sent, author);
  return freshUser(account, before);
}

/** Matches external_id or e-mail; external_id is compared without case and rewritten as it was sent (users reference). */
export function findUserToUpdate(account: Account, sent: JsonObject): User | undefined {
  const byId = sent.id === undefined ? undefined : account.users.get(Number(sent.id));
  if (byId) return byId;
  const external = externalKey(optionalString(sent.external_id));
  const byExternal = external === undefined ? undefined : account.users.first("external", external);
  if (byExternal) return byExternal;
  const email = optionalString(sent.email)?.toLowerCase();
  const identity = email === undefined ? undefined : account.identities.first("value", email);
  return identity && account.users.get(identity.user_id);
}

/** Deleted users stay readable by id, without address and inactive: recorded in zendesk_api_client_rb (User, deletion). */
export function deleteUser(account: Account, user: User, author: Author): User {
  for (const membership of account.memberships.where("user", String(user.id)))
    deleteMembership(account, membership, author);
  for (const identity of account.identities.where("user", String(user.id))) deleteIdentity(account, identity, author);
  const gone = account.users.put({
    ...freshUser(account, user),
    email: null,
    active: false,
    external_id: null,
    organization_id: null,
    updated_at: isoSeconds(author.at),
  });
  announce(account, { kind: "user.deleted", at: author.at, by: author.by, user: gone, event: {} });
  return gone;
}

function freshUser(account: Account, user: User): User {
  return account.users.get(user.id) ?? user;
}

function checkUser(account: Account, sent: JsonObject, before: User, problems: Problem[]): User {
  const next = { ...before };
  if ("name" in sent) {
    next.name = textOf(sent.name).trim();
    if (next.name === "") problems.push({ field: "name", code: "BlankValue" });
    else if (next.name.length > 255) problems.push({ field: "name", code: "TooLong" });
  }
  if ("external_id" in sent) {
    next.external_id = optionalString(sent.external_id);
    const key = externalKey(next.external_id);
    const holder = key === undefined ? undefined : account.users.first("external", key);
    if (holder && holder.id !== before.id)
      problems.push({ field: "external_id", code: "DuplicateValue", value: String(sent.external_id) });
  }
  if ("role" in sent && sent.role !== null) {
    const role = roles.find((known) => known === sent.role);
    if (role) next.role = role;
    else problems.push({ field: "role", code: "InvalidValue" });
  }
  for (const key of ["phone", "alias", "details", "notes", "signature", "ticket_restriction"] as const) {
    if (key in sent) next[key] = sent[key] === null ? null : textOf(sent[key]);
  }
  for (const key of ["time_zone", "locale"] as const) if (typeof sent[key] === "string") next[key] = sent[key];
  for (const key of ["verified", "suspended", "moderator", "only_private_comments", "restricted_agent"] as const) {
    if (typeof sent[key] === "boolean") next[key] = sent[key];
  }
  for (const key of ["custom_role_id", "default_group_id"] as const) {
    if (key in sent) next[key] = sent[key] === null ? null : Number(sent[key]);
  }
  if (sent.locale_id !== undefined && sent.locale_id !== null) next.locale_id = Number(sent.locale_id);
  const fields = orderedUserFields(account);
  if (Array.isArray(sent.tags) && account.switches.tagging) {
    next.tags = [...new Set([...normaliseTags(sent.tags), ...mirroredTags(fields, before.user_fields)])];
  }
  if (isJsonObject(sent.user_fields)) {
    const change = mergeFieldValues(
      (key) => account.userFields.first("key", key),
      before.user_fields,
      sent.user_fields,
      account.switches,
    );
    problems.push(...change.problems);
    next.user_fields = change.values;
    next.tags = replaceMirrored(
      next.tags,
      mirroredTags(fields, before.user_fields),
      mirroredTags(fields, change.values),
    );
  }
  checkOrganizationOf(account, sent, problems);
  return next;
}

function checkOrganizationOf(account: Account, sent: JsonObject, problems: Problem[]): void {
  const id = sent.organization_id;
  if (id !== undefined && id !== null && !account.organizations.has(Number(id))) {
    problems.push({ field: "organization_id", code: "InvalidValue" });
  }
  // Whether an unknown name makes an organization or fails is not documented; it fails here.
  if (
    isJsonObject(sent.organization) &&
    !account.organizations.first("name", nameKey(textOf(sent.organization.name)))
  ) {
    problems.push({ field: "organization", code: "InvalidValue" });
  }
}

function extraAddresses(account: Account, sent: unknown, problems: Problem[]): { type: string; value: string }[] {
  if (!Array.isArray(sent)) return [];
  return sent.filter(isJsonObject).map((one) => {
    const type = textOf(one.type ?? "email");
    const value = textOf(one.value).trim().toLowerCase();
    const problem = type === "email" ? addressProblem(account, "email", value, 0) : undefined;
    if (problem) problems.push(problem);
    return { type, value };
  });
}

function applyOrganization(account: Account, user: User, sent: JsonObject, author: Author): void {
  const named = isJsonObject(sent.organization)
    ? account.organizations.first("name", nameKey(textOf(sent.organization.name)))
    : undefined;
  const id = "organization_id" in sent ? sent.organization_id : named?.id;
  if (id !== undefined) assignOrganization(account, user, id === null ? null : Number(id), author);
}

function announceUserChange(account: Account, before: User, after: User, author: Author): void {
  const tell = (kind: string, event: JsonObject): void =>
    announce(account, { kind: `user.${kind}`, at: author.at, by: author.by, user: after, event });
  for (const key of ["name", "external_id", "role", "details", "notes", "alias", "suspended"] as const) {
    if (before[key] !== after[key]) tell(`${key}_changed`, { current: after[key], previous: before[key] });
  }
  for (const key of new Set([...Object.keys(before.user_fields), ...Object.keys(after.user_fields)])) {
    const [previous, current] = [before.user_fields[key] ?? null, after.user_fields[key] ?? null];
    if (JSON.stringify(previous) === JSON.stringify(current)) continue;
    const field = account.userFields.first("key", key);
    tell("custom_field_changed", {
      field: { id: String(field?.id ?? ""), title: field?.title ?? key, type: field?.type ?? "text" },
      current,
      previous,
    });
  }
}

function orderedUserFields(account: Account): readonly CustomField[] {
  return account.userFields.sortedBy("position", (a, b) => a.position - b.position || a.id - b.id);
}

/** Key order of the recorded users, with the keys that the reference has added since. */
export function presentUser(account: Account, user: User, root: string): JsonObject {
  const { id, ...rest } = user;
  return {
    id,
    url: `${root}/users/${id}.json`,
    ...rest,
    user_fields: presentFieldValues(orderedUserFields(account), user.user_fields, account.switches.uncheckedReads),
  };
}
