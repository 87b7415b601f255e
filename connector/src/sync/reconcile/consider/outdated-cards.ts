import { partyKeyText } from "../../../domain/index.ts";
import type { Link } from "../../links/index.ts";
import type { MergedParty } from "../../replica/index.ts";
import type { ConsiderPorts, Leaving, Pass } from "./facts.ts";

/**
 * Cards of merged parties that name no survivor, or one that was merged in its turn: the event came late. Left alone where somebody else
 * is shown there meanwhile.
 */
export async function namingAnother(
  ports: ConsiderPorts,
  { connection }: Pass,
  merges: readonly MergedParty[],
  linkOf: ReadonlyMap<string, Link>,
): Promise<Leaving[]> {
  const outdated = merges.flatMap(({ party, survivor, shownAt }) =>
    linkOf.has(partyKeyText(party)) || !shownAt || shownAt.survivorId === survivor?.id
      ? []
      : [{ link: { party, organizationId: shownAt.organizationId }, vanished: { into: survivor } }],
  );
  if (outdated.length === 0) return [];
  const ids = outdated.map(({ link }) => link.organizationId);
  const [organizations, links] = await Promise.all([
    ports.directory.organizationsByIds(connection.subdomain, ids),
    ports.links.linksTo(connection.subdomain, ids),
  ]);
  const there = new Set(organizations.map(({ id }) => id));
  for (const { organizationId } of links) there.delete(organizationId);
  return outdated.filter(({ link }) => there.has(link.organizationId));
}
