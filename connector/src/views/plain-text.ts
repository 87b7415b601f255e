/**
 * A remote text as it may be shown on a terminal: names come from outside and may hold escape sequences that move the cursor, or characters
 * that turn the direction of reading (CWE-150). Line feeds and tabs become blanks too: a cell and an error are one line.
 */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replaceAll(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, "")
    .replaceAll(/ {2,}/g, " ")
    .trim();
}

/** The same, cut to a length. */
export function shortened(text: string, length: number): string {
  return cut(oneLine(text), length);
}

/** Between letters, never inside one, with an ellipsis. */
export function cut(text: string, length: number): string {
  const letters = Array.from(text);
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join("")}…`;
}

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/gu;

/** Cells that a text takes on a terminal, where East Asian letters and emoji take two. */
export function cellsOf(text: string): number {
  return Array.from(text).length + (text.match(wide)?.length ?? 0);
}
