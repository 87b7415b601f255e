// Since when change polls find what no webhook announced.
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table connection add column silent_since timestamptz`.execute(database);
}
