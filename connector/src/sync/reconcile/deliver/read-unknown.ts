import type { ListedOrganization } from "../../directory/index.ts";
import type { Owner } from "../own/owner.ts";
import type { Settlement } from "../ports.ts";
import { settleWritten } from "../settle/settle-decision.ts";
import { type Logged, writtenFrom } from "./logged.ts";
import { gone } from "./not-written.ts";
import { storedOtherwise } from "./read-back.ts";

/** Reads what the writes were to change, once no job of the account can still be changing it. */
export async function readUnknown(
  owner: Owner,
  logged: readonly Logged[],
): Promise<{ settlements: Settlement[]; missing: Logged[] }> {
  await owner.waitForOpenJobs();
  const existing = await readTargets(owner, logged);
  const settlements: Settlement[] = [];
  const missing: Logged[] = [];
  for (const one of logged) {
    const found = existing(one);
    if (found && tookEffect(one, found))
      settlements.push(settleWritten(one.pending, writtenFrom(one, found, undefined)));
    else if (!found && one.item.id !== undefined) settlements.push(gone(one));
    else missing.push(one);
  }
  return { settlements, missing };
}

export async function readTargets(
  owner: Owner,
  logged: readonly Logged[],
): Promise<(one: Logged) => ListedOrganization | undefined> {
  const ids = logged.flatMap(({ item }) => item.id ?? []);
  const externalIds = logged.flatMap(({ item }) => (item.id === undefined ? (item.externalId ?? []) : []));
  const writer = owner.ports.writers.live;
  const [byId, byExternalId] = await owner.untilAnswered(() =>
    Promise.all([
      ids.length === 0 ? [] : writer.showByIds(owner.subdomain, ids),
      externalIds.length === 0 ? [] : writer.showByExternalIds(owner.subdomain, externalIds),
    ]),
  );
  const idMap = new Map(byId.map((organization) => [organization.id, organization]));
  // external_id is matched without regard to case by Zendesk (organizations reference).
  const externalMap = new Map(
    byExternalId.map((organization) => [organization.externalId?.toLowerCase(), organization]),
  );
  return ({ item }) => (item.id === undefined ? externalMap.get(item.externalId?.toLowerCase()) : idMap.get(item.id));
}

export function tookEffect({ item, pending }: Logged, found: ListedOrganization): boolean {
  const named = item.name === undefined || item.name === found.name;
  return named && storedOtherwise(pending.connection.mapping.owned, item.fields, found.fields).length === 0;
}
