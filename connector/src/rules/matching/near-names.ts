import { normaliseName } from "./normalise-name.ts";

/** Words that say little about who somebody is: two names that differ in them alone are worth a look. */
const commonWords: ReadonlySet<string> = new Set(
  `the and und et y e of de di du la le los group gruppe groupe holding holdings international intl global worldwide services service
   solutions company co old new usa us uk eu emea europe europa deutschland germany france canada
   usd eur gbp cad aud chf jpy nzd sek nok dkk mxn customer vendor kunde lieferant`.split(/\s+/),
);

/** From here on two names are alike enough for a person's eye. */
export const nearEnough = 0.6;

/** A remainder shorter than this says nothing. */
const shortestKey = 3;

/**
 * What two names, given by their stems, have to share before they are compared at all. The consonants of the words that matter, in
 * no order; the same without the first and without the last word, so that "Dr Acme", "Acme" and "Acme Dallas" meet.
 */
export function nearKeys(stem: string): string[] {
  const words = wordsThatMatter(stem);
  const sets = [words];
  if (words.length > 1) sets.push(words.slice(0, -1));
  // Of two words the second is most often the trade: all bakers of a town are no duplicates.
  if (words.length > 2) sets.push(words.slice(1));
  const keys = sets.map((set) => set.map(skeleton).sort().join(" "));
  return [...new Set(keys.filter((key) => key.replaceAll(" ", "").length >= shortestKey))];
}

/** A name as it is compared: worth keeping where it is compared with several. */
export interface NearForm {
  stem: string;
  /** Of the words that matter. */
  skeletons: string[];
}

export function nearForm(name: string): NearForm {
  const { stem } = normaliseName(name);
  return { stem, skeletons: wordsThatMatter(stem).map(skeleton) };
}

/** 0..1: how alike two names are. 1: equal after normalisation, whatever their legal forms. */
export function nearness(one: NearForm, other: NearForm): number {
  if (one.stem === other.stem) return 1;
  return Math.min(0.99, Math.max(wordLikeness(one, other), letterLikeness(one.stem, other.stem)));
}

function wordsThatMatter(stem: string): string[] {
  const all = stem.split(" ");
  const some = all.filter((word) => !commonWords.has(word));
  return some.length > 0 ? some : all;
}

/** Vowels are what people misspell and what transliteration changes; a final s is a plural. */
function skeleton(word: string): string {
  const consonants = word.slice(0, 1) + word.slice(1).replace(/[aeiouyäöü]/g, "");
  return consonants.replace(/(.)\1+/gu, "$1").replace(/(?<=.{2})s$/u, "");
}

/** The share of words in common, those that matter little left out. */
function wordLikeness({ skeletons: left }: NearForm, { skeletons: right }: NearForm): number {
  const open = [...right];
  let common = 0;
  for (const word of left) {
    const place = open.indexOf(word);
    if (place < 0) continue;
    open.splice(place, 1);
    common += 1;
  }
  return (2 * common) / (left.length + right.length);
}

/** The share of letters that need not be changed to make one the other. */
function letterLikeness(one: string, other: string): number {
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 1 : 1 - distance(one.slice(0, 255), other.slice(0, 255)) / longest;
}

/** Levenshtein's, one row at a time. */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one.charAt(row - 1) === other.charAt(column - 1) ? 0 : 1;
      const fromAbove = (above[column] ?? 0) + 1;
      const fromLeft = (line[column - 1] ?? 0) + 1;
      line.push(Math.min(fromAbove, fromLeft, (above[column - 1] ?? 0) + same));
    }
    above = line;
  }
  return above[other.length] ?? 0;
}
