import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { OperatorError } from "../../domain/index.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Connection } from "./running.ts";

/** Any number, the same in every version: it names "the one process that works on this data folder". */
const lockKey = 20_261_122_007;

/** A predecessor that was just killed: its session ends as soon as the server notices the closed socket. */
const patienceMs = 3000;

export interface DataFolderLock {
  /** Resolves when the session that holds the lock is gone: the server ended, or somebody ended the session. */
  lost: Promise<void>;
  release(): Promise<void>;
}

/**
 * Makes this process the only one that works on the data folder, by an advisory lock in a session of its own. PostgreSQL frees it
 * with the session, however this process ends.
 */
export async function acquireDataFolder(at: DataFolder, connection: Connection): Promise<DataFolderLock> {
  const client = new pg.Client({
    ...connection,
    application_name: "ml-connector data folder",
    connectionTimeoutMillis: 10_000,
  });
  const lost = new Promise<void>((resolve) => client.once("end", () => resolve()));
  // "end" follows every error of a connection; the error itself says no more than that.
  client.on("error", () => undefined);
  await client.connect();
  const until = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [lockKey]);
    if (rows[0]?.got === true) return { lost, release: () => client.end() };
    if (performance.now() > until) break;
    await wait(100);
  }
  await client.end();
  throw new OperatorError(
    `Another ml-connector already works on the data folder ${at.folder}. Stop it first. To run several processes, give them one PostgreSQL of your own: set DATABASE_URL.`,
  );
}

/** Whether a process works on the folder of this running server: a command beside it then leaves the work to that one. */
export async function isDataFolderTaken(connection: Connection): Promise<boolean> {
  const client = new pg.Client({
    ...connection,
    application_name: "ml-connector look",
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      `select exists (select from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database
        where datname = current_database()) and (classid::bigint << 32 | objid::bigint) = $1) as taken`,
      [lockKey],
    );
    return rows[0]?.taken ?? false;
  } finally {
    await client.end();
  }
}
