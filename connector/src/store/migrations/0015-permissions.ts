import { type Kysely, sql } from "kysely";

/** What a consent that is under way asks for. Those of before asked for everything. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table oauth_state add column permission text not null default 'write'
    check (permission in ('read', 'write'))`.execute(database);
}
