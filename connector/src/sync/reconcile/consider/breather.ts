import { setImmediate as letOthersRun } from "node:timers/promises";

/** How long cards may be decided without a pause: webhooks and people wait meanwhile. One card is bounded by itself, see the mapping's check. */
const mostMs = 10;

/** To be awaited between two cards of a batch. */
export function createBreather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < mostMs) return;
    await letOthersRun();
    since = performance.now();
  };
}
