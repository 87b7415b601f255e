import { sql } from "kysely";
import type { Database } from "./database.ts";

/** By which PostgreSQL, and whoever looks there, tells our sessions apart. */
export function applicationNameOf(role: string): string {
  return `ml-connector ${role}`;
}

/** Whether a service works on this database, in whatever process. */
export async function isServed(database: Database): Promise<boolean> {
  const { rows } = await sql<{ served: boolean }>`
    select exists (select from pg_stat_activity
      where datname = current_database() and application_name = ${applicationNameOf("service")}) as served`.execute(
    database,
  );
  return rows[0]?.served ?? false;
}
