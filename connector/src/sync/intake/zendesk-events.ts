import { parseOrganizationId, parseUserId, type Subdomain } from "../../domain/index.ts";
import type { DirectoryStore, ListedOrganization, ListedUser } from "../directory/index.ts";
import type { DirectoryMark, ZendeskEventStore } from "./ports.ts";

export interface RefreshPorts {
  source: {
    showByIds(subdomain: Subdomain, ids: readonly ListedOrganization["id"][]): Promise<ListedOrganization[]>;
    showUsers(subdomain: Subdomain, ids: readonly ListedUser["id"][]): Promise<ListedUser[]>;
  };
  directory: DirectoryStore;
  events: Pick<ZendeskEventStore, "claim" | "settle">;
}

/** Zendesk's limit for every call that takes a list. */
const atOnce = 100;

/**
 * Reads what events named, fresh and in bulk: an event that is late, doubled or out of order says nothing wrong. The marks go after the
 * answer is kept, each only at the generation that was claimed. What our own writes announced is found as we know it, and marks nobody.
 */
export async function refreshDirectory(ports: RefreshPorts, subdomain: Subdomain): Promise<number> {
  let refreshed = 0;
  for (const kind of ["organization", "user"] as const)
    for (;;) {
      const marks = await ports.events.claim(subdomain, kind, atOnce);
      if (marks.length === 0) break;
      await (kind === "organization" ? readOrganizations : readUsers)(ports, subdomain, marks);
      await ports.events.settle(subdomain, marks);
      refreshed += marks.length;
      // What comes meanwhile has its own wake-up, and more with it by then: a stream of events is not read one by one.
      if (marks.length < atOnce) break;
    }
  return refreshed;
}

async function readOrganizations(
  { source, directory }: RefreshPorts,
  subdomain: Subdomain,
  marks: readonly DirectoryMark[],
): Promise<void> {
  const ids = marks.map(({ id }) => parseOrganizationId(id));
  const readAt = await directory.now();
  const found = await source.showByIds(subdomain, ids);
  await directory.keepOrganizations(subdomain, found, readAt);
  await directory.markDrifted(subdomain, found);
  const there = new Set(found.map(({ id }) => id));
  await directory.markOrganizationsGone(
    subdomain,
    ids.filter((id) => !there.has(id)),
  );
}

async function readUsers(
  { source, directory }: RefreshPorts,
  subdomain: Subdomain,
  marks: readonly DirectoryMark[],
): Promise<void> {
  const ids = marks.map(({ id }) => parseUserId(id));
  const readAt = await directory.now();
  const found = await source.showUsers(subdomain, ids);
  await directory.keepUsers(subdomain, found, readAt);
  const there = new Set(found.map(({ id }) => id));
  await directory.markUsersGone(
    subdomain,
    ids.filter((id) => !there.has(id)),
  );
}
