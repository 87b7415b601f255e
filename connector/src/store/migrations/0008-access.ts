// Who may do what, and the long pieces of work that they asked for. No secret is kept: hashes of keys, sessions and invitations alone.
import { type Kysely, sql } from "kysely";

const statements = [
  // email_key: folded in code, where the whole program folds.
  `create table operator (
    id bigint generated always as identity primary key,
    email text not null,
    email_key text not null unique,
    name text not null,
    password_hash text,
    disabled_at timestamptz,
    created_at timestamptz not null default now()
  )`,
  // connection_id null: every connection, those to come included.
  `create table operator_grant (
    operator_id bigint not null references operator on delete cascade,
    connection_id bigint references connection on delete cascade,
    role text not null check (role in ('viewer', 'operator', 'admin')),
    unique nulls not distinct (operator_id, connection_id)
  )`,
  `create table session (
    hash bytea primary key,
    operator_id bigint not null references operator on delete cascade,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
  )`,
  `create index session_operator on session (operator_id)`,
  `create table api_key (
    id bigint generated always as identity primary key,
    hash bytea not null unique,
    name text not null,
    role text not null check (role in ('viewer', 'operator', 'admin')),
    connections bigint[],
    place text,
    made_by text not null,
    made_at timestamptz not null default now(),
    expires_at timestamptz,
    used_at timestamptz,
    revoked_at timestamptz
  )`,
  `create unique index api_key_place on api_key (place) where place is not null and revoked_at is null`,
  // operator_id null: for the first operator of the deployment.
  `create table invitation (
    hash bytea primary key,
    operator_id bigint references operator on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create table sign_in_failure (
    key text primary key,
    failures integer not null,
    last_at timestamptz not null
  )`,
  // asked: what was sent, so that the same request key with another wish is noticed. seen_at: the process that works on it is alive.
  `create table task (
    id uuid primary key default gen_random_uuid(),
    connection_id bigint not null references connection on delete cascade,
    kind text not null,
    asked_by text not null,
    asked jsonb not null,
    request_key text,
    state text not null default 'running' check (state in ('running', 'done', 'failed')),
    progress jsonb not null,
    result jsonb,
    error jsonb,
    asked_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    ended_at timestamptz
  )`,
  `create unique index task_request on task (connection_id, asked_by, request_key) where request_key is not null`,
  `create index task_connection on task (connection_id, asked_at desc, id desc)`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
