import { type OrganizationId, RemoteFailure, type Subdomain, type UserId } from "../../domain/index.ts";
import type {
  DirectoryLoad,
  DirectorySource,
  DirectoryStore,
  ListedOrganization,
  ListedUser,
  UserExportPage,
} from "./ports.ts";

export interface LoadPorts {
  source: DirectorySource & {
    /** Asked about organizations that the list did not show, before they count as gone. */
    showByIds(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedOrganization[]>;
    /** The same for users; deleted ones are not answered. */
    showUsers(subdomain: Subdomain, ids: readonly UserId[]): Promise<ListedUser[]>;
  };
  directory: DirectoryStore;
  wait(ms: number): Promise<void>;
}

/**
 * The list shows 100 users a call, the export 1,000, out of a bucket of ten calls a minute that all exports of the account share: up to here
 * the export would save its neighbours nothing.
 */
const mostListedUsers = 1_000;
/** Older than any account: every user has changed since. Seconds since 1970, of 2007-01-01. */
const beforeAllUsers = 1_167_609_600;
const atOnce = 100;

/**
 * Reads all organizations, then all users of an account, page by page, and keeps them. Each page is committed with the place of the next
 * one: after a crash the same call goes on there. Who was not shown is confirmed by a read by id before he counts as gone: a list that moves
 * under a cursor may pass a row over, and an export leaves out the last minute. Costs one call per 100 organizations and, whichever is
 * fewer, one per 100 or one per 1,000 users (deleted ones are part of the export), one after the other.
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
  if (load.stage === "users" && load.cursor === undefined && (await isExportCheaper(ports, subdomain)))
    load = { ...load, stage: "user-export" };
  while (load.stage === "user-export") {
    const readAt = await directory.now();
    const page = await exportPage(ports, subdomain, load);
    if (page === undefined) {
      load = { ...load, stage: "users" };
      break;
    }
    const users = load.users + page.users.length;
    load = { ...load, stage: page.last ? "listed" : "user-export", cursor: page.cursor, users };
    await directory.markUsersGone(subdomain, page.gone);
    await directory.keepUsers(subdomain, page.users, readAt, load);
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
  await confirmUsersGone(ports, subdomain, load.startedAt);
  await directory.loaded(subdomain, { time: secondsOf(load.startedAt), cursor: load.cursor });
  return load;
}

async function freshLoad(directory: DirectoryStore): Promise<DirectoryLoad> {
  return { startedAt: await directory.now(), stage: "organizations", cursor: undefined, organizations: 0, users: 0 };
}

const stageAfter = { organizations: "users", users: "listed", "user-export": "listed", listed: "listed" } as const;

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

async function isExportCheaper({ source }: LoadPorts, subdomain: Subdomain): Promise<boolean> {
  return ((await source.countUsers(subdomain)) ?? 0) > mostListedUsers;
}

/** Undefined: this account or user may not export; the list serves as well. */
async function exportPage(
  { source, wait }: LoadPorts,
  subdomain: Subdomain,
  load: DirectoryLoad,
): Promise<UserExportPage | undefined> {
  for (;;)
    try {
      return await source.exportUsers(subdomain, { time: beforeAllUsers, cursor: load.cursor });
    } catch (failure) {
      if (!(failure instanceof RemoteFailure)) throw failure;
      if (failure.status === 403 && load.cursor === undefined) return undefined;
      // The bucket of the exports is empty, the account's own may be full: only this load waits.
      if (failure.action !== "wait") throw failure;
      await wait(failure.retryAfterMs ?? 0);
    }
}

/** A little before: the clocks may differ, and an export leaves out the last minute. */
function secondsOf(startedAt: Date): number {
  return Math.floor(startedAt.getTime() / 1000) - 120;
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

async function confirmUsersGone({ source, directory }: LoadPorts, subdomain: Subdomain, since: Date): Promise<void> {
  const missing = await directory.usersNotSeenSince(subdomain, since);
  for (let from = 0; from < missing.length; from += atOnce) {
    const ids = missing.slice(from, from + atOnce);
    const readAt = await directory.now();
    const found = await source.showUsers(subdomain, ids);
    await directory.keepUsers(subdomain, found, readAt);
    const there = new Set(found.map(({ id }) => id));
    await directory.markUsersGone(
      subdomain,
      ids.filter((id) => !there.has(id)),
    );
  }
}
