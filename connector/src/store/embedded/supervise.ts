import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import os from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { OperatorError } from "../../domain/index.ts";
import { connectionTo, look } from "./adopt.ts";
import {
  type DataFolder,
  dataFolder,
  prepareDataFolder,
  readAddress,
  readCluster,
  refuseOtherMajor,
} from "./data-folder.ts";
import { acquireDataFolder, type DataFolderLock } from "./data-folder-lock.ts";
import { initializeCluster } from "./initialize.ts";
import type { SupervisorLog } from "./ports.ts";
import { boundLog, stopPostmaster } from "./postmaster.ts";
import { chooseRunAs, type RunAs } from "./run-as.ts";
import { bringPrograms, type Cluster, type Connection, ensureRunning } from "./running.ts";

export interface EmbeddedPostgres {
  /** Stays the same while this process lives, over restarts of the server. */
  connection: Connection;
  /** Stops the server and ends the watch. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Absolute path of the data folder. */
  folder: string;
  /** Where copies of the programs go; by default into the data folder. */
  programs?: string;
  /** Whether the service's role may make databases and roles: tests do. */
  mayCreateDatabases?: boolean;
  log: SupervisorLog;
  /** Another process took the data folder while the server was away: this one must end. */
  onFolderTaken: (reason: OperatorError) => void;
}

const stopGraceMs = 30_000;
const logCheckMs = 60_000;

/**
 * Runs the built-in PostgreSQL on a data folder and keeps it running.
 *
 *   prepare -> ensure running -> lock the folder -> watch --session lost--> ensure running (with back-off) -> lock -> watch
 *                                                     \---stop()--> stop the server
 *
 * The watch is the session that holds the lock: it ends with the server, whether we started or adopted it.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const stopping = new AbortController();
  const cluster = await prepare(options, stopping.signal);
  await boundLog(cluster.at);
  const connection = await withRetries(cluster, 3, () => ensureRunning(cluster));
  const lock = await acquireDataFolder(cluster.at, connection);
  const cutting = setInterval(() => {
    boundLog(cluster.at).catch((error: unknown) =>
      cluster.log.warn({ err: error }, "the log of PostgreSQL could not be cut"),
    );
  }, logCheckMs);
  const watching = watch(cluster, lock, options.onFolderTaken);
  return {
    connection,
    stop: async () => {
      stopping.abort();
      clearInterval(cutting);
      await watching;
      await stopPostmaster(cluster.at, stopGraceMs);
    },
  };
}

/** For a command beside a running service: how to reach its database, or undefined when none runs on this folder. Starts and locks nothing. */
export async function attachToRunning(folder: string): Promise<Connection | undefined> {
  const at = dataFolder(folder);
  const [record, address] = await Promise.all([readCluster(at), readAddress(at)]);
  if (!record || !address) return undefined;
  return (await look(at, address, record)) === "ours" ? connectionTo(address, record) : undefined;
}

/** Everything up to a cluster that can be started; refuses, in one sentence each, what cannot be. */
async function prepare(options: EmbeddedOptions, stopped: AbortSignal): Promise<Cluster> {
  const runAs = await whoRuns(dataFolder(options.folder));
  const at = await prepareDataFolder(options.folder, runAs);
  const binaries = await bringPrograms(options.programs ?? at.programs);
  if (!existsSync(at.database)) {
    options.log.info({ folder: at.folder }, "making the built-in database");
    await initializeCluster({ at, binaries, runAs, mayCreateDatabases: options.mayCreateDatabases ?? false });
  }
  await refuseOtherMajor(at, binaries.major);
  const record = await readCluster(at);
  if (!record)
    throw new OperatorError(
      `${at.cluster} is missing: without it the database in ${at.data} cannot be opened. Restore it from a backup.`,
    );
  return { at, binaries, runAs, record, ownsPrograms: options.programs === undefined, log: options.log, stopped };
}

async function whoRuns(at: DataFolder): Promise<RunAs | undefined> {
  const uid = process.getuid?.();
  const dataOwner = await stat(at.data).then(
    (found) => found.uid,
    () => undefined,
  );
  const passwd = uid === 0 ? await readFile("/etc/passwd", "utf8").catch(() => "") : "";
  return chooseRunAs({ uid, hasName: hasName(), dataOwner, passwd });
}

function hasName(): boolean {
  try {
    return os.userInfo().username !== "";
  } catch {
    return false;
  }
}

/** Ends when the service stops; never throws. */
async function watch(cluster: Cluster, first: DataFolderLock, onTaken: (reason: OperatorError) => void): Promise<void> {
  const { log, stopped } = cluster;
  const stop = new Promise<void>((resolve) => stopped.addEventListener("abort", () => resolve(), { once: true }));
  let lock = first;
  for (;;) {
    await Promise.race([lock.lost, stop]);
    if (stopped.aborted) return lock.release();
    log.warn({ folder: cluster.at.folder }, "the built-in PostgreSQL went away: bringing it back");
    const connection = await withRetries(cluster, Number.POSITIVE_INFINITY, () => ensureRunning(cluster)).catch(
      () => undefined,
    );
    if (!connection) return;
    try {
      lock = await acquireDataFolder(cluster.at, connection);
      log.info({ folder: cluster.at.folder }, "the built-in PostgreSQL is back");
    } catch (error) {
      // A fault here is the server going away again: the lost lock of before stays lost, and the loop goes on.
      if (!(error instanceof OperatorError)) continue;
      onTaken(error);
      return;
    }
  }
}

/**
 * A server that was killed leaves sessions behind for a moment, which keep its shared memory; a disk can be full for longer.
 * 0.2 s doubling up to 15 s; only the stop of the service ends unlimited attempts.
 */
async function withRetries<Value>(cluster: Cluster, attempts: number, act: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt >= attempts || cluster.stopped.aborted) throw error;
      cluster.log.warn({ err: error, attempt }, "the built-in PostgreSQL did not start, trying again");
      await wait(Math.min(15_000, 200 * 2 ** (attempt - 1)), undefined, { signal: cluster.stopped });
    }
  }
}
