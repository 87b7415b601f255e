import { sql } from "kysely";
import {
  type ConnectionId,
  type FieldValues,
  type OrganizationId,
  parseOrganizationKey,
  partyKeyText,
  priorities,
  type Subdomain,
  type UserId,
  type WaitKey,
} from "../domain/index.ts";
import type {
  DirectoryStore,
  ListedOrganization,
  ListedUser,
  NameForms,
  OrganizationPatch,
} from "../sync/directory/ports.ts";
import { arrayText, rowsOf, slicesOf, upsertRows } from "./bulk-rows.ts";
import type { Database, Executor } from "./database.ts";
import { insertMarks } from "./mark-store.ts";
import { waitersOf } from "./waiter-store.ts";

/** How a name is folded: a rule of matching, given by boot. */
export type NameFolding = (name: string) => NameForms;

const sliceSize = 1_000;

export function createDirectoryStore(database: Database, fold: NameFolding): DirectoryStore {
  return {
    async keepOrganizations(subdomain, organizations, seenAt) {
      await database
        .transaction()
        .execute((executor) => putOrganizations(executor, fold, subdomain, organizations, seenAt));
    },

    async keepUsers(subdomain, users, seenAt) {
      await database.transaction().execute((executor) => putUsers(executor, subdomain, users, seenAt));
    },

    async now() {
      const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(database);
      return (rows[0] as { now: Date }).now;
    },

    async organizationsNotSeenSince(subdomain, since) {
      const rows = await database
        .selectFrom("organization")
        .select("id")
        .where("subdomain", "=", subdomain)
        .where("gone_at", "is", null)
        .where("seen_at", "<", since)
        .execute();
      return rows.map(({ id }) => id);
    },

    async markOrganizationsGone(subdomain, ids) {
      await database.transaction().execute((executor) => goneOrganizations(executor, subdomain, ids));
    },

    async forgetUsersNotSeenSince(subdomain, since) {
      const { numUpdatedRows } = await database
        .updateTable("zendesk_user")
        .set({ gone_at: sql`now()` })
        .where("subdomain", "=", subdomain)
        .where("gone_at", "is", null)
        .where("seen_at", "<", since)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },

    async loaded(subdomain) {
      await database
        .updateTable("account")
        .set({ directory_loaded_at: sql`now()` })
        .where("subdomain", "=", subdomain)
        .execute();
    },

    organizationsByIds: (subdomain, ids) =>
      organizationsWhere(database, subdomain, ids.length, sql`id = any(${[...ids]}::bigint[])`),
    organizationsByKeys: (subdomain, keys) =>
      organizationsWhere(database, subdomain, keys.length, sql`keys && ${[...keys]}::text[]`),
    organizationsByStems: (subdomain, stems) =>
      organizationsWhere(database, subdomain, stems.length, sql`name_stem = any(${[...stems]}::text[])`),
    organizationsByNameKeys: (subdomain, nameKeys) =>
      organizationsWhere(database, subdomain, nameKeys.length, sql`name_key = any(${[...nameKeys]}::text[])`),
    usersByAddresses: (subdomain, addresses) =>
      usersWhere(
        database,
        subdomain,
        addresses.length,
        sql`id in (select user_id from zendesk_user_address where subdomain = ${subdomain} and address = any(${[...addresses]}::text[]))`,
      ),
    usersOfOrganizations: (subdomain, ids) =>
      usersWhere(database, subdomain, ids.length, sql`organization_id = any(${[...ids]}::bigint[])`),

    async counts(subdomain) {
      const { rows } = await sql<{ organizations: number; users: number }>`
        select (select count(*) from organization where subdomain = ${subdomain} and gone_at is null) as organizations,
          (select count(*) from zendesk_user where subdomain = ${subdomain} and gone_at is null) as users`.execute(
        database,
      );
      return rows[0] ?? { organizations: 0, users: 0 };
    },
  };
}

interface OrganizationRow {
  id: OrganizationId;
  name: string;
  external_id: string | null;
  keys: string[];
  domains: string[];
  fields: FieldValues;
  updated_at: Date | null;
}

async function organizationsWhere(
  executor: Executor,
  subdomain: Subdomain,
  asked: number,
  condition: ReturnType<typeof sql>,
): Promise<ListedOrganization[]> {
  if (asked === 0) return [];
  const { rows } = await sql<OrganizationRow>`
    select id, name, external_id, keys, domains, fields, updated_at from organization
    where subdomain = ${subdomain} and gone_at is null and ${condition} order by id`.execute(executor);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    externalId: row.external_id ?? undefined,
    keys: row.keys,
    domains: row.domains,
    fields: row.fields,
    updatedAt: row.updated_at?.toISOString(),
  }));
}

async function usersWhere(
  executor: Executor,
  subdomain: Subdomain,
  asked: number,
  condition: ReturnType<typeof sql>,
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

/** Keeps organizations as Zendesk answered them, and marks whoever waits for one of them or for one of these names. */
async function putOrganizations(
  executor: Executor,
  fold: NameFolding,
  subdomain: Subdomain,
  organizations: readonly ListedOrganization[],
  seenAt: Date,
): Promise<void> {
  const newest = [...new Map(organizations.map((organization) => [organization.id, organization])).values()];
  for (const slice of slicesOf(newest, sliceSize)) {
    const ids = slice.map(({ id }) => id);
    const former = new Set(
      (await organizationsWhere(executor, subdomain, ids.length, sql`id = any(${ids}::bigint[])`)).map(evidenceText),
    );
    await upsertRows({
      table: "organization",
      key: ["subdomain", "id"],
      rows: slice,
      columns: {
        subdomain: { wire: "text", of: () => subdomain },
        id: { wire: "bigint", of: ({ id }) => id },
        name: { wire: "text", of: ({ name }) => name },
        name_key: { wire: "text", of: ({ name }) => fold(name).nameKey },
        name_stem: { wire: "text", of: ({ name }) => fold(name).nameStem },
        external_id: { wire: "text", of: ({ externalId }) => externalId },
        keys: { wire: "text", cast: "text[]", of: ({ keys }) => arrayText(keys) },
        domains: { wire: "text", cast: "text[]", of: ({ domains }) => arrayText(domains) },
        fields: { wire: "text", cast: "jsonb", of: ({ fields }) => JSON.stringify(fields) },
        updated_at: { wire: "timestamptz", of: ({ updatedAt }) => updatedAt },
        seen_at: { wire: "timestamptz", of: () => seenAt },
      },
      also: sql`gone_at = null`,
    }).execute(executor);
    await wakeWaiters(
      executor,
      subdomain,
      slice
        .filter((organization) => !former.has(evidenceText(organization)))
        .flatMap(({ id, name }): WaitKey[] => [`organization:${id}`, `name:${fold(name).nameStem}`]),
    );
  }
}

/** What of an organization is evidence for somebody: figures that we write are not. */
function evidenceText({ id, name, keys, domains }: ListedOrganization): string {
  return JSON.stringify([id, name, [...keys].sort(), [...domains].sort()]);
}

/** Lays what we wrote or read of organizations over what is known of them; an organization that is not known yet is kept. */
export async function patchOrganizations(
  executor: Executor,
  fold: NameFolding,
  subdomain: Subdomain,
  patches: readonly OrganizationPatch[],
): Promise<void> {
  const known = new Map(
    (
      await organizationsWhere(
        executor,
        subdomain,
        patches.length,
        sql`id = any(${patches.map(({ id }) => id)}::bigint[])`,
      )
    ).map((organization) => [organization.id, organization]),
  );
  const merged = patches.map((patch) => mergeOrganization(known.get(patch.id), patch));
  await putOrganizations(executor, fold, subdomain, merged, new Date(Date.now()));
}

function mergeOrganization(known: ListedOrganization | undefined, patch: OrganizationPatch): ListedOrganization {
  const fields = patch.whole ? { ...patch.fields } : { ...known?.fields, ...patch.fields };
  const externalId = patch.externalId === undefined ? known?.externalId : (patch.externalId ?? undefined);
  return {
    id: patch.id,
    name: patch.name ?? known?.name ?? "",
    externalId,
    domains: patch.domains ?? known?.domains ?? [],
    fields,
    keys: keysIn(externalId, fields["qbo_key"]),
    updatedAt: patch.updatedAt ?? known?.updatedAt,
  };
}

function keysIn(externalId: string | undefined, keyField: FieldValues[string] | undefined): string[] {
  const words = [externalId ?? "", ...(typeof keyField === "string" ? keyField.split(/\s+/) : [])];
  return [...new Set(words.filter((word) => parseOrganizationKey(word) !== undefined))];
}

/** Deleted in Zendesk: their linked parties and whoever waits for them are looked at. */
export async function goneOrganizations(
  executor: Executor,
  subdomain: Subdomain,
  ids: readonly OrganizationId[],
): Promise<void> {
  if (ids.length === 0) return;
  await sql`update organization set gone_at = now() where subdomain = ${subdomain} and id = any(${[...ids]}::bigint[])
    and gone_at is null`.execute(executor);
  const { rows } = await sql<{ connection_id: ConnectionId; kind: "customer" | "vendor"; id: string }>`
    select connection_id, kind, id from link where subdomain = ${subdomain} and organization_id = any(${[...ids]}::bigint[])`.execute(
    executor,
  );
  await insertMarks(
    executor,
    rows.map((row) => ({
      connectionId: row.connection_id,
      kind: "party" as const,
      key: partyKeyText(row),
      priority: priorities.background,
      causes: [{ kind: "zendesk" as const, what: "organization deleted", at: new Date(Date.now()).toISOString() }],
    })),
  );
  await wakeWaiters(
    executor,
    subdomain,
    ids.map((id) => `organization:${id}`),
  );
}

async function putUsers(
  executor: Executor,
  subdomain: Subdomain,
  users: readonly ListedUser[],
  seenAt: Date,
): Promise<void> {
  const newest = [...new Map(users.map((user) => [user.id, user])).values()];
  for (const slice of slicesOf(newest, sliceSize)) {
    const ids = slice.map(({ id }) => id);
    const former = new Set(
      (await usersWhere(executor, subdomain, ids.length, sql`id = any(${ids}::bigint[])`)).map(userText),
    );
    await upsertRows({
      table: "zendesk_user",
      key: ["subdomain", "id"],
      rows: slice,
      columns: {
        subdomain: { wire: "text", of: () => subdomain },
        id: { wire: "bigint", of: ({ id }) => id },
        organization_id: { wire: "bigint", of: ({ organizationId }) => organizationId },
        agent: { wire: "boolean", of: ({ agent }) => agent },
        seen_at: { wire: "timestamptz", of: () => seenAt },
      },
      also: sql`gone_at = null`,
    }).execute(executor);
    await sql`delete from zendesk_user_address where subdomain = ${subdomain} and user_id = any(${ids}::bigint[])`.execute(
      executor,
    );
    const addresses = slice.flatMap(({ id, addresses: of }) => [...new Set(of)].map((address) => ({ id, address })));
    if (addresses.length > 0)
      await sql`insert into zendesk_user_address (subdomain, address, user_id)
        select ${subdomain}, address, id from ${rowsOf(addresses, {
          address: { wire: "text", of: ({ address }) => address },
          id: { wire: "bigint", of: ({ id }) => id },
        })}`.execute(executor);
    const changed = slice.filter((user) => !former.has(userText(user)));
    await wakeWaiters(
      executor,
      subdomain,
      changed.flatMap(({ addresses: of }) => of.map((address): WaitKey => `address:${address}`)),
    );
  }
}

function userText({ id, organizationId, agent, addresses }: ListedUser): string {
  return JSON.stringify([id, organizationId, agent, [...addresses].sort()]);
}

/** The member's place, as our own membership made it. */
export async function putMembers(
  executor: Executor,
  subdomain: Subdomain,
  members: readonly { userId: UserId; organizationId: OrganizationId }[],
): Promise<void> {
  if (members.length === 0) return;
  await sql`
    update zendesk_user u set organization_id = n.organization_id
    from unnest(${members.map(({ userId }) => userId)}::bigint[], ${members.map(({ organizationId }) => organizationId)}::bigint[])
      as n (user_id, organization_id)
    where u.subdomain = ${subdomain} and u.id = n.user_id and u.organization_id is null`.execute(executor);
}

/** A parked party stores what it waits for; a change to any of these marks it. */
async function wakeWaiters(executor: Executor, subdomain: Subdomain, waitKeys: readonly WaitKey[]): Promise<void> {
  const waiters = await waitersOf(executor, subdomain, [...new Set(waitKeys)]);
  await insertMarks(
    executor,
    waiters.map(({ connectionId, key, waitKey }) => ({
      connectionId,
      kind: "party" as const,
      key,
      priority: priorities.background,
      causes: [{ kind: "healed" as const, what: waitKey.split(":")[0] ?? "", at: new Date(Date.now()).toISOString() }],
    })),
  );
}
