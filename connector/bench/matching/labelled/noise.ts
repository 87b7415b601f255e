import type { Dice } from "./dice.ts";

/** Ways to write a name that say nothing about whose it is. Each keeps the label true. */
const writing: readonly ((name: string, dice: Dice) => string)[] = [
  (name) => name.toUpperCase(),
  (name, dice) => atBlank(name, dice, "  "),
  (name, dice) => atBlank(name, dice, "\u00a0"),
  (name) => ` ${name} `,
];

const equal: readonly ((name: string, dice: Dice) => string)[] = [
  ...writing,
  (name) => name.toLowerCase(),
  (name) => `${name}.`,
  (name, dice) => atBlank(name, dice, "-"),
  (name, dice) => atBlank(name, dice, ", "),
  (name, dice) => atBlank(name, dice, " / "),
  accented,
  (name) => `${name} (deleted)`,
  (name) => `${name}™`,
];

/** Often as it is, sometimes with one or two of them. */
export function noisyName(name: string, kind: "equal" | "writing", dice: Dice): string {
  const ways = kind === "equal" ? equal : writing;
  const times = dice.below(3);
  let noisy = name;
  for (let time = 0; time < times; time += 1) noisy = ways[dice.below(ways.length)]?.(noisy, dice) ?? noisy;
  return noisy;
}

const accents: Readonly<Record<string, string>> = { a: "á", e: "è", i: "ï", o: "ô", u: "ü", n: "ñ", c: "ç" };

function accented(name: string, dice: Dice): string {
  const places = [...name.matchAll(/[aeiounc]/g)].map(({ index }) => index);
  const place = places[dice.below(Math.max(1, places.length))];
  if (place === undefined) return name;
  const letter = name.charAt(place);
  return `${name.slice(0, place)}${accents[letter] ?? letter}${name.slice(place + 1)}`;
}

function atBlank(name: string, dice: Dice, instead: string): string {
  const blanks = [...name.trim().matchAll(/(?<=[A-Za-z]) (?=[A-Za-z])/g)].map(({ index }) => index);
  const at = blanks[dice.below(Math.max(1, blanks.length))];
  return at === undefined ? name : `${name.trim().slice(0, at)}${instead}${name.trim().slice(at + 1)}`;
}

/** The addresses in one field, as bookkeepers fill it. */
export function noisyMailField(addresses: readonly string[], dice: Dice): string {
  const pieces = addresses.map((address) => (dice.one(0.1) ? address.toUpperCase() : address));
  if (dice.one(0.05)) pieces.push(dice.of(["n/a", "call first", "see notes @ desk", "bill@"]));
  return dice.shuffled(pieces).join(dice.of(["; ", ",", ", ", ";"]));
}
