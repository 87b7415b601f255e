// Rows in which every pair of values of any two factors stands together at least once, made greedily and always the same for one seed.

export type Factors = Readonly<Record<string, readonly unknown[]>>;
export type Row<Of extends Factors> = { readonly [Name in keyof Of]: Of[Name][number] };

/** So many rows are tried for each that is taken: more find shorter arrays, slower. */
const tries = 8;

export function coveringArray<const Of extends Factors>(factors: Of, seed: number): Row<Of>[] {
  const names = Object.keys(factors);
  const sizes = names.map((name) => factors[name]?.length ?? 0);
  const random = mulberry32(seed);
  const open = new Set(allPairs(sizes));
  const rows: number[][] = [];
  while (open.size > 0) {
    let best: number[] = [];
    let most = -1;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const row = greedyRow(sizes, open, random);
      const gained = pairsOf(row).filter((pair) => open.has(pair)).length;
      if (gained > most) [best, most] = [row, gained];
    }
    rows.push(best);
    for (const pair of pairsOf(best)) open.delete(pair);
  }
  return rows.map(
    (row) => Object.fromEntries(names.map((name, factor) => [name, factors[name]?.[row[factor] ?? 0]])) as Row<Of>, // one value per factor
  );
}

/** Starts with a pair that is still open, then gives each other factor, in random order, the value that closes most pairs. */
function greedyRow(sizes: readonly number[], open: ReadonlySet<string>, random: () => number): number[] {
  const row: (number | undefined)[] = sizes.map(() => undefined);
  const pairs = [...open];
  const [one = "0.0", other = "0.0"] = (pairs[Math.floor(random() * pairs.length)] ?? "").split(" ");
  for (const place of [one, other]) {
    const [factor = 0, value = 0] = place.split(".").map(Number);
    row[factor] = value;
  }
  for (const factor of shuffled(sizes.keys(), random)) {
    if (row[factor] !== undefined) continue;
    let most = -1;
    for (const value of shuffled(Array(sizes[factor] ?? 1).keys(), random)) {
      const gained = row.filter(
        (set, place) => set !== undefined && open.has(pairName(place, set, factor, value)),
      ).length;
      if (gained > most) [row[factor], most] = [value, gained];
    }
  }
  return row.map((value) => value ?? 0);
}

function allPairs(sizes: readonly number[]): string[] {
  return sizes.flatMap((size, one) =>
    sizes
      .slice(one + 1)
      .flatMap((otherSize, offset) =>
        Array.from({ length: size }, (_, value) => value).flatMap((value) =>
          Array.from({ length: otherSize }, (__, otherValue) => pairName(one, value, one + 1 + offset, otherValue)),
        ),
      ),
  );
}

function pairsOf(row: readonly number[]): string[] {
  return row.flatMap((value, one) =>
    row.slice(one + 1).map((otherValue, offset) => pairName(one, value, one + 1 + offset, otherValue)),
  );
}

function pairName(one: number, value: number, other: number, otherValue: number): string {
  return one < other ? `${one}.${value} ${other}.${otherValue}` : `${other}.${otherValue} ${one}.${value}`;
}

function shuffled(values: Iterable<number>, random: () => number): number[] {
  const list = [...values];
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [list[last], list[other]] = [list[other] ?? 0, list[last] ?? 0];
  }
  return list;
}

/** A small generator with a 32-bit state (Tommy Ettinger, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
