/** Too many deliveries wait for the database: this one is to come again. */
export class Overloaded extends Error {
  override name = "Overloaded";
}

interface Waiting<Item, Result> {
  items: readonly Item[];
  resolve: (result: Result) => void;
  reject: (fault: unknown) => void;
}

/** One commits while the next one gathers; a third would only make the others smaller. */
const mostInFlight = 2;
/** Per commit. */
const mostItems = 2000;
const mostWaiting = 5000;

/**
 * Commits what waits together: while two commits are under way, whoever comes waits for the next one and shares it. `gatherMs`: so long the
 * first of a commit waits for others; 0: not at all.
 */
export class CommitQueue<Item, Result> {
  readonly #commit: (items: readonly Item[]) => Promise<Result>;
  readonly #gatherMs: number;
  #gathering = false;
  #waiting: Waiting<Item, Result>[] = [];
  #inFlight = 0;
  #idle: (() => void) | undefined;

  constructor(commit: (items: readonly Item[]) => Promise<Result>, gatherMs = 0) {
    this.#commit = commit;
    this.#gatherMs = gatherMs;
  }

  /** Resolves with the result of the commit that the items were part of. */
  add(items: readonly Item[]): Promise<Result> {
    if (this.#waiting.length >= mostWaiting)
      return Promise.reject(new Overloaded(`${this.#waiting.length} deliveries wait for the database`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject });
      this.#gather();
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async close(): Promise<void> {
    if (this.#inFlight === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  #gather(): void {
    if (this.#gatherMs === 0) return this.#start();
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => {
      this.#gathering = false;
      this.#start();
    }, this.#gatherMs);
  }

  #start(): void {
    while (this.#inFlight < mostInFlight && this.#waiting.length > 0) void this.#commitTogether(this.#takeSome());
  }

  #takeSome(): Waiting<Item, Result>[] {
    let items = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      if (count > 0 && items + waiting.items.length > mostItems) break;
      items += waiting.items.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commitTogether(taken: readonly Waiting<Item, Result>[]): Promise<void> {
    this.#inFlight += 1;
    try {
      const result = await this.#commit(taken.flatMap(({ items }) => items));
      for (const { resolve } of taken) resolve(result);
    } catch (fault) {
      for (const { reject } of taken) reject(fault);
    } finally {
      this.#inFlight -= 1;
      this.#start();
      if (this.#inFlight === 0 && this.#waiting.length === 0) this.#idle?.();
    }
  }
}
