import { attachToRunning, isDataFolderTaken, startEmbedded } from "../store/embedded/index.ts";
import { closeDatabase, type Database, type DatabaseConnection, migrate, openDatabase } from "../store/index.ts";
import { makeJournalMonths } from "../store/journal-store.ts";
import { letServiceWork } from "../store/service-role.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";

/** Where the database is. */
export interface Place {
  connection: DatabaseConnection;
  /** How many of them at most, where others need some as well. */
  connections?: number;
  /** A service that runs on the same folder does the work. */
  attached: boolean;
  stop(): Promise<void>;
}

export async function openPlace(config: Config, log: Log, role: "service" | "command"): Promise<Place> {
  if (config.databaseUrl)
    return { connection: { url: config.databaseUrl.reveal() }, attached: false, stop: () => Promise.resolve() };
  if (role === "command") {
    const connection = await attachToRunning(config.dataFolder);
    if (connection && (await isDataFolderTaken(connection)))
      return { connection, attached: true, stop: () => Promise.resolve() };
  }
  const embedded = await startEmbedded({
    folder: config.dataFolder,
    log,
    onFolderTaken: (reason) => {
      log.fatal({ err: reason }, reason.message);
      process.exit(1);
    },
  });
  return { connection: embedded.connection, attached: false, stop: () => embedded.stop() };
}

/** Shape, rights and the journal's months, which a service that slept for long has not made. By the role that owns the tables: the service's own, or the one that the configuration names beside it. */
export async function bringUpToDate(config: Config, database: Database): Promise<void> {
  if (config.databaseOwnerUrl === undefined) {
    await migrate(database);
    await makeJournalMonths(database);
    return;
  }
  const owner = openDatabase({
    connection: { url: config.databaseOwnerUrl.reveal() },
    maxConnections: 1,
    applicationName: "ml-connector owner",
  });
  try {
    await migrate(owner);
    await letServiceWork(owner, database);
    await makeJournalMonths(database);
  } finally {
    await closeDatabase(owner);
  }
}
