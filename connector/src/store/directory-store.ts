import { sql } from "kysely";
import type { Subdomain } from "../domain/index.ts";
import type { DirectoryLoad, DirectoryReader, DirectoryStore } from "../sync/directory/ports.ts";
import type { Database, Executor } from "./database.ts";
import { databaseNow } from "./database-time.ts";
import {
  driftedOrganizations,
  goneOrganizations,
  type NameFolding,
  organizationsWhere,
  putOrganizations,
} from "./directory-organizations.ts";
import { goneUsers, putUsers, usersWhere } from "./directory-users.ts";
import { inTransaction } from "./transaction.ts";

export { goneOrganizations, type NameFolding, patchOrganizations } from "./directory-organizations.ts";
export { putMembers } from "./directory-users.ts";

/** How long Zendesk honours a cursor is not documented; a load that lay still for longer begins anew. */
const longestPause = "1 hour";

export function createDirectoryStore(database: Database, fold: NameFolding): DirectoryStore {
  return {
    ...directoryReader(database),

    keepOrganizations: (subdomain, organizations, readAt, load) =>
      inTransaction(database, async (executor) => {
        await putOrganizations(executor, fold, subdomain, organizations, readAt);
        if (load) await savePosition(executor, subdomain, load);
      }),

    keepUsers: (subdomain, users, readAt, load) =>
      inTransaction(database, async (executor) => {
        await putUsers(executor, subdomain, users, readAt);
        if (load) await savePosition(executor, subdomain, load);
      }),

    now: () => databaseNow(database),
    loadUnderWay: (subdomain) => loadUnderWay(database, subdomain),

    async organizationsNotSeenSince(subdomain, since) {
      const rows = await database
        .selectFrom("organization")
        .select("id")
        .where("subdomain", "=", subdomain)
        .where("gone_at", "is", null)
        .where("seen_at", "<", since)
        .orderBy("id")
        .execute();
      return rows.map(({ id }) => id);
    },

    async markOrganizationsGone(subdomain, ids) {
      await inTransaction(database, (executor) => goneOrganizations(executor, subdomain, ids));
    },

    async mergedInto(subdomain, loser) {
      const row = await database
        .selectFrom("organization_merge")
        .select("winner_id")
        .where("subdomain", "=", subdomain)
        .where("loser_id", "=", loser)
        .executeTakeFirst();
      return row?.winner_id;
    },

    async noteMerge(subdomain, loser, winner) {
      await sql`insert into organization_merge (subdomain, loser_id, winner_id) values (${subdomain}, ${loser}, ${winner})
        on conflict do nothing`.execute(database);
    },

    markDrifted: (subdomain, organizations) =>
      inTransaction(database, (executor) => driftedOrganizations(executor, subdomain, organizations)),

    async markUsersGone(subdomain, ids) {
      await inTransaction(database, async (executor) => {
        const which = sql`id = any(${[...ids]}::bigint[])`;
        await goneUsers(executor, subdomain, which);
      });
    },

    async usersNotSeenSince(subdomain, since) {
      const rows = await database
        .selectFrom("zendesk_user")
        .select("id")
        .where("subdomain", "=", subdomain)
        .where("gone_at", "is", null)
        .where("seen_at", "<", since)
        .orderBy("id")
        .execute();
      return rows.map(({ id }) => id);
    },

    async loaded(subdomain, users) {
      await database
        .updateTable("account")
        .set({ directory_loaded_at: sql`now()`, directory_position: null, user_export: JSON.stringify(users) })
        .where("subdomain", "=", subdomain)
        .execute();
    },
  };
}

function directoryReader(database: Database): DirectoryReader {
  return {
    organizationsByIds: (subdomain, ids) =>
      organizationsWhere(database, subdomain, ids.length, sql`id = any(${[...ids]}::bigint[])`),
    organizationsByKeys: (subdomain, keys) =>
      organizationsWhere(database, subdomain, keys.length, sql`keys && ${[...keys]}::text[]`),
    organizationsByStems: (subdomain, stems) =>
      organizationsWhere(database, subdomain, stems.length, sql`name_stem = any(${[...stems]}::text[])`),
    organizationsByNameKeys: (subdomain, nameKeys) =>
      organizationsWhere(database, subdomain, nameKeys.length, sql`name_key = any(${[...nameKeys]}::text[])`),
    organizationsByMailAddresses: (subdomain, mailAddresses) =>
      organizationsWhere(
        database,
        subdomain,
        mailAddresses.length,
        sql`mail_addresses && ${[...mailAddresses]}::text[]`,
      ),
    organizationsByDomains: (subdomain, domains) =>
      organizationsWhere(database, subdomain, domains.length, sql`domains && ${[...domains]}::text[]`),
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

/** As JSON keeps it. */
interface Position extends Omit<DirectoryLoad, "startedAt"> {
  startedAt: string;
}

async function savePosition(executor: Executor, subdomain: Subdomain, load: DirectoryLoad): Promise<void> {
  await sql`update account set directory_position = jsonb_set(${JSON.stringify(load)}::jsonb, '{savedAt}', to_jsonb(now()))
    where subdomain = ${subdomain}`.execute(executor);
}

async function loadUnderWay(database: Database, subdomain: Subdomain): Promise<DirectoryLoad | undefined> {
  const { rows } = await sql<{ position: Position }>`
    select directory_position as position from account
    where subdomain = ${subdomain}
      and (directory_position ->> 'savedAt')::timestamptz > now() - ${longestPause}::interval`.execute(database);
  const position = rows[0]?.position;
  if (!position) return undefined;
  const { stage, cursor, organizations, users } = position;
  return { stage, cursor, organizations, users, startedAt: new Date(position.startedAt) };
}
