// Whether people wrote in an organization's notes beside our block; fields that Zendesk no longer has as a mapping needs them.
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  // Unknown until the organization is read again: nothing is written into notes before somebody has looked.
  await sql`alter table organization add column notes_have_text boolean`.execute(database);
  await sql`alter table connection add column broken_fields jsonb not null default '[]'`.execute(database);
}
