import { setTimeout as wait } from "node:timers/promises";
import { OperatorError } from "../../domain/index.ts";
import { usableAddress } from "./address.ts";
import { connectionTo, look } from "./adopt.ts";
import { type Binaries, installBinaries, locatePackage, removeOtherBinaries } from "./binaries.ts";
import { type ClusterRecord, type DataFolder, readAddress } from "./data-folder.ts";
import type { SupervisorLog } from "./ports.ts";
import { lastWords, startPostmaster, stopPostmaster } from "./postmaster.ts";
import { livePostmaster } from "./process-facts.ts";
import type { RunAs } from "./run-as.ts";

/** One cluster and what it takes to run it. */
export interface Cluster {
  at: DataFolder;
  binaries: Binaries;
  runAs: RunAs | undefined;
  record: ClusterRecord;
  /** The copies of the programs belong to this cluster alone: older ones may go when it starts on a new one. */
  ownsPrograms: boolean;
  log: SupervisorLog;
  /** Ends the waiting when the service stops. */
  stopped: AbortSignal;
}

export type Connection = ReturnType<typeof connectionTo>;

/** A server that runs but does not answer where it should gets this long: another process may have started it a moment ago. */
const strangerMs = 10_000;
const pauseMs = 50;

/**
 * Makes sure that the cluster's server runs and answers, and says where.
 *
 *   look --ours----> done (adopted, or it is the one that we started)
 *    |  --starting-> look again: it recovers after a crash, which takes as long as it takes
 *    |  --absent---> a live server on the folder? wait a little, then stop it: its socket is lost, nobody can reach it
 *    |               none? start one, look again; it ended? then say why
 */
export async function ensureRunning(cluster: Cluster): Promise<Connection> {
  const { at, log } = cluster;
  let started: { hasExited: boolean } | undefined;
  let strangerSince: number | undefined;
  for (;;) {
    cluster.stopped.throwIfAborted();
    const address = await readAddress(at);
    const found = address ? await look(at, address, cluster.record) : "absent";
    if (found === "ours" && address) return connectionTo(address, cluster.record);
    if (found === "absent") {
      const pid = await livePostmaster(at.data);
      if (pid !== undefined && !started) {
        strangerSince ??= performance.now();
        if (performance.now() - strangerSince > strangerMs) {
          log.warn({ pid }, "the built-in PostgreSQL runs but does not answer at its socket: restarting it");
          await stopPostmaster(at, 30_000);
        }
      } else if (!started) {
        started = await start(cluster);
      } else if (started.hasExited && pid === undefined) {
        throw new OperatorError(`The built-in PostgreSQL did not start: ${await lastWords(at)} (more in ${at.log})`);
      }
    }
    await wait(pauseMs, undefined, { signal: cluster.stopped });
  }
}

async function start(cluster: Cluster): Promise<{ hasExited: boolean }> {
  const { at, binaries, runAs, record } = cluster;
  const address = await usableAddress(at, runAs);
  const state = { hasExited: false };
  const { exited } = await startPostmaster({ at, binaries, runAs, clusterId: record.id, address });
  void exited.then(() => {
    state.hasExited = true;
  });
  if (cluster.ownsPrograms) await removeOtherBinaries(binaries);
  return state;
}

/** The programs for this machine, ready to run. */
export async function bringPrograms(into: string): Promise<Binaries> {
  return installBinaries(locatePackage(process.platform, process.arch), into);
}
