import { type Kysely, sql } from "kysely";

/** Whether our webhook also hears of new tickets. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table zendesk_webhook add column tickets boolean not null default false`.execute(database);
}
