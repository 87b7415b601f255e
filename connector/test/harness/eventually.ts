import { setTimeout as wait } from "node:timers/promises";

const firstLookMs = 10;
const longestLookMs = 150;

/**
 * Waits until the condition holds; fails past the deadline, with what the condition said last if it threw. Looks ever less often: what is
 * looked at needs the same two cores.
 */
export async function eventually(condition: () => Promise<boolean> | boolean, deadlineMs = 10_000): Promise<void> {
  const until = performance.now() + deadlineMs;
  let last: unknown;
  let lookMs = firstLookMs;
  for (;;) {
    try {
      if (await condition()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > until) {
      throw new Error(`not true within ${deadlineMs} ms: ${condition.toString().slice(0, 200)}`, { cause: last });
    }
    await wait(lookMs);
    lookMs = Math.min(longestLookMs, lookMs * 1.4);
  }
}
