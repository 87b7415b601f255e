import type { Card } from "./check-cards.ts";
import type { Directory } from "./directory.ts";
import type { Findings } from "./findings.ts";
import type { Input } from "./input.ts";

/**
 * Where the setting says so, every address of one card that nobody had is that of an end user in its organization; no other user is new.
 * An address that several cards share is nobody's.
 */
export function checkContacts(
  cards: readonly Card[],
  { input, before, now }: { input: Input; before: Directory; now: Directory },
  findings: Findings,
): void {
  const cardsOf = new Map<string, Set<number>>();
  for (const { organizationId, units } of input.settings.contacts ? cards : [])
    for (const address of units
      .flatMap((unit) => unit.members)
      .filter((member) => member.active)
      .flatMap((member) => member.addresses))
      cardsOf.set(address, (cardsOf.get(address) ?? new Set()).add(organizationId));
  const had = new Set([...before.users.values()].flatMap((user) => user.addresses));
  const wanted = new Map<string, number>();
  for (const [address, [organizationId, ...others]] of cardsOf)
    if (!had.has(address) && organizationId !== undefined && others.length === 0) wanted.set(address, organizationId);
  for (const [id, user] of now.users) {
    if (before.users.has(id)) continue;
    const address = user.addresses.find((one) => wanted.has(one));
    const organizationId = address === undefined ? undefined : wanted.get(address);
    const isRight =
      organizationId !== undefined && user.role === "end-user" && user.organizations.includes(organizationId);
    if (!isRight) findings.add("foreign", { what: `user ${id}`, expected: organizationId ?? "none", found: user.role });
    if (address !== undefined) wanted.delete(address);
  }
  for (const [address, organizationId] of wanted)
    findings.add("different", { organizationId, what: `contact ${address}`, expected: "an end user", found: "none" });
}
