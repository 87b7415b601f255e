/**
 * What the lanes of one owner hold, so that no key, family or organization is worked on twice at once.
 *
 *   free --take--> held --release--> free
 *
 * In memory on purpose: the owner is one process; across processes the epoch and the write log guard.
 */
export class Holds {
  readonly #held = new Set<string>();

  /** True: the caller holds `name` until it releases it. False: somebody else does. */
  take(name: string): boolean {
    if (this.#held.has(name)) return false;
    this.#held.add(name);
    return true;
  }

  release(name: string): void {
    this.#held.delete(name);
  }

  /** The held names that start with `prefix`, without it. */
  namesUnder(prefix: string): string[] {
    const names: string[] = [];
    for (const name of this.#held) if (name.startsWith(prefix)) names.push(name.slice(prefix.length));
    return names;
  }
}
