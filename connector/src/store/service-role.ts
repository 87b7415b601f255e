import { sql } from "kysely";
import type { Database } from "./database.ts";

/**
 * Lets the role of the service work on what another role owns: everything but changing or removing rows of the journal, which it does through
 * the owner's functions. Said anew at every start: a new version may have made new tables.
 */
export async function letServiceWork(owner: Database, service: Database): Promise<void> {
  const { rows } = await sql<{ role: string; schema: string; database: string }>`
    select current_user as role, current_schema() as schema, current_database() as database`.execute(service);
  const [who] = rows;
  if (!who) throw new Error("the service has no role");
  const [role, schema] = [sql.ref(who.role), sql.ref(who.schema)];
  const statements = [
    // The job queue makes a schema of its own.
    sql`grant create on database ${sql.ref(who.database)} to ${role}`,
    sql`grant usage on schema ${schema} to ${role}`,
    sql`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`,
    sql`grant usage, select on all sequences in schema ${schema} to ${role}`,
    sql`revoke update, delete, truncate on journal from ${role}`,
    sql`grant execute on function journal_make_months(integer), journal_forget_before(date), journal_erase(text, text, text) to ${role}`,
  ];
  const months = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'journal'::regclass`.execute(owner);
  await owner.transaction().execute(async (transaction) => {
    for (const statement of statements) await statement.execute(transaction);
    for (const { name } of months.rows) await sql`revoke all on ${sql.table(name)} from ${role}`.execute(transaction);
  });
}
