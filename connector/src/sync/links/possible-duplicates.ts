import type { ConnectionId, OrganizationId, PartyKey } from "../../domain/index.ts";
import { nearEnough, nearness } from "../../rules/matching/index.ts";
import type { ReviewStore } from "./ports.ts";

/** Two organizations that may be one client. The first is one of our cards'; the other one's party is undefined where nobody is linked to it. */
export interface PossibleDuplicate {
  score: number;
  organizationId: OrganizationId;
  name: string;
  party: PartyKey;
  other: { organizationId: OrganizationId; name: string; party: PartyKey | undefined };
}

const page = 500;

/**
 * Pairs of near names among the account's organizations of which at least one is a card of this connection, each pair once, the likeliest first.
 * They block nothing. Computed when asked: an index brings only what shares a near key, so the work grows with the cards, not with their square.
 */
export async function possibleDuplicates(
  review: Pick<ReviewStore, "nearOrganizations">,
  connectionId: ConnectionId,
  limit: number,
): Promise<{ found: PossibleDuplicate[]; more: boolean }> {
  const found = new Map<string, PossibleDuplicate>();
  let after: OrganizationId | undefined;
  for (;;) {
    const organizations = await review.nearOrganizations(connectionId, { after, limit: page });
    after = organizations.at(-1)?.organizationId;
    if (after === undefined) break;
    for (const { others, ...one } of organizations)
      for (const other of others) {
        const score = nearness(one.name, other.name);
        const [low, high] = [one.organizationId, other.organizationId].sort((a, b) => a - b);
        if (score >= nearEnough && !found.has(`${low} ${high}`)) found.set(`${low} ${high}`, { score, ...one, other });
      }
  }
  const sorted = [...found.values()].sort((a, b) => b.score - a.score || a.organizationId - b.organizationId);
  return { found: sorted.slice(0, limit), more: sorted.length > limit };
}
