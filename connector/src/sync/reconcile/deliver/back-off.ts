const firstMs = 2_000;
const longestMs = 15 * 60_000;

/** Exponential with full jitter, 2 s to 15 min. `random` gives 0..1. */
export function backOffMs(attempts: number, random: () => number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempts, 20));
  return Math.max(250, Math.round(random() * ceiling));
}
