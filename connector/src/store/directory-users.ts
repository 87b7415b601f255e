import { type RawBuilder, sql } from "kysely";
import type { OrganizationId, Subdomain, UserId, WaitKey } from "../domain/index.ts";
import type { ListedUser } from "../sync/directory/ports.ts";
import { rowsOf, slicesOf, upsertRows } from "./bulk-rows.ts";
import type { Executor } from "./database.ts";
import { wakeWaiters } from "./waiter-store.ts";

const sliceSize = 1_000;

export async function usersWhere(
  executor: Executor,
  subdomain: Subdomain,
  asked: number,
  condition: RawBuilder<unknown>,
): Promise<ListedUser[]> {
  if (asked === 0) return [];
  const { rows } = await sql<{
    id: UserId;
    organization_id: OrganizationId | null;
    agent: boolean;
    addresses: string[];
  }>`
    select u.id, u.organization_id, u.agent,
      array(select a.address from zendesk_user_address a where a.subdomain = u.subdomain and a.user_id = u.id order by a.address) as addresses
    from zendesk_user u where u.subdomain = ${subdomain} and u.gone_at is null and ${condition} order by u.id`.execute(
    executor,
  );
  return rows.map((row) => ({
    id: row.id,
    organizationId: row.organization_id ?? undefined,
    agent: row.agent,
    addresses: row.addresses,
  }));
}

/** Keeps users as Zendesk answered them to a question asked at `readAt`, and marks whoever waits for an address that they have or had. */
export async function putUsers(
  executor: Executor,
  subdomain: Subdomain,
  users: readonly ListedUser[],
  readAt: Date,
): Promise<void> {
  const newest = [...new Map(users.map((user) => [user.id, user])).values()];
  for (const slice of slicesOf(newest, sliceSize)) {
    const ids = slice.map(({ id }) => id);
    const known = await usersWhere(executor, subdomain, ids.length, sql`id = any(${ids}::bigint[])`);
    const former = new Map(known.map((user) => [user.id, user]));
    await upsertRows({
      table: "zendesk_user",
      key: ["subdomain", "id"],
      rows: slice,
      columns: {
        subdomain: { wire: "text", of: () => subdomain },
        id: { wire: "bigint", of: ({ id }) => id },
        organization_id: { wire: "bigint", of: ({ organizationId }) => organizationId },
        agent: { wire: "boolean", of: ({ agent }) => agent },
        seen_at: { wire: "timestamptz", of: () => readAt },
      },
      also: sql`gone_at = null`,
      onlyWhere: sql`zendesk_user.seen_at <= excluded.seen_at`,
    }).execute(executor);
    const kept = await seenAt(executor, subdomain, ids, readAt);
    const taken = slice.filter(({ id }) => kept.has(id));
    await replaceAddresses(executor, subdomain, taken);
    const changed = taken.filter((user) => userText(user) !== userText(former.get(user.id)));
    const waitKeys = changed.flatMap(({ id, addresses }) =>
      [...addresses, ...(former.get(id)?.addresses ?? [])].map((address): WaitKey => `address:${address}`),
    );
    await wakeWaiters(executor, subdomain, waitKeys);
  }
}

/** Those whose row is this answer's: one that was read later stays, with its addresses. */
async function seenAt(
  executor: Executor,
  subdomain: Subdomain,
  ids: readonly UserId[],
  readAt: Date,
): Promise<Set<UserId>> {
  const { rows } = await sql<{ id: UserId }>`
    select id from zendesk_user
    where subdomain = ${subdomain} and id = any(${[...ids]}::bigint[]) and seen_at = ${readAt}`.execute(executor);
  return new Set(rows.map(({ id }) => id));
}

async function replaceAddresses(executor: Executor, subdomain: Subdomain, users: readonly ListedUser[]): Promise<void> {
  const ids = users.map(({ id }) => id);
  await sql`delete from zendesk_user_address where subdomain = ${subdomain} and user_id = any(${ids}::bigint[])`.execute(
    executor,
  );
  const rows = users.flatMap(({ id, addresses }) => [...new Set(addresses)].map((address) => ({ id, address })));
  if (rows.length === 0) return;
  await sql`insert into zendesk_user_address (subdomain, address, user_id)
    select ${subdomain}, address, id from ${rowsOf(rows, {
      address: { wire: "text", of: ({ address }) => address },
      id: { wire: "bigint", of: ({ id }) => id },
    })}`.execute(executor);
}

function userText(user: ListedUser | undefined): string {
  return user ? JSON.stringify([user.organizationId, user.agent, user.addresses.toSorted()]) : "";
}

export async function goneUsers(executor: Executor, subdomain: Subdomain, which: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ id: UserId }>`
    update zendesk_user set gone_at = now()
    where subdomain = ${subdomain} and gone_at is null and ${which} returning id`.execute(executor);
  if (rows.length === 0) return 0;
  const addresses = await sql<{ address: string }>`
    select distinct address from zendesk_user_address
    where subdomain = ${subdomain} and user_id = any(${rows.map(({ id }) => id)}::bigint[])`.execute(executor);
  await wakeWaiters(
    executor,
    subdomain,
    addresses.rows.map(({ address }): WaitKey => `address:${address}`),
  );
  return rows.length;
}

/** The member's place, as our own membership made it: newer than any answer that is still under way. */
export async function putMembers(
  executor: Executor,
  subdomain: Subdomain,
  members: readonly { userId: UserId; organizationId: OrganizationId }[],
): Promise<void> {
  if (members.length === 0) return;
  await sql`
    update zendesk_user u set organization_id = n.organization_id, seen_at = clock_timestamp()
    from unnest(${members.map(({ userId }) => userId)}::bigint[], ${members.map(({ organizationId }) => organizationId)}::bigint[])
      as n (user_id, organization_id)
    where u.subdomain = ${subdomain} and u.id = n.user_id and u.organization_id is null`.execute(executor);
}
