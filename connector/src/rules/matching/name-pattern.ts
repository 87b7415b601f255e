import { foldCase } from "./fold-case.ts";

/** Longer ones are no pattern that a person wrote. */
export const longestPattern = 200;

/**
 * Is a name of this pattern? `*` stands for anything; letter case and blanks at the ends do not count. Found piece by
 * piece from the left, in time proportional to the name: no pattern makes it slow.
 */
export function fitsPattern(pattern: string, name: string): boolean {
  const pieces = foldCase(pattern.trim()).split("*");
  const text = foldCase(name.trim());
  const [first = "", ...rest] = pieces;
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const piece of rest) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return from <= end;
}
