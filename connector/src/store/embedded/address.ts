import { chmod, chown, lstat, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { OperatorError } from "../../domain/index.ts";
import { type Address, type DataFolder, readAddress, writeAddress } from "./data-folder.ts";
import type { RunAs } from "./run-as.ts";

/** The number in a socket's name; nothing listens on a port of that number. */
const socketPort = 5432;

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the closing zero included; PostgreSQL adds `/.s.PGSQL.5432`. */
const longestSocketFolder = 103 - "/.s.PGSQL.5432".length;

/**
 * Where the server listens: a socket in a folder of its own that only its user can enter. The folder is short, whatever the length of
 * the data folder's path, and is used again from start to start; where a reboot or a cleaner has removed it, a new one is made. Systems
 * without Unix sockets in Node (Windows) get a free port on the loopback address.
 */
export async function usableAddress(at: DataFolder, runAs: RunAs | undefined): Promise<Address> {
  const recorded = await readAddress(at);
  if (recorded && ((await isUsable(recorded, runAs)) || (await madeAgain(recorded, runAs)))) return recorded;
  const made =
    process.platform === "win32"
      ? { host: "127.0.0.1", port: await freePort() }
      : { host: await makeSocketFolder(runAs), port: socketPort };
  await writeAddress(at, made);
  return made;
}

/** Removes the socket folder with the cluster it belongs to. */
export async function removeAddress(at: DataFolder): Promise<void> {
  const recorded = await readAddress(at);
  if (recorded?.host.startsWith("/")) await rm(recorded.host, { recursive: true, force: true });
}

/** The parent is open to all: a folder there counts as ours only while it is a folder, owned by the server's user, and closed to others. */
async function isUsable(address: Address, runAs: RunAs | undefined): Promise<boolean> {
  if (!address.host.startsWith("/")) return true;
  const found = await lstat(address.host).catch(() => undefined);
  return (
    found !== undefined &&
    found.isDirectory() &&
    found.uid === (runAs?.uid ?? process.getuid?.()) &&
    (found.mode & 0o077) === 0
  );
}

/** The same name as before, if it is free: connection pools that outlive a restart of the server know only that one. */
async function madeAgain(address: Address, runAs: RunAs | undefined): Promise<boolean> {
  const made = await mkdir(address.host, { mode: 0o700 }).then(
    () => true,
    () => false,
  );
  if (made && runAs) await chown(address.host, runAs.uid, runAs.gid);
  return made;
}

async function makeSocketFolder(runAs: RunAs | undefined): Promise<string> {
  // /run is root's alone and no cleaner visits it.
  const parents = [...(runAs ? ["/run"] : []), os.tmpdir(), "/tmp"];
  for (const parent of parents) {
    const prefix = path.join(parent, "ml-connector-");
    if (Buffer.byteLength(prefix) + 6 > longestSocketFolder) continue;
    const folder = await mkdtemp(prefix).catch(() => undefined);
    if (folder === undefined) continue;
    await chmod(folder, 0o700);
    if (runAs) await chown(folder, runAs.uid, runAs.gid);
    return folder;
  }
  throw new OperatorError(
    `The built-in PostgreSQL needs a short folder for its socket, and none could be made in ${parents.join(", ")}.`,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const found = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (found === null || typeof found === "string") throw new Error("no port was given");
  return found.port;
}
