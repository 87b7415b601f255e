import { type Account, announce, nextId } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { Membership, User } from "../world/entities.ts";
import { plans } from "../world/plans.ts";
import type { Author } from "./author.ts";
import type { JsonObject, Kind } from "./input.ts";
import { type Problem, recordInvalid } from "./refusals.ts";

/** https://developer.zendesk.com/api-reference/ticketing/organizations/organization_memberships/ */
export const membershipKeys: Record<string, Kind> = {
  user_id: "integer",
  organization_id: "integer",
  default: "boolean",
  view_tickets: "boolean",
};

export function createMembership(account: Account, sent: JsonObject, author: Author): Membership {
  const user = account.users.get(Number(sent.user_id));
  const organization = account.organizations.get(Number(sent.organization_id));
  const problems: Problem[] = [];
  if (!user?.active) problems.push({ field: "user_id", code: "InvalidValue" });
  if (!organization) problems.push({ field: "organization_id", code: "InvalidValue" });
  const held = account.memberships.where("user", String(sent.user_id));
  if (organization && held.some((membership) => membership.organization_id === organization.id)) {
    problems.push({ field: "user_id", code: "DuplicateValue", value: "User" });
  }
  if (problems.length > 0 || !user || !organization) throw recordInvalid(problems, account.switches.language);
  // On plans with one organization per user the new one takes the place of the old
  // (https://support.zendesk.com/hc/en-us/articles/4408838140314; that it replaces is our reading).
  if (!plans[account.plan].severalOrganizations) for (const old of held) account.memberships.remove(old.id);
  const time = isoSeconds(author.at);
  const isFirst = account.memberships.where("user", String(user.id)).length === 0;
  const membership = account.memberships.put({
    id: nextId(account),
    user_id: user.id,
    organization_id: organization.id,
    default: isFirst,
    created_at: time,
    updated_at: time,
  });
  announceMembership(account, "created", membership, author);
  if (isFirst || sent.default === true) return makeDefault(account, membership, author);
  return membership;
}

/** The default membership decides the user's `organization_id`; all others read `default: null`. */
export function makeDefault(account: Account, membership: Membership, author: Author): Membership {
  const time = isoSeconds(author.at);
  for (const other of account.memberships.where("user", String(membership.user_id))) {
    if (other.id !== membership.id && other.default)
      account.memberships.put({ ...other, default: false, updated_at: time });
  }
  const chosen = membership.default
    ? membership
    : account.memberships.put({ ...membership, default: true, updated_at: time });
  setDefaultOrganization(account, membership.user_id, membership.organization_id, author);
  return chosen;
}

/** The next membership becomes the default; working tickets of the pair lose their organization (memberships reference). */
export function deleteMembership(account: Account, membership: Membership, author: Author): void {
  account.memberships.remove(membership.id);
  const [next] = account.memberships.where("user", String(membership.user_id));
  if (membership.default) {
    if (next) makeDefault(account, next, author);
    else setDefaultOrganization(account, membership.user_id, null, author);
  }
  for (const ticket of account.tickets.where("requester", String(membership.user_id))) {
    if (ticket.organization_id !== membership.organization_id || ticket.status === "closed") continue;
    account.tickets.put({
      ...ticket,
      organization_id: next?.organization_id ?? null,
      updated_at: isoSeconds(author.at),
    });
  }
  announceMembership(account, "deleted", membership, author);
}

/** Writing a user's `organization_id` makes that organization the only or the default one. */
export function assignOrganization(account: Account, user: User, organizationId: number | null, author: Author): void {
  const held = account.memberships.where("user", String(user.id));
  if (organizationId === null) {
    for (const membership of held) deleteMembership(account, membership, author);
    return;
  }
  const known = held.find((membership) => membership.organization_id === organizationId);
  if (known) makeDefault(account, known, author);
  else createMembership(account, { user_id: user.id, organization_id: organizationId, default: true }, author);
}

function setDefaultOrganization(account: Account, userId: number, organizationId: number | null, author: Author): void {
  const user = account.users.get(userId);
  if (!user || user.organization_id === organizationId) return;
  account.users.put({ ...user, organization_id: organizationId, updated_at: isoSeconds(author.at) });
}

function announceMembership(
  account: Account,
  what: "created" | "deleted",
  membership: Membership,
  author: Author,
): void {
  const user = account.users.get(membership.user_id);
  if (!user) return;
  const organization = { id: String(membership.organization_id) };
  announce(account, {
    kind: `user.organization_membership_${what}`,
    at: author.at,
    by: author.by,
    user,
    event: { organization },
  });
}

/** `default` is true or null, never false (memberships reference, JSON format). */
export function presentMembership(account: Account, membership: Membership, root: string): JsonObject {
  return {
    url: `${root}/organization_memberships/${membership.id}.json`,
    id: membership.id,
    user_id: membership.user_id,
    organization_id: membership.organization_id,
    default: membership.default ? true : null,
    created_at: membership.created_at,
    organization_name: account.organizations.get(membership.organization_id)?.name ?? null,
    updated_at: membership.updated_at,
    view_tickets: account.organizations.get(membership.organization_id)?.shared_tickets ?? false,
  };
}
