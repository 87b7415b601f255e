import { OperatorError } from "../../domain/index.ts";
import type { ErasedTexts } from "./ports.ts";

const put = "[erased]";
const mostTexts = 50;
const longest = 254;

/**
 * What to look for. An address, a telephone number or a full name: a single word would take away what belongs to others, or words of our own.
 * A text counts as a whole: `ann@x.example` is not found in `joann@x.example`.
 */
export function erasedTexts(given: readonly string[]): ErasedTexts {
  const texts = [...new Set(given.map((text) => text.normalize("NFC").trim()))];
  if (texts.length === 0 || texts.length > mostTexts)
    throw new OperatorError(
      `Name 1 to ${mostTexts} texts: e-mail addresses, telephone numbers or full names of one person.`,
    );
  const unusable = texts.filter((text) => !isOfAPerson(text));
  if (unusable.length > 0)
    throw new OperatorError(
      `${unusable.length === 1 ? "One text is" : `${unusable.length} texts are`} neither an e-mail address nor a telephone number nor a full name of two words or more: it would be found with other people too.`,
    );
  return { texts, put, inJson: patternOf(texts.map(asInJson)), inText: patternOf(texts) };
}

function isOfAPerson(text: string): boolean {
  if (text.length > longest) return false;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return true;
  if (/^[+()\d\s./-]+$/.test(text)) return text.replaceAll(/\D/g, "").length >= 7;
  const words = text.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word));
  return words.length >= 2;
}

/** As PostgreSQL writes jsonb: quotes, backslashes and control characters escaped, everything else as it is. */
function asInJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Letters, digits and what joins them in an address must not go on before or after; a full stop may end a sentence. */
function patternOf(texts: readonly string[]): string {
  const escaped = texts.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&").replaceAll(/\s+/g, "\\s+"));
  return `(?<![[:alnum:]._%+-])(?:${escaped.join("|")})(?![[:alnum:]_%+-]|[.][[:alnum:]])`;
}
