import { sql } from "kysely";
import type { InvitationStore, SessionStore, SignInFailureStore } from "../access/ports.ts";
import { grantWords, journalAccess } from "./access-journal.ts";
import type { Database } from "./database.ts";
import { emailKey, passwordSet, readOperators, saveGrantsOf } from "./operator-store.ts";

/** A session ends after so long without a request, and after so long in any case. */
const idleFor = "12 hours";
const atMost = "7 days";
/** How exact `seen_at` is: somebody at work costs one write a minute. */
const seenEvery = "1 minute";

export function createSessionStore(database: Database): SessionStore {
  const alive = sql`s.seen_at > now() - ${idleFor}::interval and s.created_at > now() - ${atMost}::interval`;
  return {
    async add(hash, operatorId) {
      await sql`
        delete from session s where operator_id = ${operatorId} and not (${alive})`.execute(database);
      await database
        .insertInto("session")
        .values({ hash: Buffer.from(hash), operator_id: operatorId })
        .execute();
    },

    async find(hash) {
      const key = Buffer.from(hash);
      const [operator] = await readOperators(
        database,
        sql`o.disabled_at is null and o.id = (select s.operator_id from session s where s.hash = ${key} and ${alive})`,
      );
      if (operator)
        await sql`update session set seen_at = now()
          where hash = ${key} and seen_at < now() - ${seenEvery}::interval`.execute(database);
      return operator;
    },

    async end(hash) {
      await database.deleteFrom("session").where("hash", "=", Buffer.from(hash)).execute();
    },
  };
}

export function createInvitationStore(database: Database): InvitationStore {
  const open = sql`used_at is null and expires_at > now()`;
  return {
    async add(hash, { operatorId, lifeMs }, by) {
      await database.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom("invitation")
          .where("operator_id", operatorId === undefined ? "is" : "=", operatorId ?? null)
          .execute();
        await sql`
          insert into invitation (hash, operator_id, expires_at)
          values (${Buffer.from(hash)}, ${operatorId ?? null}, now() + ${lifeMs} * interval '1 millisecond')`.execute(
          transaction,
        );
        if (operatorId !== undefined)
          await journalAccess(transaction, { action: "operator-invited", who: by, of: `operator ${operatorId}` });
      });
    },

    async find(hash) {
      const { rows } = await sql<{ operator_id: number | null }>`
        select operator_id from invitation where hash = ${Buffer.from(hash)} and ${open}`.execute(database);
      const row = rows[0];
      if (!row) return undefined;
      if (row.operator_id === null) return (await this.isFirst()) ? { operator: undefined } : undefined;
      const [operator] = await readOperators(database, sql`o.id = ${row.operator_id} and o.disabled_at is null`);
      return operator && { operator };
    },

    async take(hash, { passwordHash, email, name }) {
      return database.transaction().execute(async (transaction) => {
        // Two links for the first operator, used at once, make one.
        await sql`select pg_advisory_xact_lock(hashtext('operators'))`.execute(transaction);
        const { rows } = await sql<{ operator_id: number | null; anybody: boolean }>`
          update invitation set used_at = now() where hash = ${Buffer.from(hash)} and ${open}
          returning operator_id, exists (select from operator where disabled_at is null) as anybody`.execute(
          transaction,
        );
        const taken = rows[0];
        if (!taken) return undefined;
        if (taken.operator_id !== null) {
          await transaction
            .updateTable("operator")
            .set({ password_hash: passwordHash })
            .where("id", "=", taken.operator_id)
            .execute();
          await transaction.deleteFrom("session").where("operator_id", "=", taken.operator_id).execute();
          await journalAccess(transaction, passwordSet(taken.operator_id));
          return taken.operator_id;
        }
        if (taken.anybody || email === undefined || name === undefined) return undefined;
        const { id } = await transaction
          .insertInto("operator")
          .values({ email: email.trim(), email_key: emailKey(email), name, password_hash: passwordHash })
          .returning("id")
          .executeTakeFirstOrThrow();
        const grants = [{ role: "admin" as const, connectionId: undefined }];
        await saveGrantsOf(transaction, id, grants);
        await journalAccess(transaction, {
          action: "operator-added",
          who: "the setup link",
          of: `operator ${id}`,
          after: { name, may: grantWords(grants) },
        });
        return id;
      });
    },

    async isFirst() {
      const { rows } = await sql<{ first: boolean }>`
        select not exists (select from operator where disabled_at is null) as first`.execute(database);
      return rows[0]?.first ?? false;
    },
  };
}

export function createSignInFailureStore(database: Database): SignInFailureStore {
  /** Past it counting starts anew, as the rule in access/sign-in.ts has it. */
  const forgottenAfter = "24 hours";
  return {
    async read(keys) {
      const { rows } = await sql<{ key: string; failures: number; since: number }>`
        select key, failures, (extract(epoch from now() - last_at) * 1000)::float8 as since
        from sign_in_failure where key = any(${[...keys]})`.execute(database);
      return rows.map(({ key, failures, since }) => ({ key, failures, sinceLastMs: since }));
    },

    async note(keys) {
      await sql`delete from sign_in_failure where last_at < now() - ${forgottenAfter}::interval`.execute(database);
      await sql`
        insert into sign_in_failure (key, failures, last_at)
        select key, 1, now() from unnest(${[...keys].sort()}::text[]) as key
        on conflict (key) do update set failures = sign_in_failure.failures + 1, last_at = now()`.execute(database);
    },

    async forget(keys) {
      await sql`delete from sign_in_failure where key = any(${[...keys]})`.execute(database);
    },
  };
}
