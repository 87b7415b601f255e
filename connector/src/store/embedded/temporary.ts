import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { removeAddress } from "./address.ts";
import { dataFolder, ensureOwnFolder, firstObstacle } from "./data-folder.ts";
import type { SupervisorLog } from "./ports.ts";
import { stopPostmaster } from "./postmaster.ts";
import { isAlive, startTicks } from "./process-facts.ts";
import { type EmbeddedPostgres, startEmbedded } from "./supervise.ts";

/**
 * A cluster for a demo or a test run: fresh, in a folder of its own under the system's temporary folder, gone with `stop()`. The folder's
 * name says whose it is: what earlier processes left behind, because they were killed, is stopped and removed first.
 */
export async function startTemporary(options: {
  log: SupervisorLog;
  mayCreateDatabases?: boolean;
}): Promise<EmbeddedPostgres & { folder: string }> {
  const parent = await temporaryParent();
  await ensureOwnFolder(parent, 0o711);
  await removeLeftovers(parent, options.log);
  const folder = await mkdtemp(path.join(parent, `run-${process.pid}-${startTicks(process.pid) ?? "0"}-`));
  await chmod(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
  const running = await startEmbedded({
    ...options,
    folder,
    programs: path.join(parent, "programs"),
    onFolderTaken: (reason) => options.log.error({ err: reason }, "the temporary database was taken"),
  });
  return {
    ...running,
    folder,
    stop: async () => {
      await running.stop();
      await removeCluster(folder);
    },
  };
}

/** One per user, whom alone it belongs to. Root's temporary folder may be closed to the user that runs PostgreSQL: then the common one. */
export async function temporaryParent(): Promise<string> {
  const own = os.tmpdir();
  const closed = process.getuid?.() === 0 && (await firstObstacle(own, anybody)) !== undefined;
  return path.join(closed ? "/tmp" : own, `ml-connector-${process.getuid?.() ?? "runs"}`);
}

/** Neither owner nor group of anything: what this one may pass, everybody may. */
const anybody = { uid: -1, gid: -1 };

/** Stops and removes the clusters of processes that no longer run. */
export async function removeLeftovers(parent: string, log: SupervisorLog): Promise<void> {
  for (const name of await readdir(parent)) {
    const maker = /^run-(\d+)-(\d+)-/.exec(name);
    if (!maker || isStillThere(Number(maker[1]), maker[2] ?? "0")) continue;
    log.info({ folder: path.join(parent, name) }, "removing what an earlier run left behind");
    await removeCluster(path.join(parent, name));
  }
}

function isStillThere(pid: number, ticks: string): boolean {
  const now = startTicks(pid);
  return now === undefined ? isAlive(pid) : now === ticks;
}

async function removeCluster(folder: string): Promise<void> {
  const at = dataFolder(folder);
  await stopPostmaster(at, 10_000);
  await removeAddress(at);
  await rm(folder, { recursive: true, force: true });
}
