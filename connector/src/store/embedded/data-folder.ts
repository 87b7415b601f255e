import { randomBytes } from "node:crypto";
import { access, chmod, constants, lstat, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { OperatorError } from "../../domain/index.ts";
import type { RunAs } from "./run-as.ts";

/**
 * What lies where in the data folder.
 *
 *   <data folder>/database/data            PostgreSQL's own folder, 0700, owned by the user that runs it
 *   <data folder>/database/cluster.json    0600: the cluster's id and the password; written once, with the cluster
 *   <data folder>/database/address.json    0600: where the server listens; written again when the socket folder is lost
 *   <data folder>/database/postgresql.log  bounded
 *   <data folder>/programs/postgresql-*    our copy of the programs
 */
export interface DataFolder {
  folder: string;
  database: string;
  data: string;
  cluster: string;
  address: string;
  log: string;
  programs: string;
}

export function dataFolder(folder: string): DataFolder {
  const database = path.join(folder, "database");
  return {
    folder,
    database,
    data: path.join(database, "data"),
    cluster: path.join(database, "cluster.json"),
    address: path.join(database, "address.json"),
    log: path.join(database, "postgresql.log"),
    programs: path.join(folder, "programs"),
  };
}

const clusterRecord = z.object({ id: z.string(), password: z.string() });
export type ClusterRecord = z.infer<typeof clusterRecord>;

/** `host` is a socket folder or 127.0.0.1. */
const addressRecord = z.object({ host: z.string(), port: z.int() });
export type Address = z.infer<typeof addressRecord>;

export const readCluster = (at: DataFolder): Promise<ClusterRecord | undefined> =>
  readRecord(at.cluster, clusterRecord);
export const readAddress = (at: DataFolder): Promise<Address | undefined> => readRecord(at.address, addressRecord);
export const writeCluster = (at: DataFolder, record: ClusterRecord): Promise<void> => writeRecord(at.cluster, record);
export const writeAddress = (at: DataFolder, record: Address): Promise<void> => writeRecord(at.address, record);

async function readRecord<Value>(file: string, shape: z.ZodType<Value>): Promise<Value | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (isCode(cause, "ENOENT")) return undefined;
    throw new OperatorError(
      `${file} cannot be read (${codeOf(cause)}). Run ml-connector as the user that owns the data folder.`,
      { cause },
    );
  }
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    throw new OperatorError(`${file} is damaged. Restore it from a backup: it belongs to the database beside it.`, {
      cause,
    });
  }
}

async function writeRecord(file: string, record: object): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o600, flag: "wx", flush: true });
  await rename(draft, file);
}

/**
 * Makes the data folder where it is missing, and refuses one that cannot serve, each in one sentence. As root the folder is passable
 * (0711) and not listable: PostgreSQL's user has to reach its own part of it, and nothing else.
 */
export async function prepareDataFolder(folder: string, runAs: RunAs | undefined): Promise<DataFolder> {
  if (!path.isAbsolute(folder))
    throw new OperatorError(`The data folder ${folder} is not an absolute path. Set ML_CONNECTOR_DATA to one.`);
  try {
    const made = await mkdir(folder, { recursive: true, mode: runAs ? 0o711 : 0o700 });
    // Against a strict umask; only what did not exist before is ours to open.
    if (made !== undefined && runAs) await chmod(folder, 0o711);
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error("not a folder"), { code: "ENOTDIR" });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new OperatorError(
      `The data folder ${folder} ${folderProblem(cause)} Choose another with ML_CONNECTOR_DATA.`,
      { cause },
    );
  }
  if (runAs) await refuseUnreachable(folder, runAs);
  return dataFolder(folder);
}

function folderProblem(cause: unknown): string {
  switch (codeOf(cause)) {
    case "EACCES":
    case "EPERM":
      return "cannot be used: this user may not read and write there.";
    case "EROFS":
      return "cannot be used: the file system is read-only.";
    case "ENOTDIR":
    case "EEXIST":
      return "cannot be used: it, or a part of its path, is a file.";
    case "ENOSPC":
      return "cannot be made: the disk is full.";
    case "ENAMETOOLONG":
      return "cannot be used: the path is too long.";
    default:
      return `cannot be used (${codeOf(cause)}).`;
  }
}

/** Names the first folder on the way that PostgreSQL's user may not pass: "permission denied" alone would send people to the wrong one. */
async function refuseUnreachable(folder: string, runAs: RunAs): Promise<void> {
  const obstacle = await firstObstacle(folder, runAs);
  if (obstacle === undefined) return;
  throw new OperatorError(
    `The data folder ${folder} is out of reach for the user "${runAs.name}", as whom PostgreSQL runs because it refuses to run as root: ${obstacle} may not be passed. Choose another with ML_CONNECTOR_DATA, or "chmod o+x ${obstacle}".`,
  );
}

/** The first folder on the way to this one, itself included, that the user may not pass. */
export async function firstObstacle(folder: string, user: { uid: number; gid: number }): Promise<string | undefined> {
  const parts = path.resolve(folder).split(path.sep);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const step = parts.slice(0, depth).join(path.sep) || path.sep;
    const { mode, uid, gid } = await stat(step);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return step;
  }
  return undefined;
}

/** Data of another major version cannot be opened, and is never touched. */
export async function refuseOtherMajor(at: DataFolder, major: string): Promise<void> {
  const found = (await readFile(path.join(at.data, "PG_VERSION"), "utf8")).trim();
  if (found !== major) {
    throw new OperatorError(
      `The database in ${at.data} was made by PostgreSQL ${found}, and this version of ml-connector brings PostgreSQL ${major}. Start the version that made it and use "ml-connector export", or run PostgreSQL ${found} yourself and set DATABASE_URL.`,
    );
  }
}

/** A folder of ours in a place that others can write to: taken only if nobody else can have prepared it. */
export async function ensureOwnFolder(folder: string, mode: number): Promise<void> {
  await mkdir(folder, { mode }).catch((error: unknown) => {
    if (!isCode(error, "EEXIST")) throw error;
  });
  const found = await lstat(folder);
  const foreign = process.getuid !== undefined && (found.uid !== process.getuid() || (found.mode & 0o022) !== 0);
  if (!found.isDirectory() || foreign) {
    throw new OperatorError(`${folder} belongs to somebody else, or others may write to it. Remove it.`);
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

export function isCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}
