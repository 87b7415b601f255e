import { type Account, announce, nextId } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { Identity, User } from "../world/entities.ts";
import type { Author } from "./author.ts";
import { type JsonObject, type Kind, textOf } from "./input.ts";
import { type Problem, recordInvalid } from "./refusals.ts";

/** https://developer.zendesk.com/api-reference/ticketing/users/user_identities/ */
export const identityKeys: Record<string, Kind> = {
  type: "string",
  value: "identifier",
  verified: "boolean",
  primary: "boolean",
  skip_verify_email: "boolean",
};

const identityTypes = new Set([
  "email",
  "twitter",
  "facebook",
  "google",
  "phone_number",
  "agent_forwarding",
  "any_channel",
  "foreign",
  "sdk",
]);

export function isAddress(value: string): boolean {
  return value.length <= 255 && /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/.test(value);
}

export function addressProblem(account: Account, field: string, value: string, ownUserId: number): Problem | undefined {
  if (!isAddress(value)) return { field, code: "InvalidFormat", value };
  const holder = account.identities.where("value", value.toLowerCase()).find((identity) => identity.type === "email");
  return holder && holder.user_id !== ownUserId ? { field, code: "DuplicateValue", value } : undefined;
}

export function createIdentity(account: Account, user: User, sent: JsonObject, author: Author): Identity {
  const type = textOf(sent.type);
  const value = textOf(sent.value).trim();
  const problems: Problem[] = [];
  if (!identityTypes.has(type)) problems.push({ field: "type", code: "InvalidValue" });
  if (value === "") problems.push({ field: "value", code: "BlankValue" });
  else if (type === "email") {
    const problem = addressProblem(account, "value", value, 0);
    if (problem) problems.push(problem);
  }
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  const identity = addIdentity(
    account,
    user,
    { type, value: type === "email" ? value.toLowerCase() : value, verified: sent.verified === true },
    author,
  );
  return sent.primary === true ? makePrimary(account, identity, author) : identity;
}

/** The first identity of a type is the primary one; later ones are secondary until someone makes them primary. */
export function addIdentity(
  account: Account,
  user: User,
  sent: Pick<Identity, "type" | "value" | "verified">,
  author: Author,
): Identity {
  const time = isoSeconds(author.at);
  const held = account.identities.where("user", String(user.id));
  const isFirst = !held.some((identity) => identity.type === sent.type && identity.primary);
  const identity = account.identities.put({
    ...sent,
    id: nextId(account),
    user_id: user.id,
    primary: isFirst,
    created_at: time,
    updated_at: time,
  });
  if (isFirst && sent.type === "email") rewriteEmail(account, user.id, author);
  announceIdentity(account, "created", identity, author);
  return identity;
}

export function updateIdentity(account: Account, before: Identity, sent: JsonObject, author: Author): Identity {
  const next = { ...before };
  if (typeof sent.verified === "boolean") next.verified = sent.verified;
  if (sent.value !== undefined && sent.value !== null) {
    next.value = textOf(sent.value).trim().toLowerCase();
    const problem = before.type === "email" ? addressProblem(account, "value", next.value, before.user_id) : undefined;
    if (problem) throw recordInvalid([problem], account.switches.language);
  }
  const identity = account.identities.put({ ...next, updated_at: isoSeconds(author.at) });
  rewriteEmail(account, identity.user_id, author);
  announceIdentity(account, "changed", identity, author);
  return identity;
}

export function makePrimary(account: Account, identity: Identity, author: Author): Identity {
  const time = isoSeconds(author.at);
  for (const other of account.identities.where("user", String(identity.user_id))) {
    if (other.id !== identity.id && other.type === identity.type && other.primary) {
      account.identities.put({ ...other, primary: false, updated_at: time });
    }
  }
  const primary = account.identities.put({ ...identity, primary: true, updated_at: time });
  rewriteEmail(account, identity.user_id, author);
  return primary;
}

export function deleteIdentity(account: Account, identity: Identity, author: Author): void {
  account.identities.remove(identity.id);
  const left = account.identities.where("user", String(identity.user_id)).find((other) => other.type === identity.type);
  if (identity.primary && left) makePrimary(account, left, author);
  else rewriteEmail(account, identity.user_id, author);
  announceIdentity(account, "deleted", identity, author);
}

/** `user.email` is the primary address. */
function rewriteEmail(account: Account, userId: number, author: Author): void {
  const user = account.users.get(userId);
  if (!user) return;
  const primary = account.identities.where("user", String(userId)).find((one) => one.type === "email" && one.primary);
  const email = primary?.value ?? null;
  const verified = primary?.verified ?? user.verified;
  if (user.email === email && user.verified === verified) return;
  account.users.put({ ...user, email, verified, updated_at: isoSeconds(author.at) });
}

function announceIdentity(
  account: Account,
  what: "created" | "changed" | "deleted",
  identity: Identity,
  author: Author,
): void {
  const user = account.users.get(identity.user_id);
  if (!user) return;
  const event = {
    identity: { id: String(identity.id), type: identity.type, value: identity.value, primary: identity.primary },
  };
  announce(account, { kind: `user.identity_${what}`, at: author.at, by: author.by, user, event });
}

export function presentIdentity(identity: Identity, root: string): JsonObject {
  return {
    url: `${root}/users/${identity.user_id}/identities/${identity.id}.json`,
    id: identity.id,
    user_id: identity.user_id,
    type: identity.type,
    value: identity.value,
    verified: identity.verified,
    primary: identity.primary,
    created_at: identity.created_at,
    updated_at: identity.updated_at,
    ...(identity.type === "email" ? { undeliverable_count: 0, deliverable_state: "deliverable" } : {}),
  };
}
