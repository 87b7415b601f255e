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
 * Reads all organizations, then all users of an account, page by page, and keeps them. Each page is committed with the place of the next
 * one: after a crash the same call goes on there. Organizations that the list did not show are confirmed by a read by id before they count
 * as gone: a list that moves under a cursor may pass a row over. Costs one call per 100 rows, one after the other.
 */
export async function loadDirectory(
  ports: LoadPorts,
  subdomain: Subdomain,
  progress: (load: DirectoryLoad) => void,
): Promise<DirectoryLoad> {
  const { directory, source } = ports;
  let load = (await directory.loadUnderWay(subdomain)) ?? (await freshLoad(directory));
  while (load.stage === "organizations") {
    // A row that is written between the question and its answer is newer than the answer.
    const readAt = await directory.now();
    const page = await source.listOrganizations(subdomain, load.cursor);
    load = afterPage(load, page.next, { organizations: page.organizations.length, users: 0 });
    await directory.keepOrganizations(subdomain, page.organizations, readAt, load);
    progress(load);
  }
  while (load.stage === "users") {
    const readAt = await directory.now();
    const page = await source.listUsers(subdomain, load.cursor);
    load = afterPage(load, page.next, { organizations: 0, users: page.users.length });
    await directory.keepUsers(subdomain, page.users, readAt, load);
    progress(load);
  }
  await confirmGone(ports, subdomain, load.startedAt);
  await directory.forgetUsersNotSeenSince(subdomain, load.startedAt);
  await directory.loaded(subdomain);
  return load;
}

async function freshLoad(directory: DirectoryStore): Promise<DirectoryLoad> {
  return { startedAt: await directory.now(), stage: "organizations", cursor: undefined, organizations: 0, users: 0 };
}

const stageAfter = { organizations: "users", users: "listed", listed: "listed" } as const;

function afterPage(
  load: DirectoryLoad,
  next: string | undefined,
  rows: { organizations: number; users: number },
): DirectoryLoad {
  return {
    startedAt: load.startedAt,
    stage: next === undefined ? stageAfter[load.stage] : load.stage,
    cursor: next,
    organizations: load.organizations + rows.organizations,
    users: load.users + rows.users,
  };
}

async function confirmGone(ports: LoadPorts, subdomain: Subdomain, since: Date): Promise<void> {
  const missing = await ports.directory.organizationsNotSeenSince(subdomain, since);
  if (missing.length === 0) return;
  const readAt = await ports.directory.now();
  const found = await ports.source.showByIds(subdomain, missing);
  await ports.directory.keepOrganizations(subdomain, found, readAt);
  const there = new Set(found.map(({ id }) => id));
  await ports.directory.markOrganizationsGone(
    subdomain,
    missing.filter((id) => !there.has(id)),
  );
}
