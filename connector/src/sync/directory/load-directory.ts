import type { OrganizationId, Subdomain } from "../../domain/index.ts";
import type { DirectoryLoad, DirectorySource, DirectoryStore, ListedOrganization } from "./ports.ts";

export interface LoadPorts {
  source: DirectorySource & {
    /** Asked about organizations that the list did not show, before they count as gone. */
    showByIds(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedOrganization[]>;
  };
  directory: DirectoryStore;
}

/**
 * Reads all organizations and users of an account, page by page, and keeps them. What the lists did not show is confirmed by a read by
 * id before it counts as gone: a list that moves under a cursor may pass a row over. Costs one call per 100 rows, one after the other.
 */
export async function loadDirectory(
  ports: LoadPorts,
  subdomain: Subdomain,
  progress: (load: DirectoryLoad) => void,
): Promise<DirectoryLoad> {
  const load: DirectoryLoad = { startedAt: await ports.directory.now(), organizations: 0, users: 0 };
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await ports.source.listOrganizations(subdomain, cursor);
    await ports.directory.keepOrganizations(subdomain, page.organizations, await ports.directory.now());
    load.organizations += page.organizations.length;
    cursor = page.next;
    progress(load);
  }
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await ports.source.listUsers(subdomain, cursor);
    await ports.directory.keepUsers(subdomain, page.users, await ports.directory.now());
    load.users += page.users.length;
    cursor = page.next;
    progress(load);
  }
  await confirmGone(ports, subdomain, load.startedAt);
  await ports.directory.forgetUsersNotSeenSince(subdomain, load.startedAt);
  await ports.directory.loaded(subdomain);
  return load;
}

async function confirmGone(ports: LoadPorts, subdomain: Subdomain, since: Date): Promise<void> {
  const missing = await ports.directory.organizationsNotSeenSince(subdomain, since);
  if (missing.length === 0) return;
  const found = await ports.source.showByIds(subdomain, missing);
  await ports.directory.keepOrganizations(subdomain, found, await ports.directory.now());
  const there = new Set(found.map(({ id }) => id));
  await ports.directory.markOrganizationsGone(
    subdomain,
    missing.filter((id) => !there.has(id)),
  );
}
