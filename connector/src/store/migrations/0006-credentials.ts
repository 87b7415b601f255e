// Credentials that put a busy token endpoint off; incidents with a severity, and who is told of them; metered reads; samples of what is parked.
import { type Kysely, sql } from "kysely";

const statements = [
  // Until when no process asks the token endpoint for this credential, and what it said.
  `alter table credential add column put_off jsonb`,
  // A sign-in that began in a browser ends in the same one.
  `alter table oauth_state add column browser_hash bytea`,
  `alter table incident add column severity text not null default 'degraded' check (severity in ('notice', 'degraded', 'stopped'))`,
  `update incident set severity = 'stopped' where split_part(cause, ':', 1) in ('quickbooks', 'zendesk')`,
  `create table alert_target (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('email', 'slack', 'webhook')),
    name text not null,
    sealed text not null,
    least text not null check (least in ('notice', 'degraded', 'stopped')),
    created_at timestamptz not null default now()
  )`,
  // Made in the transaction that opens its incident; its id goes out with it, so that a receiver knows one that comes twice.
  `create table alert (
    id uuid primary key default gen_random_uuid(),
    incident_id bigint references incident on delete cascade,
    target_id bigint not null references alert_target on delete cascade,
    event text not null check (event in ('opened', 'resolved', 'test')),
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'given-up')),
    due_at timestamptz not null default now(),
    attempts integer not null default 0,
    last_fault text,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    unique (incident_id, target_id, event)
  )`,
  `create index alert_due on alert (due_at) where state = 'waiting'`,
  // A month is a UTC month: Intuit does not say in which zone it counts.
  `create table metered_reads (
    client_id text not null,
    month date not null,
    realm text not null,
    reads bigint not null,
    primary key (client_id, month, realm)
  )`,
  `create table parked_sample (
    connection_id bigint not null references connection on delete cascade,
    at timestamptz not null default now(),
    parked integer not null,
    parties integer not null,
    primary key (connection_id, at)
  )`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
