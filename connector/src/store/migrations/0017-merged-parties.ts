import { type Kysely, sql } from "kysely";

/**
 * Parties that QuickBooks has merged into others: into whom, as an event told or a document supposes, and the organization that was their
 * card with the survivor that it names. Nothing is carried over: who was merged before nobody remembers.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`create table party_merge (
    connection_id bigint not null,
    kind text not null,
    id text not null,
    survivor_id text,
    told boolean not null default false,
    organization_id bigint,
    shown_survivor_id text,
    primary key (connection_id, kind, id)
  )`.execute(database);
  await sql`create index party_merge_survivor on party_merge (connection_id, kind, survivor_id)`.execute(database);
}
