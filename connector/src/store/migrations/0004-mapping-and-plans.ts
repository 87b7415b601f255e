// Mapping versions.
import { type Kysely, sql } from "kysely";

const statements = [
  `create table mapping (
    connection_id bigint not null references connection on delete cascade,
    version integer not null check (version > 0),
    document jsonb not null,
    made_by text not null,
    made_at timestamptz not null default now(),
    note text,
    primary key (connection_id, version)
  )`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
