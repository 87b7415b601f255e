interface Waiting<Item> {
  item: Item;
  resolve: () => void;
  reject: (fault: unknown) => void;
}

/**
 * Fills jobs across batches: a batch rarely decides as many writes of one kind as a job holds, and a job costs the same call, however much
 * it holds. What makes no full job waits as long as another batch is being decided, and goes at the latest with the last of them.
 */
export class JobFiller<Item> {
  readonly #size: number;
  readonly #groupOf: (item: Item) => string;
  readonly #send: (items: readonly Item[]) => Promise<void>;
  readonly #groups = new Map<string, Waiting<Item>[]>();
  #deciding = 0;

  /** Only items of one group share a job of at most `size`. */
  constructor(options: { size: number; groupOf(item: Item): string; send(items: readonly Item[]): Promise<void> }) {
    this.#size = options.size;
    this.#groupOf = options.groupOf;
    this.#send = options.send;
  }

  /** Resolves when everything that `decide` returned was sent and settled; rejects with the first fault of it. */
  async fill(decide: () => Promise<readonly Item[]>): Promise<void> {
    this.#deciding += 1;
    let sent: Promise<void>[] = [];
    try {
      sent = (await decide()).map((item) => this.#add(item));
    } finally {
      this.#deciding -= 1;
      this.#sendWhatIsFull();
    }
    await Promise.all(sent);
  }

  #add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      const group = this.#groupOf(item);
      const waiting = this.#groups.get(group) ?? [];
      waiting.push({ item, resolve, reject });
      this.#groups.set(group, waiting);
    });
  }

  #sendWhatIsFull(): void {
    for (const [group, waiting] of this.#groups) {
      while (waiting.length >= this.#size || (this.#deciding === 0 && waiting.length > 0)) {
        const job = waiting.splice(0, this.#size);
        this.#send(job.map(({ item }) => item)).then(
          () => job.forEach(({ resolve }) => resolve()),
          (fault: unknown) => job.forEach(({ reject }) => reject(fault)),
        );
      }
      if (waiting.length === 0) this.#groups.delete(group);
    }
  }
}
