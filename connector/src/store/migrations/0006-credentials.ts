// Credentials that put a busy token endpoint off.
import { type Kysely, sql } from "kysely";

const statements = [
  // Until when no process asks the token endpoint for this credential, and what it said.
  `alter table credential add column put_off jsonb`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
