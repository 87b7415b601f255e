// The names under which other programs made connections: the same name makes one once.
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table provisioned (
      reference text primary key,
      connection_id bigint not null references connection on delete cascade,
      made_at timestamptz not null default now()
    )`.execute(database);
}
