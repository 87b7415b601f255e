import { sql } from "kysely";
import type { Database } from "./database.ts";

/** What `doctor` asks of the database. */
export interface DatabaseFacts {
  version: string;
  bytes: number;
  connections: number;
  mostConnections: number;
  /** The role that we run as owns the journal: what guards it could be taken away by it, too. */
  ownsJournal: boolean;
}

export function createDiagnosisStore(database: Database): { facts(): Promise<DatabaseFacts> } {
  return {
    async facts() {
      const { rows } = await sql<DatabaseFacts>`
        select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
          (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
          current_setting('max_connections')::int as "mostConnections",
          (select pg_has_role(current_user, relowner, 'usage') from pg_class where oid = 'journal'::regclass) as "ownsJournal"`.execute(
        database,
      );
      const [facts] = rows;
      if (facts === undefined) throw new Error("the database told nothing of itself");
      return facts;
    },
  };
}
