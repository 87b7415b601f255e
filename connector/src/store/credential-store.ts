import { type Selectable, sql } from "kysely";
import type {
  CredentialKey,
  CredentialStore,
  FreshTokens,
  HeldCredential,
  StoredCredential,
} from "../connections/credentials/ports.ts";
import type { Database, Executor } from "./database.ts";
import type { CredentialTable } from "./schema/connection-tables.ts";

export function createCredentialStore(database: Database): CredentialStore {
  return {
    async read(key) {
      const row = await rowOf(database, key).executeTakeFirst();
      return row && toCredential(row);
    },

    async save(key, way, fresh) {
      const values = {
        ...toColumns(fresh),
        way,
        state: "valid" as const,
        refused_because: null,
        attempt_started_at: null,
      };
      await database
        .insertInto("credential")
        .values({ ...columnsOf(key), ...values })
        .onConflict((conflict) =>
          conflict.columns(["system", "client_id", "subject"]).doUpdateSet({ ...values, refreshed_at: sql`now()` }),
        )
        .execute();
    },

    async noteAttempt(key) {
      // now() is the statement's: an attempt that was noted before it is an earlier one.
      const row = await database
        .updateTable("credential")
        .set({ attempt_started_at: sql`coalesce(attempt_started_at, now())` })
        .where((row) => row.and(columnsOf(key)))
        .returning(sql<boolean>`attempt_started_at < now()`.as("unconcluded"))
        .executeTakeFirst();
      return { unconcluded: row?.unconcluded ?? false };
    },

    withLock: (key, work) =>
      database.transaction().execute(async (transaction) => {
        const row = await rowOf(transaction, key).forUpdate().executeTakeFirst();
        if (row === undefined) return undefined;
        return work(held(transaction, row));
      }),

    async replace(key, was, fresh) {
      const [result] = await database
        .updateTable("credential")
        .set({ ...toColumns(fresh), attempt_started_at: null })
        .where((row) => row.and(columnsOf(key)))
        .where("sealed", "=", was)
        .execute();
      return result?.numUpdatedRows === 1n;
    },

    async dueBefore(system, clientId, before) {
      const rows = await database
        .selectFrom("credential")
        .select(["system", "client_id", "subject"])
        .where("system", "=", system)
        .where("client_id", "=", clientId)
        .where("state", "=", "valid")
        .where("way", "<>", "api-token")
        .where("access_expires_at", "<", before)
        .orderBy("access_expires_at")
        .execute();
      return rows.map((row) => ({ system: row.system, clientId: row.client_id, subject: row.subject }));
    },

    async all() {
      return (await database.selectFrom("credential").selectAll().orderBy("id").execute()).map(toCredential);
    },
  };
}

function held(transaction: Executor, row: Selectable<CredentialTable>): HeldCredential {
  const change = () => transaction.updateTable("credential").where("id", "=", row.id);
  return {
    credential: toCredential(row),
    async store(fresh) {
      await change()
        .set({ ...toColumns(fresh), refreshed_at: sql`now()`, attempt_started_at: null })
        .execute();
    },
    async refuse(because) {
      await change().set({ state: "refused", refused_because: because, attempt_started_at: null }).execute();
    },
    async concludeAttempt() {
      await change().set({ attempt_started_at: null }).execute();
    },
  };
}

function rowOf(executor: Executor, key: CredentialKey) {
  return executor
    .selectFrom("credential")
    .selectAll()
    .where((row) => row.and(columnsOf(key)));
}

function columnsOf(key: CredentialKey) {
  return { system: key.system, client_id: key.clientId, subject: key.subject };
}

function toColumns(fresh: FreshTokens) {
  return {
    sealed: fresh.sealed,
    access_expires_at: fresh.accessExpiresAt ?? null,
    refresh_expires_at: fresh.refreshExpiresAt ?? null,
    hard_expires_at: fresh.hardExpiresAt ?? null,
    scopes: fresh.scopes ?? null,
  };
}

function toCredential(row: Selectable<CredentialTable>): StoredCredential {
  return {
    system: row.system,
    clientId: row.client_id,
    subject: row.subject,
    way: row.way,
    state: row.state,
    sealed: row.sealed,
    accessExpiresAt: row.access_expires_at ?? undefined,
    refreshExpiresAt: row.refresh_expires_at ?? undefined,
    hardExpiresAt: row.hard_expires_at ?? undefined,
    scopes: row.scopes ?? undefined,
    refusedBecause: row.refused_because ?? undefined,
  };
}
