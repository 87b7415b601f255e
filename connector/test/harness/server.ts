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
