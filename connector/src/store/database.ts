import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import type { Schema } from "./schema.ts";

export type Database = Kysely<Schema>;

/** What a statement runs on: the pool, or the transaction that the caller holds. */
export type Executor = Kysely<Schema> | Transaction<Schema>;

/** Where PostgreSQL is. `host` may be a socket folder. */
export type DatabaseConnection =
  | { host: string; port: number; user: string; password: string; database: string }
  | { url: string };

/** Longest wait for a connection: past it the caller hears that the database is away. */
const connectionTimeoutMs = 10_000;

/** Counts come as int8, too; sums of it as numeric. */
const { INT8: int8, DATE: date, NUMERIC: numeric } = pg.types.builtins;
type TypeId = (typeof pg.types.builtins)[keyof typeof pg.types.builtins];

/**
 * Opens a pool of connections. Nothing is sent before the first statement. A connection that breaks is dropped from the pool; the
 * statement that ran on it fails, and the next one connects again: that is how the pool outlives a restart of PostgreSQL.
 */
export function openDatabase(options: {
  connection: DatabaseConnection;
  maxConnections: number;
  applicationName: string;
}): Database {
  const pool = new pg.Pool({
    ...clientConfig(options),
    max: options.maxConnections,
    connectionTimeoutMillis: connectionTimeoutMs,
  });
  // A connection that breaks says so to the pool while it is idle, and by an event of its own while it is lent out. The pool drops it and
  // the statement under way fails, so there is nothing left to do here; without a listener Node would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

/** Waits for the statements under way, then closes every connection. */
export async function closeDatabase(database: Database): Promise<void> {
  await database.destroy();
}

/** Settings of one client with our type parsers, which hold for this client alone: the driver's are global to the process. */
export function clientConfig(options: { connection: DatabaseConnection; applicationName: string }): pg.ClientConfig {
  const { connection } = options;
  return {
    ...("url" in connection ? { connectionString: connection.url } : connection),
    application_name: options.applicationName,
    keepAlive: true,
    types: { getTypeParser: typeParser },
  };
}

/** Text and date-times are the driver's; what would lose digits or days is ours. */
const typeParser: typeof pg.types.getTypeParser = (oid: TypeId, format?: "text" | "binary") => {
  if (format === "binary") return pg.types.getTypeParser(oid, "binary");
  if (oid === int8) return parseInt8;
  if (oid === date || oid === numeric) return asIs;
  return pg.types.getTypeParser(oid, "text");
};

function asIs(text: string): string {
  return text;
}

function parseInt8(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`integer out of range in an answer of the database: ${text}`);
  return number;
}
