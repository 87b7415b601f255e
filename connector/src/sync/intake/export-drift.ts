import { RemoteFailure, type Subdomain } from "../../domain/index.ts";
import type { DirectoryStore, ListedOrganization, UserExportPage, UserExportPlace } from "../directory/index.ts";
import type { ZendeskEventStore } from "./ports.ts";

export interface ExportPorts {
  source: {
    /** Organizations that changed since (seconds since 1970), oldest first, at most 1,000. */
    exportOrganizations(
      subdomain: Subdomain,
      from: number,
    ): Promise<{ organizations: ListedOrganization[]; endTime: number | undefined; last: boolean }>;
    exportUsers(subdomain: Subdomain, from: UserExportPlace): Promise<UserExportPage>;
  };
  directory: DirectoryStore;
  events: Pick<ZendeskEventStore, "exportFrom" | "exported" | "userExportFrom" | "usersExported">;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Zendesk refuses what began less than a minute ago; our clock may be off by some seconds. */
const leastAgeSeconds = 90;

/**
 * Once an hour: what changed in Zendesk, whoever changed it. New and renamed organizations reach the directory; cards whose fields are not
 * as we left them are marked, and the next pass puts them right. What we wrote ourselves is found as we left it. So are users whose events
 * were lost, or who changed before there were any.
 */
export async function exportDrift(ports: ExportPorts, subdomain: Subdomain): Promise<number> {
  const at = await ports.events.exportFrom(subdomain);
  if (!at?.due) return 0;
  await exportUsers(ports, subdomain);
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

async function exportUsers({ source, directory, events }: ExportPorts, subdomain: Subdomain): Promise<void> {
  let place = await events.userExportFrom(subdomain);
  while (place !== undefined) {
    const readAt = await directory.now();
    const page = await pageOrAnew(source, subdomain, place);
    await directory.keepUsers(subdomain, page.users, readAt);
    await directory.markUsersGone(subdomain, page.gone);
    // Should the cursor be refused one day: what changed since this page was asked for.
    place = { time: Math.floor(readAt.getTime() / 1000) - leastAgeSeconds, cursor: page.cursor };
    await events.usersExported(subdomain, place);
    if (page.last) return;
  }
}

/** How long Zendesk honours a cursor is not documented: one that it refuses is given up for the time that goes with it. */
async function pageOrAnew(
  source: ExportPorts["source"],
  subdomain: Subdomain,
  { time, cursor }: UserExportPlace,
): Promise<UserExportPage> {
  try {
    return await source.exportUsers(subdomain, { time, cursor });
  } catch (failure) {
    const isRefused = failure instanceof RemoteFailure && (failure.action === "park" || failure.action === "bug");
    if (cursor === undefined || !isRefused) throw failure;
    return await source.exportUsers(subdomain, { time });
  }
}
