import { type Books, isLeftOut } from "./books.ts";
import type { Card } from "./check-cards.ts";
import type { Directory, User } from "./directory.ts";
import type { Findings } from "./findings.ts";
import type { Input } from "./input.ts";

/**
 * End users who belonged to nobody and have an address of a card are members of exactly its organization; agents, and
 * users who had an organization, are where they were.
 */
export function checkMembers(
  cards: readonly Card[],
  { input, books, before, now }: { input: Input; books: Books; before: Directory; now: Directory },
  findings: Findings,
): void {
  const cardsByAddress = new Map<string, Set<number>>();
  const shown = new Set(cards.flatMap(({ units }) => units.flatMap(({ members }) => members.map(({ key }) => key))));
  const addressesOfOthers = new Set(
    [...books.parties.values()]
      .filter(({ key }) => !shown.has(key) && !isLeftOut(books.parties.get(books.topOf.get(key) ?? key), input))
      .flatMap(({ addresses }) => addresses),
  );
  for (const { organizationId, units } of cards) {
    for (const address of units.flatMap((unit) => unit.members).flatMap((member) => member.addresses)) {
      cardsByAddress.set(address, (cardsByAddress.get(address) ?? new Set()).add(organizationId));
    }
  }
  for (const [id, was] of before.users) {
    const is = now.users.get(id);
    if (is === undefined) continue;
    const wanted = input.settings.members && mayBeMoved(was) ? organizationsOf(was, cardsByAddress) : [];
    const isShared = wanted.length > 1 || was.addresses.some((address) => addressesOfOthers.has(address));
    const options = expectedMemberships(was, wanted, isShared);
    if (options.some((option) => JSON.stringify(option) === JSON.stringify(is.organizations))) continue;
    const kind = mayBeMoved(was) ? "different" : "foreign";
    findings.add(kind, { what: `memberships of user ${id}`, expected: options, found: is.organizations });
  }
}

function mayBeMoved(user: User): boolean {
  return user.role === "end-user" && user.record["active"] !== false && user.organizations.length === 0;
}

function organizationsOf(user: User, cardsByAddress: ReadonlyMap<string, Set<number>>): number[] {
  return [...new Set(user.addresses.flatMap((address) => [...(cardsByAddress.get(address) ?? [])]))];
}

/** Where several cards, or parties that have none, have a user's address, which one is meant stays open: one of them, or none. */
function expectedMemberships(was: User, wanted: readonly number[], isShared: boolean): number[][] {
  if (wanted.length === 0) return [was.organizations];
  const single = wanted.map((organizationId) => [organizationId]);
  return isShared ? [[], ...single] : single;
}
