import { type Account, announce } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { User } from "../world/entities.ts";
import type { Author } from "./author.ts";
import { deleteMembership } from "./memberships.ts";
import { recordInvalid } from "./refusals.ts";
import { deleteUser } from "./users.ts";

/**
 * Merges an end user into another: addresses, memberships and tickets move, the loser is deleted. Agents cannot lose.
 * https://developer.zendesk.com/api-reference/ticketing/users/users/#merge-end-users
 */
export function mergeUsers(account: Account, loser: User, winnerId: number, author: Author): User {
  const winner = account.users.get(winnerId);
  if (!winner?.active || winner.id === loser.id || loser.role !== "end-user" || !loser.active) {
    throw recordInvalid([{ field: "id", code: "InvalidValue" }], account.switches.language);
  }
  const time = isoSeconds(author.at);
  const held = new Set(account.memberships.where("user", String(winner.id)).map((one) => one.organization_id));
  for (const membership of account.memberships.where("user", String(loser.id))) {
    if (held.has(membership.organization_id)) deleteMembership(account, membership, author);
    else
      account.memberships.put({
        ...membership,
        user_id: winner.id,
        default: held.size === 0 && membership.default,
        updated_at: time,
      });
  }
  for (const identity of account.identities.where("user", String(loser.id))) {
    account.identities.put({ ...identity, user_id: winner.id, primary: false, updated_at: time });
  }
  for (const ticket of account.tickets.where("requester", String(loser.id))) {
    account.tickets.put({ ...ticket, requester_id: winner.id, updated_at: time });
  }
  const chosen = account.memberships.where("user", String(winner.id)).find((one) => one.default);
  const merged = account.users.put({
    ...winner,
    organization_id: chosen?.organization_id ?? winner.organization_id,
    updated_at: time,
  });
  const gone = deleteUser(account, loser, author);
  announce(account, {
    kind: "user.merged",
    at: author.at,
    by: author.by,
    user: merged,
    event: { user: { id: String(gone.id) } },
  });
  return merged;
}
