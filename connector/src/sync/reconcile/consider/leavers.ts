import { type OrganizationId, type PartyKey, parsePartyKey, partyKeyText } from "../../../domain/index.ts";
import type { Link, LinkStore } from "../../links/index.ts";
import type { Family } from "../../replica/index.ts";
import type { Pass } from "./facts.ts";

/** What a batch holds of an organization. */
export function organizationHold(organizationId: OrganizationId): string {
  return `organization ${organizationId}`;
}

/**
 * Members that were cards of their own before: a setting changed, a customer was put under another one. Their links end as if a person had
 * taken them away. Families whose members' organizations another batch holds are `busy`.
 */
export async function leaversOf(
  ports: { links: Pick<LinkStore, "linksOf"> },
  { connection }: Pass,
  all: readonly Family[],
  hold: (names: readonly string[]) => boolean,
): Promise<{ families: Family[]; leaving: Map<string, Link[]>; busy: PartyKey[] }> {
  const topOfMember = new Map(
    all.flatMap(({ top, members }) =>
      members
        .map(({ party }) => partyKeyText(party))
        .filter((text) => text !== partyKeyText(top))
        .map((text) => [text, top] as const),
    ),
  );
  if (topOfMember.size === 0) return { families: [...all], leaving: new Map(), busy: [] };
  const links = await ports.links.linksOf(connection.id, [...topOfMember.keys()].map(parsePartyKey));
  const leaving = new Map<string, Link[]>();
  const busy = new Map<string, PartyKey>();
  for (const link of links) {
    const top = topOfMember.get(partyKeyText(link.party));
    if (!top) continue;
    const text = partyKeyText(top);
    if (!hold([organizationHold(link.organizationId)])) busy.set(text, top);
    leaving.set(text, [...(leaving.get(text) ?? []), link]);
  }
  for (const text of busy.keys()) leaving.delete(text);
  return { families: all.filter(({ top }) => !busy.has(partyKeyText(top))), leaving, busy: [...busy.values()] };
}
