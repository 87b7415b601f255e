import type { Candidate, OrganizationId, Subdomain } from "../../../domain/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import type { Link, LinkStore, StandingAnswer } from "../../links/index.ts";

export interface MergePorts {
  directory: {
    organizationsByIds(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedOrganization[]>;
  };
  links: Pick<LinkStore, "linksTo">;
  /** What Zendesk says an organization that is gone was merged into; undefined: it was deleted. */
  merges: { winnerOf(subdomain: Subdomain, loser: OrganizationId): Promise<ListedOrganization | undefined> };
}

/** What became of an organization that is gone: the one that it was merged into, and whether that is free for its parties. */
export interface Merged {
  winner: ListedOrganization;
  free: boolean;
}

/**
 * Where organizations that are gone went. A winner is free for the loser's parties when nobody is linked to it, or only those who came from the
 * same loser: the parties of one card may come one after the other.
 */
export async function findMerged(
  ports: MergePorts,
  subdomain: Subdomain,
  organizations: readonly OrganizationId[],
): Promise<Map<OrganizationId, Merged>> {
  const ids = [...new Set(organizations)];
  if (ids.length === 0) return new Map();
  const there = new Set((await ports.directory.organizationsByIds(subdomain, ids)).map(({ id }) => id));
  const found = new Map<OrganizationId, Merged>();
  for (const loser of ids.filter((id) => !there.has(id))) {
    const winner = await ports.merges.winnerOf(subdomain, loser);
    if (winner === undefined) continue;
    const holders = await ports.links.linksTo(subdomain, [winner.id]);
    found.set(loser, { winner, free: holders.every(({ evidence }) => evidence.includes(mergeEvidence(loser))) });
  }
  return found;
}

/** The link as it goes on at the winner; as it was where there is none, or another card has it. */
export function followed(link: Link, merged: ReadonlyMap<OrganizationId, Merged>): Link {
  const to = merged.get(link.organizationId);
  if (!to?.free) return link;
  return {
    ...link,
    organizationId: to.winner.id,
    origin: "adopted",
    evidence: [...link.evidence, mergeEvidence(link.organizationId)],
  };
}

/** A person's answer that names the loser means the winner. */
export function followedAnswer(
  standing: StandingAnswer | undefined,
  merged: ReadonlyMap<OrganizationId, Merged>,
): StandingAnswer | undefined {
  const to = standing?.answer.kind === "link" ? merged.get(standing.answer.organizationId) : undefined;
  return standing && to ? { ...standing, answer: { kind: "link", organizationId: to.winner.id } } : standing;
}

export function winnerAsCandidate({ winner }: Merged): Candidate {
  return {
    organizationId: winner.id,
    name: winner.name,
    score: 0.9,
    evidence: ["The organization that it was linked to was merged into this one in Zendesk."],
  };
}

function mergeEvidence(loser: OrganizationId): string {
  return `organization ${loser} was merged into it in Zendesk`;
}
