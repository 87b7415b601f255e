/** How many callers are remembered at most: past it the oldest go, so that strangers cannot fill the memory. */
const mostCallers = 10_000;

/** So many requests a minute for each caller, refilled steadily; all may come at once. In each process by itself. */
export class Allowance {
  readonly #perMinute: number;
  readonly #monotonicMs: () => number;
  readonly #left = new Map<string, { tokens: number; at: number }>();

  constructor(options: { perMinute: number; monotonicMs: () => number }) {
    this.#perMinute = options.perMinute;
    this.#monotonicMs = options.monotonicMs;
  }

  /** 0: go on; else how long to wait. */
  take(caller: string): number {
    const now = this.#monotonicMs();
    const known = this.#left.get(caller) ?? { tokens: this.#perMinute, at: now };
    const tokens = Math.min(this.#perMinute, known.tokens + ((now - known.at) / 60_000) * this.#perMinute);
    const granted = tokens >= 1;
    this.#left.delete(caller); // so that the order of the map is that of the latest request
    this.#left.set(caller, { tokens: granted ? tokens - 1 : tokens, at: now });
    const oldest = this.#left.size > mostCallers ? this.#left.keys().next().value : undefined;
    if (oldest !== undefined) this.#left.delete(oldest);
    return granted ? 0 : Math.ceil(((1 - tokens) / this.#perMinute) * 60_000);
  }
}
