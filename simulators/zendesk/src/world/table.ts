/** What a record is looked up by: a key function per index; `undefined` leaves the record out of that index. */
export type KeyFunctions<T> = Record<string, (record: T) => string | undefined>;

/**
 * Records by id, in id order, with named indexes. Records are never changed in place: `put` replaces them, so that
 * an earlier copy stays what it was (events carry the value before, snapshots are cheap).
 */
export class Table<T extends { id: number }> {
  readonly #records = new Map<number, T>();
  readonly #ids: number[] = [];
  readonly #keys: KeyFunctions<T>;
  readonly #indexes = new Map<string, Map<string, number[]>>();
  readonly #views = new Map<string, { version: number; records: T[] }>();
  #version = 0;

  constructor(keys: KeyFunctions<T> = {}) {
    this.#keys = keys;
    for (const name of Object.keys(keys)) this.#indexes.set(name, new Map());
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: number): T | undefined {
    return this.#records.get(id);
  }

  has(id: number): boolean {
    return this.#records.has(id);
  }

  put(record: T): T {
    const before = this.#records.get(record.id);
    if (before) this.#unindex(before);
    else this.#ids.splice(this.#positionOf(record.id), 0, record.id);
    this.#records.set(record.id, record);
    for (const [name, keyOf] of Object.entries(this.#keys)) {
      const key = keyOf(record);
      if (key === undefined) continue;
      const index = this.#indexes.get(name);
      const ids = index?.get(key);
      if (ids) ids.push(record.id);
      else index?.set(key, [record.id]);
    }
    this.#version += 1;
    return record;
  }

  remove(id: number): T | undefined {
    const record = this.#records.get(id);
    if (!record) return undefined;
    this.#unindex(record);
    this.#records.delete(id);
    this.#ids.splice(this.#positionOf(id), 1);
    this.#version += 1;
    return record;
  }

  clear(): void {
    this.#records.clear();
    this.#ids.length = 0;
    for (const index of this.#indexes.values()) index.clear();
    this.#views.clear();
    this.#version += 1;
  }

  /** All records with this key, oldest entry first. */
  where(index: string, key: string): T[] {
    const ids = this.#indexes.get(index)?.get(key) ?? [];
    return ids.flatMap((id) => this.#records.get(id) ?? []);
  }

  first(index: string, key: string): T | undefined {
    const id = this.#indexes.get(index)?.get(key)?.[0];
    return id === undefined ? undefined : this.#records.get(id);
  }

  all(): T[] {
    return this.#ids.flatMap((id) => this.#records.get(id) ?? []);
  }

  /** Up to `limit` records with an id above (`after`) or below (`before`) the given one, in id order. */
  slice(from: { after?: number; before?: number }, limit: number): T[] {
    let start = 0;
    let end = this.#ids.length;
    if (from.after !== undefined) {
      start = this.#positionOf(from.after);
      if (this.#ids[start] === from.after) start += 1;
      end = Math.min(end, start + limit);
    } else if (from.before !== undefined) {
      end = this.#positionOf(from.before);
      start = Math.max(0, end - limit);
    } else {
      end = Math.min(end, limit);
    }
    return this.#ids.slice(start, end).flatMap((id) => this.#records.get(id) ?? []);
  }

  /** All records in another order; kept until the next change, since clients page through it. */
  sortedBy(view: string, compare: (a: T, b: T) => number): readonly T[] {
    const known = this.#views.get(view);
    if (known && known.version === this.#version) return known.records;
    const records = this.all().sort(compare);
    this.#views.set(view, { version: this.#version, records });
    return records;
  }

  #unindex(record: T): void {
    for (const [name, keyOf] of Object.entries(this.#keys)) {
      const key = keyOf(record);
      if (key === undefined) continue;
      const index = this.#indexes.get(name);
      const rest = (index?.get(key) ?? []).filter((id) => id !== record.id);
      if (rest.length > 0) index?.set(key, rest);
      else index?.delete(key);
    }
  }

  /** Where `id` stands, or would stand, in the sorted list of ids. */
  #positionOf(id: number): number {
    let low = 0;
    let high = this.#ids.length;
    if (high > 0 && (this.#ids[high - 1] ?? 0) < id) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
