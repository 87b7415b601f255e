// Clients of their own that connections bring: another Intuit app, another OAuth client of Zendesk than the deployment's.
import { type Kysely, sql } from "kysely";

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table own_client (
      connection_id bigint not null references connection on delete cascade,
      system text not null check (system in ('quickbooks', 'zendesk')),
      client_id text not null,
      sealed_secret text not null,
      -- A list as JSON. Zendesk's webhooks have secrets of their own.
      sealed_verifiers text check (system = 'quickbooks' or sealed_verifiers is null),
      environment text check ((system = 'quickbooks') = (environment is not null)),
      monthly_reads bigint check (system = 'quickbooks' or monthly_reads is null),
      set_at timestamptz not null default now(),
      primary key (connection_id, system)
    )`.execute(database);
  await sql`create index own_client_by_client on own_client (system, client_id)`.execute(database);
}
