/** Waits until the condition holds; fails past the deadline with what was waited for. */
export async function eventually(
  what: string,
  condition: () => Promise<boolean>,
  { withinMs, lookMs = 50 }: { withinMs: number; lookMs?: number },
): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error(`${what}: not within ${withinMs} ms`);
    await pause(lookMs);
  }
}

/** Not at all where the time is past already. */
export async function pause(ms: number): Promise<void> {
  if (ms <= 0) return;
  await new Promise((resolve) => setTimeout(resolve, ms));
}
