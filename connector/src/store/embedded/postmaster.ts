import { spawn } from "node:child_process";
import { chown, open, readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { OperatorError } from "../../domain/index.ts";
import type { Binaries } from "./binaries.ts";
import type { Address, DataFolder } from "./data-folder.ts";
import { isCode } from "./data-folder.ts";
import { disarmStalePidFile, isAlive, livePostmaster } from "./process-facts.ts";
import type { RunAs } from "./run-as.ts";
import { explainSpawnFailure, spawnOptions } from "./run-program.ts";

/**
 * Everything that differs from PostgreSQL's defaults, by argv: the folder's postgresql.conf stays as initdb made it.
 * Sized for one small machine; no parallel workers, which need more /dev/shm than containers give (64 MB).
 */
const settings: Record<string, string> = {
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  shared_buffers: "128MB",
  // Pages come from memory or a solid-state disk. At the default of 4, five hundred keys are looked up by reading the whole table.
  random_page_cost: "1.1",
  max_connections: "160",
  max_parallel_workers: "0",
  max_parallel_workers_per_gather: "0",
  max_parallel_maintenance_workers: "0",
  jit: "off",
  // Marks and jobs are rows that live for seconds: their tables bloat when vacuum waits for its usual minute and fifth of a table.
  autovacuum_naptime: "5s",
  autovacuum_vacuum_scale_factor: "0.02",
  autovacuum_vacuum_threshold: "200",
  autovacuum_analyze_scale_factor: "0.02",
  autovacuum_vacuum_insert_scale_factor: "0.1",
  timezone: "UTC",
  log_timezone: "UTC",
  // Errors reach us through the driver. Here their text could carry values of rows, so only the server's own life is logged.
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_checkpoints: "off",
  log_autovacuum_min_duration: "-1",
};

/** A server that we started, as far as we can tell: `exited` resolves when it is gone. */
export interface Started {
  exited: Promise<void>;
}

/**
 * Starts a server on the folder, in a session of its own: neither Ctrl-C in our terminal nor our own sudden death ends it.
 * Returns at once; whether it answers is the caller's question (adopt.ts).
 */
export async function startPostmaster(options: {
  at: DataFolder;
  binaries: Binaries;
  runAs: RunAs | undefined;
  clusterId: string;
  address: Address;
}): Promise<Started> {
  const { at, binaries, runAs, address } = options;
  await disarmStalePidFile(at.data);
  const log = await open(at.log, "a", 0o600);
  try {
    if (runAs) await chown(at.log, 0, 0);
    const child = spawn(
      binaries.postgres,
      ["-D", at.data, ...listenArguments(address), ...settingArguments(options.clusterId)],
      {
        ...spawnOptions(at.data, runAs),
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
      },
    );
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const failure = await new Promise<Error | undefined>((resolve) => {
      child.once("spawn", () => resolve(undefined));
      child.once("error", resolve);
    });
    if (failure) throw await explainSpawnFailure(binaries.postgres, failure);
    child.unref();
    return { exited };
  } finally {
    await log.close();
  }
}

function listenArguments({ host, port }: Address): string[] {
  if (host.startsWith("/")) {
    // The setting is a list: quotes keep a comma or a blank in the folder's name from dividing it.
    const folder = `"${host.replaceAll('"', '""')}"`;
    return [
      "-c",
      "listen_addresses=",
      "-c",
      `unix_socket_directories=${folder}`,
      "-c",
      `port=${port}`,
      "-c",
      "unix_socket_permissions=0700",
    ];
  }
  return ["-c", `listen_addresses=${host}`, "-c", "unix_socket_directories=", "-c", `port=${port}`];
}

function settingArguments(clusterId: string): string[] {
  return Object.entries({ ...settings, cluster_name: clusterId }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
}

/**
 * Stops the server on this folder, whoever started it: "fast" (roll back what is open, write everything), then, past the grace,
 * "immediate", which loses nothing committed either. Returns when the process is gone.
 */
export async function stopPostmaster(at: DataFolder, graceMs: number): Promise<void> {
  const pid = await livePostmaster(at.data);
  if (pid === undefined) return;
  signal(pid, "SIGINT");
  if (await isGoneWithin(pid, graceMs)) return;
  signal(pid, "SIGQUIT");
  if (await isGoneWithin(pid, 10_000)) return;
  throw new OperatorError(`The built-in PostgreSQL (process ${pid}, data in ${at.data}) does not stop.`);
}

function signal(pid: number, name: "SIGINT" | "SIGQUIT"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isCode(error, "ESRCH")) throw error;
  }
}

async function isGoneWithin(pid: number, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (isAlive(pid)) {
    if (performance.now() > until) return false;
    await wait(20);
  }
  return true;
}

const logBytes = 5_000_000;

/**
 * Keeps the server's log bounded: past 5 MB the older half goes. The server appends to an open file, so the file is cut in place;
 * a line written in the same moment may be lost.
 */
export async function boundLog(at: DataFolder): Promise<void> {
  const log = await open(at.log, "r+").catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (!log) return;
  try {
    const { size } = await log.stat();
    if (size <= logBytes) return;
    const kept = Buffer.alloc(logBytes / 2);
    const { bytesRead } = await log.read(kept, 0, kept.length, size - kept.length);
    await log.truncate(0);
    await log.write(kept, 0, bytesRead, 0);
  } finally {
    await log.close();
  }
}

/** What the server said last, for the operator: why it did not start. */
export async function lastWords(at: DataFolder): Promise<string> {
  const text = await readFile(at.log, "utf8").catch(() => "");
  const lines = text.trim().split("\n");
  const fatal = lines.findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? lines.at(-1) ?? "";
  return fatal.replace(/^[\d-]+ [\d:.]+ UTC \[\d+\] /, "").slice(0, 300);
}
