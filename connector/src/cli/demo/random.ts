/** A seeded source of choices: the same seed tells the same story on every machine. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True in about `share` of the calls. */
  chance(share: number): boolean;
  pick<Choice>(choices: readonly Choice[]): Choice;
  shuffled<Item>(items: readonly Item[]): Item[];
}

/** Mulberry32 (public domain, Tommy Ettinger): 32 bits of state are enough for a sample and easy to check by hand. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    between,
    chance: (share) => next() < share,
    pick(choices) {
      if (choices.length === 0) throw new RangeError("nothing to pick from");
      // In range by construction; an element may itself be undefined.
      return choices[between(0, choices.length - 1)] as (typeof choices)[number];
    },
    shuffled(items) {
      const mixed = [...items];
      for (let last = mixed.length - 1; last > 0; last -= 1) {
        const other = between(0, last);
        [mixed[last], mixed[other]] = [mixed[other] as (typeof mixed)[number], mixed[last] as (typeof mixed)[number]];
      }
      return mixed;
    },
  };
}
