import type { Subdomain } from "../../domain/index.ts";
import type { DirectoryStore, ListedOrganization } from "../directory/index.ts";
import type { ZendeskEventStore } from "./ports.ts";

export interface ExportPorts {
  source: {
    /** Organizations that changed since (seconds since 1970), oldest first, at most 1,000. */
    exportOrganizations(
      subdomain: Subdomain,
      from: number,
    ): Promise<{ organizations: ListedOrganization[]; endTime: number | undefined; last: boolean }>;
  };
  directory: DirectoryStore;
  events: Pick<ZendeskEventStore, "exportFrom" | "exported">;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Zendesk refuses what began less than a minute ago; our clock may be off by some seconds. */
const leastAgeSeconds = 90;

/**
 * Once an hour: what changed in Zendesk, whoever changed it. New and renamed organizations reach the directory; cards whose fields are not
 * as we left them are marked, and the next pass puts them right. What we wrote ourselves is found as we left it.
 */
export async function exportDrift(ports: ExportPorts, subdomain: Subdomain): Promise<number> {
  const at = await ports.events.exportFrom(subdomain);
  if (!at?.due) return 0;
  const youngest = Math.floor(ports.now() / 1000) - leastAgeSeconds;
  let from = Math.min(at.from, youngest);
  let drifted = 0;
  for (;;) {
    const readAt = await ports.directory.now();
    const page = await ports.source.exportOrganizations(subdomain, from);
    await ports.directory.keepOrganizations(subdomain, page.organizations, readAt);
    drifted += await ports.directory.markDrifted(subdomain, page.organizations);
    const next = page.endTime ?? from;
    // A page that does not move on would come again for ever.
    const finished = page.last || next <= from || next > youngest;
    from = Math.max(from, next);
    await ports.events.exported(subdomain, { from, finished });
    if (finished) return drifted;
  }
}
