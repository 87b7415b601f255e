import { randomUUID } from "node:crypto";
import type { Subdomain } from "../../../domain/index.ts";
import { pause } from "../deliver/job-poller.ts";
import { runRestores } from "../plan/restore.ts";
import { RecordsLane } from "../records/index.ts";
import { Lane } from "./lane.ts";
import { Owner, type ReconcilePorts } from "./owner.ts";
import { closeEarlierWrites, recheckClosedWrites } from "./recover.ts";

/** An owner with nothing to do goes after this long; the next mark brings one back. */
const idleMs = 20_000;
/** An owner with work goes after this long if another account waits for its place. */
const handOverMs = 20_000;

/**
 * Owns one account until there is nothing to do, another account waits, or `signal` says so.
 *
 *   take (epoch + 1) --> close the writes of earlier epochs --> its lanes --> idle | hand over | stop --> settle, end
 *
 * Throws LostOwnership when another process took over: what this one had in hand is not committed.
 */
export async function ownAccount(
  ports: ReconcilePorts,
  subdomain: Subdomain,
  signal: AbortSignal,
  started: (owner: Owner) => void,
): Promise<void> {
  const fence = await ports.ownership.take(subdomain, randomUUID());
  const stopping = new AbortController();
  const lanesStop = AbortSignal.any([signal, stopping.signal]);
  const owner = new Owner(ports, fence, signal);
  started(owner);
  await closeEarlierWrites(owner);
  const lanes = [new Lane(owner, "live"), new Lane(owner, "bulk"), new RecordsLane(owner)];
  const startedAt = performance.now();
  const watch = async () => {
    while (!lanesStop.aborted) {
      await pause(1_000, lanesStop);
      if (lanesStop.aborted) break;
      await recheckClosedWrites(owner);
      const restoring = (await ports.restores.due(subdomain)).length > 0;
      const idle = restoring ? 0 : Math.min(...lanes.map((lane) => lane.idleMs));
      const handOver = performance.now() - startedAt > handOverMs && idle > 0 && (await ports.othersWait());
      if (idle > idleMs || handOver) stopping.abort();
    }
  };
  // The first that ends stops the others, and all are waited for: a lane that ran on would be a second owner in this process.
  const running = [watch(), runRestores(owner, lanesStop), ...lanes.map((lane) => lane.run(lanesStop))];
  const ended = await Promise.allSettled(running.map((one) => one.finally(() => stopping.abort())));
  for (const result of ended) if (result.status === "rejected") throw result.reason;
}
