import type { ConnectionId, OrganizationId, PartyKey } from "../../domain/index.ts";
import { type NearForm, nearEnough, nearForm, nearness } from "../../rules/matching/index.ts";
import type { NearMember, ReviewStore } from "./ports.ts";

/** Two organizations that may be one client. The first is one of our cards'; the other one's party is undefined where nobody is linked to it. */
export interface PossibleDuplicate {
  score: number;
  organizationId: OrganizationId;
  name: string;
  party: PartyKey;
  other: { organizationId: OrganizationId; name: string; party: PartyKey | undefined };
}

/** So many take a few milliseconds. */
const comparedAtOnce = 200;

/**
 * Pairs of near names among the account's organizations of which at least one is a card of this connection, each pair once, the likeliest first.
 * They block nothing. Computed when asked, from groups that share a near key: the work grows with the organizations, not with their square.
 */
export async function possibleDuplicates(
  review: Pick<ReviewStore, "nearGroups" | "notDuplicates">,
  connectionId: ConnectionId,
  limit: number,
): Promise<{ found: PossibleDuplicate[]; more: boolean }> {
  const dismissed = new Set((await review.notDuplicates(connectionId)).map((pair) => pair.join(" ")));
  const found = new Map<string, PossibleDuplicate>();
  const forms = new Map<OrganizationId, NearForm>();
  const formOf = ({ organizationId, name }: NearMember) => {
    const form = forms.get(organizationId) ?? nearForm(name);
    forms.set(organizationId, form);
    return form;
  };
  let compared = 0;
  for (const members of await review.nearGroups(connectionId))
    for (const [place, first] of members.entries())
      for (const second of members.slice(place + 1)) {
        const [one, other] = first.party ? [first, second] : [second, first];
        const name = [first.organizationId, second.organizationId].sort((a, b) => a - b).join(" ");
        if (one.party === undefined || dismissed.has(name) || found.has(name)) continue;
        compared += 1;
        // Others use this process meanwhile.
        if (compared % comparedAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
        const score = nearness(formOf(one), formOf(other));
        if (score >= nearEnough) found.set(name, { score, ...one, party: one.party, other });
      }
  const sorted = [...found.values()].sort((a, b) => b.score - a.score || a.organizationId - b.organizationId);
  return { found: sorted.slice(0, limit), more: sorted.length > limit };
}
