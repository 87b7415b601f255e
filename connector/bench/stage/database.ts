import { randomBytes } from "node:crypto";
import { startTemporary } from "../../src/store/embedded/index.ts";
import { closeDatabase, type Database, type DatabaseConnection, migrate, openDatabase } from "../../src/store/index.ts";
import { databaseUrl, dropDatabase, withDatabase, withServer } from "../../test/harness/server.ts";

/** A server for all runs of one bench: DATABASE_URL if set, else one of our own on this machine's disk, gone afterwards. */
export interface BenchServer {
  /** A migrated, empty database of its own. */
  create(): Promise<BenchDatabase>;
  close(): Promise<void>;
}

export interface BenchDatabase {
  database: Database;
  connection: DatabaseConnection;
  /** The same as DATABASE_URL of the service. */
  url: string;
  close(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function openServer(given: string | undefined): Promise<BenchServer> {
  const server: { connection: DatabaseConnection; stop(): Promise<void> } =
    given === undefined
      ? await startTemporary({ log: silent, mayCreateDatabases: true })
      : { connection: { url: given }, stop: () => Promise.resolve() };
  return { create: () => createDatabase(server.connection), close: () => server.stop() };
}

async function createDatabase(server: DatabaseConnection): Promise<BenchDatabase> {
  const name = `ml_bench_${randomBytes(6).toString("hex")}`;
  await withServer(server, (client) => client.query(`create database ${name}`));
  const connection = withDatabase(server, name);
  const database = openDatabase({ connection, maxConnections: 4, applicationName: "ml-connector bench" });
  await migrate(database);
  return {
    database,
    connection,
    url: databaseUrl(connection),
    async close() {
      await closeDatabase(database);
      await withServer(server, (client) => dropDatabase(client, name));
    },
  };
}
