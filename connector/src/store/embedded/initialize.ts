import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { OperatorError } from "../../domain/index.ts";
import type { Binaries } from "./binaries.ts";
import { type DataFolder, dataFolder, isCode, writeCluster } from "./data-folder.ts";
import { isAlive } from "./process-facts.ts";
import type { RunAs } from "./run-as.ts";
import { runProgram } from "./run-program.ts";

export const role = "ml_connector";
export const databaseName = "ml_connector";
const draftName = "database-draft-";

/**
 * Makes the cluster, whole or not at all: under another name first, renamed when it is complete. The superuser gets a password that
 * nobody keeps: nobody can log in as superuser, and the service works as a plain role that owns its database. That role is made in
 * single-user mode, before the server first listens.
 */
export async function initializeCluster(options: {
  at: DataFolder;
  binaries: Binaries;
  runAs: RunAs | undefined;
  mayCreateDatabases: boolean;
}): Promise<void> {
  const { at, binaries, runAs } = options;
  await removeDrafts(at);
  const draft = await mkdtemp(path.join(at.folder, `${draftName}${process.pid}-`));
  try {
    // PostgreSQL's user passes through here to its own folder, and may not list it.
    await chmod(draft, runAs ? 0o711 : 0o700);
    const inside = {
      ...dataFolder(at.folder),
      data: path.join(draft, "data"),
      cluster: path.join(draft, "cluster.json"),
    };
    await mkdir(inside.data, { mode: 0o700 });
    if (runAs) await chown(inside.data, runAs.uid, runAs.gid);
    await runInitdb(inside.data, draft, binaries, runAs);
    const password = randomBytes(24).toString("hex");
    await runSetup(inside.data, binaries, runAs, setupStatements(password, options.mayCreateDatabases));
    await writeCluster(inside, { id: randomBytes(16).toString("hex"), password });
    await rename(draft, at.database);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process of ours was first: its cluster is the one.
    if (isCode(error, "ENOTEMPTY") || isCode(error, "EEXIST")) return;
    throw error;
  }
}

/** Locale: PostgreSQL's own C.UTF-8, the same on every machine, so that an index never depends on the system's library. */
async function runInitdb(data: string, draft: string, binaries: Binaries, runAs: RunAs | undefined): Promise<void> {
  const passwordFile = path.join(draft, "superuser");
  await writeFile(passwordFile, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  if (runAs) await chown(passwordFile, runAs.uid, runAs.gid);
  const result = await runProgram(binaries.initdb, {
    args: [
      `--pgdata=${data}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
    ],
    cwd: path.dirname(data),
    runAs,
  });
  await rm(passwordFile);
  if (result.code !== 0)
    throw new OperatorError(`The database could not be made in ${data}: ${lastLine(result.output)}`);
}

function setupStatements(password: string, mayCreateDatabases: boolean): string[] {
  return [
    `create role ${role} login password '${password}' ${mayCreateDatabases ? "createdb createrole" : "nocreatedb"}`,
    // To compare data_directory before a running server is adopted, and for sizes and activity in "doctor".
    `grant pg_read_all_settings, pg_read_all_stats to ${role}`,
    `create database ${databaseName} owner ${role}`,
    `revoke connect on database ${databaseName} from public`,
    `revoke connect on database postgres from public`,
  ];
}

/** Single-user mode: one statement a line on standard input, no listening, no login. Its errors do not change the exit code. */
async function runSetup(
  data: string,
  binaries: Binaries,
  runAs: RunAs | undefined,
  statements: string[],
): Promise<void> {
  const result = await runProgram(binaries.postgres, {
    args: ["--single", "-D", data, "-c", "exit_on_error=on", "-c", "log_min_error_statement=panic", "postgres"],
    input: `${statements.join("\n")}\n`,
    cwd: path.dirname(data),
    runAs,
  });
  if (result.code !== 0)
    throw new OperatorError(`The database could not be set up in ${data}: ${lastLine(result.output)}`);
}

/** Drafts that a start left behind when it was killed; one whose maker still runs is left alone. */
async function removeDrafts(at: DataFolder): Promise<void> {
  for (const name of await readdir(at.folder)) {
    const maker = new RegExp(`^${draftName}(\\d+)-`).exec(name)?.[1];
    if (maker === undefined || isAlive(Number(maker))) continue;
    await rm(path.join(at.folder, name), { recursive: true, force: true });
  }
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}
