import { setTimeout as wait } from "node:timers/promises";

/** Waits until the condition holds; fails past the deadline, with what the condition said last if it threw. */
export async function eventually(condition: () => Promise<boolean> | boolean, deadlineMs = 10_000): Promise<void> {
  const until = performance.now() + deadlineMs;
  let last: unknown;
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
    await wait(20);
  }
}
