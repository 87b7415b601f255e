// Invoices and bills as records of custom objects: which parties are to be looked at, what Zendesk has, which jobs are under way.
import { type Kysely, sql } from "kysely";

const statements = [
  `create table record_due (
    connection_id bigint not null references connection on delete cascade,
    party text not null,
    gen bigint not null default 1,
    due_at timestamptz not null default now(),
    first_at timestamptz not null default now(),
    attempts integer not null default 0,
    primary key (connection_id, party)
  )`,
  `create index record_due_at on record_due (connection_id, due_at)`,
  // What we made, and as what. No content: what Zendesk has is not known, so it is sent again.
  `create table object_record (
    connection_id bigint not null references connection on delete cascade,
    entity text not null check (entity in ('Invoice', 'Bill')),
    id text not null,
    party text not null,
    external_id text not null,
    content text,
    look_on date,
    written_at timestamptz not null default now(),
    primary key (connection_id, entity, id)
  )`,
  `create index object_record_party on object_record (connection_id, party)`,
  `create index object_record_look on object_record (connection_id, look_on) where look_on is not null`,
  `create table record_job (
    id bigint generated always as identity primary key,
    connection_id bigint not null references connection on delete cascade,
    subdomain text not null references account on delete cascade,
    epoch bigint not null,
    object text not null,
    action text not null check (action in ('upsert', 'delete')),
    items jsonb not null,
    state text not null default 'intended' check (state in ('intended', 'submitted', 'done', 'lost')),
    job_id text,
    intended_at timestamptz not null default now(),
    deadline_at timestamptz not null,
    closed_at timestamptz
  )`,
  `create index record_job_open on record_job (subdomain) where closed_at is null`,
  // How the records of a connection were kept last: another setting looks at all of them.
  `create table record_keeping (
    connection_id bigint primary key references connection on delete cascade,
    way text not null,
    looked_up_at timestamptz
  )`,
  // The records behind a ticket field when it was looked at last.
  `create table ticket_field_keeping (
    connection_id bigint not null references connection on delete cascade,
    purpose text not null check (purpose in ('vendor', 'item', 'category')),
    content text not null,
    looked_at timestamptz not null default now(),
    primary key (connection_id, purpose)
  )`,
  // Addresses for which a user was asked for, so that each is asked for once.
  `create table contact_user (
    subdomain text not null references account on delete cascade,
    address text not null,
    connection_id bigint not null references connection on delete cascade,
    organization_id bigint not null,
    user_id bigint,
    state text not null default 'intended' check (state in ('intended', 'made', 'exists', 'refused')),
    at timestamptz not null default now(),
    primary key (subdomain, address)
  )`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
