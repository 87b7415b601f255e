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
      const values = { ...toColumns(fresh), ...concluded, way, state: "valid" as const, refused_because: null };
      await database
        .insertInto("credential")
        .values({ ...columnsOf(key), ...values })
        .onConflict((conflict) => conflict.columns(["system", "client_id", "subject"]).doUpdateSet(values))
        .execute();
    },

    async noteAttempt(key) {
      // now() is the statement's: an attempt that was noted before it is an earlier one.
      const row = await database
        .updateTable("credential")
        .set({ attempt_started_at: sql`coalesce(attempt_started_at, now())` })
        .where((row) => row.and(columnsOf(key)))
        .where("state", "=", "valid")
        .returning(sql<boolean>`attempt_started_at < now()`.as("unconcluded"))
        .executeTakeFirst();
      return { unconcluded: row?.unconcluded ?? false };
    },

    withLock: (key, work) =>
      database.transaction().execute(async (transaction) => {
        // A process that stops in the middle of a refresh must not hold everybody up for ever; nor may a lost line.
        await sql`set local idle_in_transaction_session_timeout = ${sql.lit(longestHeldMs)}`.execute(transaction);
        const row = await rowOf(transaction, key).forUpdate().executeTakeFirst();
        if (row === undefined) return undefined;
        return work(held(transaction, row));
      }),

    async rescue(key, was, fresh) {
      const [result] = await database
        .updateTable("credential")
        .set({ ...toColumns(fresh), ...concluded, state: "valid", refused_because: null })
        .where((row) => row.and(columnsOf(key)))
        .where("sealed", "=", was)
        .execute();
      return result?.numUpdatedRows === 1n;
    },

    async remove(key) {
      await database
        .deleteFrom("credential")
        .where((row) => row.and(columnsOf(key)))
        .execute();
    },

    async endingBefore(system, before) {
      const rows = await database
        .selectFrom("credential")
        .selectAll()
        .where("system", "=", system)
        .where("state", "=", "valid")
        .where("way", "<>", "api-token")
        .where((row) =>
          row.or([
            row("access_expires_at", "<", before),
            row.and([row("access_expires_at", "is", null), row("refresh_expires_at", "is not", null)]),
          ]),
        )
        .orderBy("access_expires_at")
        .execute();
      return rows.map(toCredential);
    },

    async ofSubject(system, subject) {
      const rows = await database
        .selectFrom("credential")
        .selectAll()
        .where("system", "=", system)
        .where("subject", "=", subject)
        .orderBy(sql`state = 'valid'`, "desc")
        .orderBy("refreshed_at", "desc")
        .orderBy("id", "desc")
        .execute();
      return rows.map(toCredential);
    },

    async all() {
      return (await database.selectFrom("credential").selectAll().orderBy("id").execute()).map(toCredential);
    },
  };
}

/** Two tries at a token endpoint that takes 30 s to time out, the pause between them, and as much again. */
const longestHeldMs = 150_000;
const concluded = { attempt_started_at: null, put_off: null };

function held(transaction: Executor, row: Selectable<CredentialTable>): HeldCredential {
  const change = () => transaction.updateTable("credential").where("id", "=", row.id);
  return {
    credential: toCredential(row),
    async store(fresh) {
      await change()
        .set({ ...toColumns(fresh), ...concluded })
        .execute();
    },
    async refuse(because) {
      await change()
        .set({ ...concluded, state: "refused", refused_because: because })
        .execute();
    },
    async concludeAttempt(as) {
      await change()
        .set({
          ...(as?.unanswered ? {} : { attempt_started_at: null }),
          ...(as ? { put_off: JSON.stringify({ ...as.putOff, until: as.putOff.until.toISOString() }) } : {}),
        })
        .execute();
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
    refreshed_at: fresh.issuedAt,
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
    issuedAt: row.refreshed_at,
    accessExpiresAt: row.access_expires_at ?? undefined,
    refreshExpiresAt: row.refresh_expires_at ?? undefined,
    hardExpiresAt: row.hard_expires_at ?? undefined,
    scopes: row.scopes ?? undefined,
    refusedBecause: row.refused_because ?? undefined,
    attemptStartedAt: row.attempt_started_at ?? undefined,
    putOff: row.put_off === null ? undefined : { ...row.put_off, until: new Date(row.put_off.until) },
  };
}
