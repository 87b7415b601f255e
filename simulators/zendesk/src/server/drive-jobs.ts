import { nextMergeAt } from "../records/merges.ts";
import { type Simulator, settleAll } from "./simulator.ts";

const longestWaitMs = 60_000;

/**
 * Lets jobs and merges work while nobody asks: wakes when the next item is due. Requests settle what is due anyway, so this only
 * decides when events go out. Stands still while the clock is frozen.
 */
export function driveJobs(simulator: Simulator): { look: () => void; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;
  let isStopped = false;
  const look = (): void => {
    if (isStopped || simulator.clock.isFrozen()) return;
    const tenants = [...simulator.tenants.values()];
    const moments = tenants.flatMap(({ jobs, account }) => [jobs.nextAt() ?? [], nextMergeAt(account) ?? []].flat());
    const next = Math.min(...moments, Number.POSITIVE_INFINITY);
    if (next === wakesAt) return;
    clearTimeout(timer);
    wakesAt = next;
    if (next === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.min(longestWaitMs, Math.max(0, next - simulator.clock.now()));
    timer = setTimeout(() => {
      wakesAt = Number.POSITIVE_INFINITY;
      settleAll(simulator);
      look();
    }, waitMs);
    timer.unref();
  };
  simulator.clock.onChange(() => {
    wakesAt = Number.POSITIVE_INFINITY;
    clearTimeout(timer);
    look();
  });
  return {
    look,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
