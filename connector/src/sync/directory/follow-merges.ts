import type { OrganizationId, Subdomain } from "../../domain/index.ts";
import type { DirectoryStore, ListedOrganization } from "./ports.ts";

export interface MergeSource {
  /** The organization that this one was merged into, once that is complete; undefined where Zendesk knows of none. */
  mergedInto(subdomain: Subdomain, loser: OrganizationId): Promise<OrganizationId | undefined>;
  showByIds(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedOrganization[]>;
}

/** A winner may itself have been merged since; nobody does so more often. */
const mostSteps = 8;

/** The organization in which one that is gone lives on: asked of Zendesk once, and remembered. The directory knows it afterwards. */
export async function winnerOf(
  { source, directory }: { source: MergeSource; directory: DirectoryStore },
  subdomain: Subdomain,
  loser: OrganizationId,
): Promise<ListedOrganization | undefined> {
  let at = loser;
  for (let step = 0; step < mostSteps; step += 1) {
    const remembered = await directory.mergedInto(subdomain, at);
    const winner = remembered ?? (await source.mergedInto(subdomain, at));
    if (winner === undefined) return undefined;
    if (remembered === undefined) await directory.noteMerge(subdomain, at, winner);
    const [known] = await directory.organizationsByIds(subdomain, [winner]);
    if (known) return known;
    const readAt = await directory.now();
    const [found] = await source.showByIds(subdomain, [winner]);
    if (found) {
      await directory.keepOrganizations(subdomain, [found], readAt);
      return found;
    }
    at = winner;
  }
  return undefined;
}
