import { type Kysely, sql } from "kysely";

const statements = [
  `alter table record_due add column causes jsonb not null default '[]'`,
  `alter table record_job add column request_id text`,
  // Nobody has looked for changed records before: the first look goes through all of them.
  `alter table record_keeping add column drift_from timestamptz, add column drift_due_at timestamptz`,
];

/** Why a party's records are due, what Zendesk calls the request of a job, and up to when people's changes of records were looked for. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
