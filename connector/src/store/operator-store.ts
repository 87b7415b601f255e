import { sql } from "kysely";
import type { Operator, OperatorStore } from "../access/ports.ts";
import type { ConnectionId } from "../domain/index.ts";
import { type AccessChange, grantWords, journalAccess } from "./access-journal.ts";
import type { Database, Executor } from "./database.ts";

type Grant = Operator["grants"][number];

/** The operators that meet a condition, each with all of its grants. */
export async function readOperators(executor: Executor, where = sql`true`): Promise<Operator[]> {
  const { rows } = await sql<{
    id: number;
    email: string;
    name: string;
    has_password: boolean;
    disabled_at: Date | null;
    created_at: Date;
    grants: { role: Grant["role"]; connection: ConnectionId | null }[];
  }>`
    select o.id, o.email, o.name, o.password_hash is not null as has_password, o.disabled_at, o.created_at,
      coalesce((
        select jsonb_agg(jsonb_build_object('role', g.role, 'connection', g.connection_id)
          order by g.connection_id nulls first)
        from operator_grant g where g.operator_id = o.id), '[]') as grants
    from operator o where ${where} order by o.id`.execute(executor);
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    name: row.name,
    grants: row.grants.map(({ role, connection }) => ({ role, connectionId: connection ?? undefined })),
    hasPassword: row.has_password,
    disabledAt: row.disabled_at ?? undefined,
    createdAt: row.created_at,
  }));
}

export async function saveGrantsOf(executor: Executor, id: number, grants: readonly Grant[]): Promise<void> {
  await executor.deleteFrom("operator_grant").where("operator_id", "=", id).execute();
  if (grants.length === 0) return;
  await executor
    .insertInto("operator_grant")
    .values(grants.map(({ role, connectionId }) => ({ operator_id: id, connection_id: connectionId ?? null, role })))
    .execute();
}

/** By the operator, through an invitation or in place of the one before. */
export function passwordSet(id: number): AccessChange {
  return { action: "password-set", who: `operator ${id}`, of: `operator ${id}` };
}

export function emailKey(email: string): string {
  return email.trim().normalize("NFC").toLowerCase();
}

export function createOperatorStore(database: Database): OperatorStore {
  /** Undoes a change that would leave nobody to administer the deployment. */
  async function unlessLast(
    id: number,
    change: (transaction: Executor) => Promise<unknown>,
    told: (transaction: Executor) => Promise<AccessChange>,
  ): Promise<boolean> {
    try {
      await database.transaction().execute(async (transaction) => {
        // One such change at a time: two admins must not remove each other at once.
        await sql`select pg_advisory_xact_lock(hashtext('operators'))`.execute(transaction);
        await change(transaction);
        await transaction.deleteFrom("session").where("operator_id", "=", id).execute();
        const { rows } = await sql<{ left: boolean }>`
          select exists (select from operator o join operator_grant g on g.operator_id = o.id
            where g.connection_id is null and g.role = 'admin' and o.disabled_at is null) as left`.execute(transaction);
        if (rows[0]?.left !== true) throw new NobodyLeft();
        await journalAccess(transaction, await told(transaction));
      });
      return true;
    } catch (fault) {
      if (fault instanceof NobodyLeft) return false;
      throw fault;
    }
  }

  return {
    list: () => readOperators(database),
    byId: async (id) => (await readOperators(database, sql`o.id = ${id}`))[0],

    async toSignIn(email) {
      const [operator] = await readOperators(
        database,
        sql`o.email_key = ${emailKey(email)} and o.disabled_at is null and o.password_hash is not null`,
      );
      const passwordHash = operator && (await this.passwordHash(operator.id));
      return operator && passwordHash !== undefined ? { operator, passwordHash } : undefined;
    },

    async passwordHash(id) {
      const row = await database.selectFrom("operator").select("password_hash").where("id", "=", id).executeTakeFirst();
      return row?.password_hash ?? undefined;
    },

    async add({ email, name, grants }, by) {
      return database.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto("operator")
          .values({ email: email.trim(), email_key: emailKey(email), name })
          .onConflict((conflict) => conflict.column("email_key").doNothing())
          .returning("id")
          .executeTakeFirst();
        if (!row) return undefined;
        await saveGrantsOf(transaction, row.id, grants);
        await journalAccess(transaction, {
          action: "operator-added",
          who: by,
          of: `operator ${row.id}`,
          after: { name, may: grantWords(grants) },
        });
        return row.id;
      });
    },

    async saveGrants(id, grants, by) {
      let before = "";
      return unlessLast(
        id,
        async (transaction) => {
          before = grantWords((await readOperators(transaction, sql`o.id = ${id}`))[0]?.grants ?? []);
          await saveGrantsOf(transaction, id, grants);
        },
        async () => ({
          action: "roles-changed",
          who: by,
          of: `operator ${id}`,
          before: { may: before },
          after: { may: grantWords(grants) },
        }),
      );
    },

    async savePassword(id, hash, keepSession) {
      await database.transaction().execute(async (transaction) => {
        await transaction.updateTable("operator").set({ password_hash: hash }).where("id", "=", id).execute();
        let sessions = transaction.deleteFrom("session").where("operator_id", "=", id);
        if (keepSession) sessions = sessions.where("hash", "<>", Buffer.from(keepSession));
        await sessions.execute();
        await journalAccess(transaction, passwordSet(id));
      });
    },

    disable: (id, by) =>
      unlessLast(
        id,
        (transaction) =>
          transaction
            .updateTable("operator")
            .set({ disabled_at: sql`coalesce(disabled_at, now())` })
            .where("id", "=", id)
            .execute(),
        async () => ({ action: "operator-disabled", who: by, of: `operator ${id}` }),
      ),

    async enable(id, by) {
      await database.transaction().execute(async (transaction) => {
        await transaction.updateTable("operator").set({ disabled_at: null }).where("id", "=", id).execute();
        await journalAccess(transaction, { action: "operator-enabled", who: by, of: `operator ${id}` });
      });
    },
  };
}

class NobodyLeft extends Error {}
