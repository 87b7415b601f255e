// What Zendesk tells us: the webhook of each account, what its events say to look at, and how far the hourly export has come.
import { type Kysely, sql } from "kysely";

const statements = [
  // path: 128 random bits, the last part of the endpoint; kept before the webhook is made, so that a second try finds the first one's.
  `create table zendesk_webhook (
    subdomain text primary key references account,
    path text not null unique,
    endpoint text not null,
    webhook_id text,
    sealed_secret text,
    active_at timestamptz,
    seen_at timestamptz,
    created_at timestamptz not null default now()
  )`,
  `create table directory_mark (
    subdomain text not null,
    kind text not null check (kind in ('organization', 'user')),
    id bigint not null,
    gen bigint not null default 1,
    first_at timestamptz not null default now(),
    primary key (subdomain, kind, id)
  )`,
  // export_from: seconds since 1970, as Zendesk counts them.
  `alter table account add column export_from bigint, add column export_due_at timestamptz`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
