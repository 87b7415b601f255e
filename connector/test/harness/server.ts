import pg from "pg";
import { clientConfig, type DatabaseConnection } from "../../src/store/database.ts";

/** The same server, another database. */
export function withDatabase(connection: DatabaseConnection, name: string): DatabaseConnection {
  if (!("url" in connection)) return { ...connection, database: name };
  const url = new URL(connection.url);
  url.pathname = `/${name}`;
  return { url: url.href };
}

/** The connection as a process of its own takes it: in DATABASE_URL. */
export function databaseUrl(connection: DatabaseConnection): string {
  if ("url" in connection) return connection.url;
  const { host, port, user, password, database } = connection;
  return `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

/** One short session on the server, outside any database of the product. */
export async function withServer<Value>(
  connection: DatabaseConnection,
  act: (client: pg.Client) => Promise<Value>,
): Promise<Value> {
  const client = new pg.Client(clientConfig({ connection, applicationName: "ml-connector tests" }));
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

/**
 * Ends what sessions of ours are left in the database, and drops it. Not `with (force)`: that also ends the server's own vacuum workers,
 * which a role without superuser's rights may not, and fails; without it PostgreSQL asks these to go by itself.
 */
export async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = current_user and backend_type = 'client backend'",
    [name],
  );
  await client.query(`drop database ${name}`);
}
