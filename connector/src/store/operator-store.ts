import { sql } from "kysely";
import type { Operator, OperatorStore } from "../access/ports.ts";
import type { ConnectionId } from "../domain/index.ts";
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

export function emailKey(email: string): string {
  return email.trim().normalize("NFC").toLowerCase();
}

export function createOperatorStore(database: Database): OperatorStore {
  /** Undoes a change that would leave nobody to administer the deployment. */
  async function unlessLast(id: number, change: (transaction: Executor) => Promise<unknown>): Promise<boolean> {
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

    async add({ email, name, grants }) {
      return database.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto("operator")
          .values({ email: email.trim(), email_key: emailKey(email), name })
          .onConflict((conflict) => conflict.column("email_key").doNothing())
          .returning("id")
          .executeTakeFirst();
        if (row) await saveGrantsOf(transaction, row.id, grants);
        return row?.id;
      });
    },

    saveGrants: (id, grants) => unlessLast(id, (transaction) => saveGrantsOf(transaction, id, grants)),

    async savePassword(id, hash, keepSession) {
      await database.transaction().execute(async (transaction) => {
        await transaction.updateTable("operator").set({ password_hash: hash }).where("id", "=", id).execute();
        let sessions = transaction.deleteFrom("session").where("operator_id", "=", id);
        if (keepSession) sessions = sessions.where("hash", "<>", Buffer.from(keepSession));
        await sessions.execute();
      });
    },

    disable: (id) =>
      unlessLast(id, (transaction) =>
        transaction
          .updateTable("operator")
          .set({ disabled_at: sql`coalesce(disabled_at, now())` })
          .where("id", "=", id)
          .execute(),
      ),

    async enable(id) {
      await database.updateTable("operator").set({ disabled_at: null }).where("id", "=", id).execute();
    },
  };
}

class NobodyLeft extends Error {}
