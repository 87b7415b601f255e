import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { closeDatabase, type Database, type DatabaseConnection, openDatabase } from "../../src/store/index.ts";
import { eventually } from "./eventually.ts";
import { databaseUrl, dropDatabase, withDatabase, withServer } from "./server.ts";

export interface TestDatabase {
  database: Database;
  connection: DatabaseConnection;
  /** The same as DATABASE_URL of a process of its own. */
  url: string;
  /** Closes the pool and drops the database. Fails when somebody else still holds a connection: a leaked pool is a defect. */
  close(): Promise<void>;
}

/**
 * A migrated database of its own, empty, on the real PostgreSQL of this run.
 * Use: `const store = await testDatabase(); afterAll(() => store.close());`
 */
export async function testDatabase(options: { maxConnections?: number } = {}): Promise<TestDatabase> {
  const { connection: server, template } = inject("testServer");
  const name = `ml_test_${randomBytes(6).toString("hex")}`;
  await withServer(server, (client) => client.query(`create database ${name} template ${template}`));
  const connection = withDatabase(server, name);
  const database = openDatabase({
    connection,
    maxConnections: options.maxConnections ?? 8,
    applicationName: "ml-connector test",
  });
  return {
    database,
    connection,
    url: databaseUrl(connection),
    close: async () => {
      await closeDatabase(database);
      await withServer(server, async (client) => {
        // A session that was just closed takes a moment to leave the list; one that stays was leaked.
        const leaked = async () => {
          const { rows } = await client.query<{ application_name: string }>(
            "select application_name from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
            [name],
          );
          return rows.map((row) => row.application_name);
        };
        await eventually(async () => (await leaked()).length === 0, 3000).catch(() => undefined);
        const names = await leaked();
        await dropDatabase(client, name);
        if (names.length > 0) throw new Error(`connections left open at the end of the test file: ${names.join(", ")}`);
      });
    },
  };
}
