import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { removeAddress } from "../../src/store/embedded/address.ts";
import { dataFolder } from "../../src/store/embedded/data-folder.ts";
import { stopPostmaster } from "../../src/store/embedded/postmaster.ts";
import { temporaryParent } from "../../src/store/embedded/temporary.ts";

export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

export interface Ready {
  child: ChildProcess;
  connection?: Connection;
  refused?: string;
  name?: string;
}

/** An ordinary user for tests that run as root: every system has this one. */
export const nobody = { uid: 65_534, gid: 65_534 };
export const asRoot = process.getuid?.() === 0;

/** Folders and processes of one test file; `close` ends and removes them all. */
export async function workshop() {
  const root = mkdtempSync(path.join(os.tmpdir(), "ml-connector-embedded-"));
  chmodSync(root, 0o711);
  // The copy that global-setup.ts has made already.
  const programs = path.join(await temporaryParent(), "programs");
  const children: ChildProcess[] = [];
  const folders = new Set<string>();
  return {
    root,
    folder(name: string, options: { mode?: number; uid?: number; gid?: number } = {}): string {
      const folder = path.join(root, name);
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, options.mode ?? 0o711);
      if (options.uid !== undefined) chownSync(folder, options.uid, options.gid ?? options.uid);
      folders.add(folder);
      return folder;
    },
    /** Starts a process with the built-in PostgreSQL on the folder and waits for its first line. */
    async start(folder: string, options: { uid?: number; gid?: number; ownPrograms?: boolean } = {}): Promise<Ready> {
      folders.add(folder);
      const script = fileURLToPath(new URL("embedded-process.ts", import.meta.url));
      const child = spawn(process.execPath, [script, folder, ...(options.ownPrograms ? [] : [programs])], {
        stdio: ["ignore", "pipe", "inherit"],
        cwd: "/",
        ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid ?? options.uid }),
      });
      children.push(child);
      const lines = createInterface({ input: child.stdout });
      const [line] = await Promise.race([
        once(lines, "line"),
        once(child, "close").then(() => ['{"refused":"ended without a word"}']),
      ]);
      return { child, ...JSON.parse(String(line)) };
    },
    /** Ends the processes of a test, also of one that failed half way. Servers that were meant to outlive them stay. */
    async endProcesses(): Promise<void> {
      for (const child of children.splice(0)) {
        if (child.exitCode === null && child.signalCode === null) await killed(child, "SIGTERM");
      }
    },
    async close(): Promise<void> {
      await this.endProcesses();
      for (const folder of [...folders].filter((name) => existsSync(dataFolder(name).database))) {
        await stopPostmaster(dataFolder(folder), 5000);
        await removeAddress(dataFolder(folder));
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export async function killed(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

export async function query(connection: Connection | undefined, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 2000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

export function postmasterPid(folder: string): number {
  return Number(readFileSync(path.join(dataFolder(folder).data, "postmaster.pid"), "utf8").split("\n")[0]);
}
