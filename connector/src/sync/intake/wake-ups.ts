import type { Subdomain } from "../../domain/index.ts";

/** A burst of receipts for one account becomes one send. */
const receiptsGatherMs = 5;

/** Gathers accounts to wake for a moment, then wakes each once. */
export class WakeUps {
  readonly #wake: (subdomain: Subdomain) => Promise<void>;
  readonly #gatherMs: number;
  readonly #gathered = new Set<Subdomain>();
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(wake: (subdomain: Subdomain) => Promise<void>, gatherMs = receiptsGatherMs) {
    this.#wake = wake;
    this.#gatherMs = gatherMs;
  }

  add(subdomains: readonly Subdomain[]): void {
    for (const subdomain of subdomains) this.#gathered.add(subdomain);
    if (this.#gathered.size > 0) this.#timer ??= setTimeout(() => this.#send(), this.#gatherMs);
  }

  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#send();
    await this.#sending;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const subdomains = [...this.#gathered];
    this.#gathered.clear();
    // The marks are committed: a wake-up that fails is made good by the next tick, within a second.
    const sent = Promise.allSettled(subdomains.map((subdomain) => this.#wake(subdomain)));
    this.#sending = Promise.all([this.#sending, sent]);
  }
}
