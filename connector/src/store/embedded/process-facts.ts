import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { isCode } from "./data-folder.ts";

/** Whether a process of this number exists. Says nothing about which: numbers are used again. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

/**
 * When a process was started, in clock ticks since boot; with its number that names one process. Undefined where the system does not
 * say (no /proc) or the process is gone.
 */
export function startTicks(pid: number): string | undefined {
  try {
    // Field 22; the name in field 2 may hold blanks and brackets, so count from its end.
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** The server that has `data` open, or undefined: no pid file, a dead process, or a number that belongs to another program by now. */
export async function livePostmaster(data: string): Promise<number | undefined> {
  const pid = await recordedPid(data);
  if (pid === undefined || !isAlive(pid)) return undefined;
  return isPostgresOn(pid, data) ? pid : undefined;
}

/**
 * Lets PostgreSQL start over a pid file whose number another program has by now (after a reboot, say). The file is not removed: its
 * other lines name the shared memory that PostgreSQL checks for survivors. With the number of the starting process's own parent, which
 * is us, PostgreSQL itself calls the file stale (CreateLockFile in src/backend/utils/init/miscinit.c).
 */
export async function disarmStalePidFile(data: string): Promise<void> {
  const pid = await recordedPid(data);
  if (pid === undefined || !isAlive(pid) || isPostgresOn(pid, data)) return;
  const file = pidFile(data);
  const [, ...rest] = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, [String(process.pid), ...rest].join("\n"));
}

const pidFile = (data: string): string => path.join(data, "postmaster.pid");

async function recordedPid(data: string): Promise<number | undefined> {
  const text = await readFile(pidFile(data), "utf8").catch((error: unknown) => {
    if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return "";
    throw error;
  });
  // A standalone backend writes its number negated.
  const pid = Math.abs(Number(text.split("\n")[0]));
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

/** PostgreSQL works in its data folder and is called postgres. Where /proc is missing, the command line says both. */
function isPostgresOn(pid: number, data: string): boolean {
  try {
    return (
      readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres") &&
      readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
    );
  } catch (error) {
    // The process went away meanwhile, or belongs to a user whose processes we may not look into: then it is not ours.
    if (process.platform === "linux") return false;
    if (!isCode(error, "ENOENT")) throw error;
  }
  const { stdout } = spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  return typeof stdout === "string" && stdout.includes("postgres") && stdout.includes(data);
}
