// How a company and an account have answered of late: since when they only refuse, how often in a row, and what a person was told of it.
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const table of ["company", "account"])
    await sql`alter table ${sql.table(table)} add column refused_since timestamptz,
      add column refusals integer not null default 0, add column refused_for text`.execute(database);
}
