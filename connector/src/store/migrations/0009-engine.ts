// How a company and an account have answered of late: since when they only refuse, how often in a row, and what a person was told of it.
// And what became of values that we wrote: what somebody changed and we restored, and what Zendesk stores in a form of its own.
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const table of ["company", "account"])
    await sql`alter table ${sql.table(table)} add column refused_since timestamptz,
      add column refusals integer not null default 0, add column refused_for text`.execute(database);
  await sql`create table restore (
    subdomain text not null references account,
    organization_id bigint not null,
    field text not null,
    restored_at timestamptz not null default now()
  )`.execute(database);
  await sql`create index restore_of on restore (subdomain, organization_id, restored_at)`.execute(database);
  await sql`create table stored_form (
    subdomain text not null references account,
    field text not null,
    sent bytea not null,
    stored bytea not null,
    seen integer not null default 1,
    seen_at timestamptz not null default now(),
    primary key (subdomain, field, sent)
  )`.execute(database);
}
