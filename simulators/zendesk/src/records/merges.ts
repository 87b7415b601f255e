import { type Account, announce, type Merge } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { Organization } from "../world/entities.ts";
import { ulid } from "../world/ulid.ts";
import type { Author } from "./author.ts";
import type { JsonObject } from "./input.ts";
import { makeDefault } from "./memberships.ts";
import { recordInvalid } from "./refusals.ts";

// new --(worker takes it)--> in progress --> complete: the loser is gone. `error` is never reached here.
const durationMs = 2000;

/**
 * Merges the loser into the winner: users, tickets and domains move, field values, notes, tags and external_id do not, and
 * the loser is deleted. It cannot be undone. (organizations reference, "Merge Organization With Another Organization")
 */
export function startMerge(account: Account, loser: Organization, winnerId: number, author: Author): Merge {
  const isOpen = [...account.merges.values()].some(
    (merge) => merge.status !== "complete" && merge.loser_id === loser.id,
  );
  if (!account.organizations.has(winnerId) || winnerId === loser.id || isOpen) {
    throw recordInvalid([{ field: "winner_id", code: "InvalidValue" }], account.switches.language);
  }
  const merge: Merge = {
    id: ulid(author.at, account.random),
    loser_id: loser.id,
    winner_id: winnerId,
    status: "new",
    completesAt: author.at + (account.switches.jobPace === 0 ? 0 : durationMs),
  };
  account.merges.set(merge.id, merge);
  return merge;
}

/** Carries out the merges that are due. */
export function settleMerges(account: Account): void {
  const now = account.clock.now();
  for (const merge of account.merges.values()) {
    if (merge.status === "complete" || merge.status === "error") continue;
    if (merge.completesAt <= now) completeMerge(account, merge);
    else merge.status = "in progress";
  }
}

/** When the next merge is done, in simulated milliseconds. */
export function nextMergeAt(account: Account): number | undefined {
  const open = [...account.merges.values()].filter((merge) => merge.status !== "complete" && merge.status !== "error");
  return open.length === 0 ? undefined : Math.min(...open.map((merge) => merge.completesAt));
}

function completeMerge(account: Account, merge: Merge): void {
  const author: Author = { at: merge.completesAt, by: "person" };
  const loser = account.organizations.get(merge.loser_id);
  const winner = account.organizations.get(merge.winner_id);
  if (!loser || !winner) {
    merge.status = "error";
    return;
  }
  moveMembers(account, loser, winner, author);
  for (const ticket of account.tickets.where("organization", String(loser.id))) {
    account.tickets.put({ ...ticket, organization_id: winner.id, updated_at: isoSeconds(author.at) });
  }
  const domains = [...new Set([...winner.domain_names, ...loser.domain_names])];
  account.organizations.put({ ...winner, domain_names: domains, updated_at: isoSeconds(author.at) });
  account.organizations.remove(loser.id);
  account.deletedOrganizations.push({ organization: loser, at: author.at });
  announce(account, { kind: "organization.deleted", at: author.at, by: author.by, organization: loser, event: {} });
  merge.status = "complete";
}

function moveMembers(account: Account, loser: Organization, winner: Organization, author: Author): void {
  for (const membership of account.memberships.where("organization", String(loser.id))) {
    const held = account.memberships.where("user", String(membership.user_id));
    const twin = held.find((one) => one.organization_id === winner.id);
    if (twin) {
      account.memberships.remove(membership.id);
      if (membership.default) makeDefault(account, twin, author);
      continue;
    }
    const moved = account.memberships.put({
      ...membership,
      organization_id: winner.id,
      updated_at: isoSeconds(author.at),
    });
    if (moved.default) makeDefault(account, moved, author);
  }
}

export function presentMerge(merge: Merge, root: string): JsonObject {
  return {
    id: merge.id,
    url: `${root}/organization_merges/${merge.id}.json`,
    loser_id: merge.loser_id,
    winner_id: merge.winner_id,
    status: merge.status,
  };
}
