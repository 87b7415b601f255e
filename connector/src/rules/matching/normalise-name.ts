import { foldCase } from "./fold-case.ts";
import { attachedForms, splitLegalForms } from "./legal-forms.ts";

/**
 * Raised whenever the same name comes out otherwise, here or as near keys: what is stored of names is then made anew at the next start.
 * 1: released with 0.1. 2: "(deleted)" before punctuation, near keys. 3: names with those of the parents.
 */
export const nameFormsVersion = 3;

/** What remains of a name when only what tells clients apart is kept. */
export interface NormalName {
  /** Equal stems: the same name, but for legal forms. Never empty for a name that has any visible character. */
  stem: string;
  /** `inc`, `gmbh-co-kg`; several joined by blanks, in the order of the name. */
  legalForm: string | undefined;
}

/** Letters that carry their stroke or ligature in the code point itself: decomposition does not free them. */
const plainLetters: Readonly<Record<string, string>> = { ø: "o", ł: "l", đ: "d", ħ: "h", ı: "i", æ: "ae", œ: "oe" };

/** Names equal but for case, white space, punctuation, accents, "(deleted)" and the writing of legal forms come out equal. */
export function normaliseName(text: string): NormalName {
  const folded = foldCase(text.replace(/[™®©℠]/gu, " ").normalize("NFKC"))
    .replace(/[\p{Cc}\p{Cf}]+/gu, (found) => (/\p{Cc}/u.test(found) ? " " : ""))
    .trim()
    .replace(/(?:\s*\(deleted\)[\s\p{P}]*)+$/u, "");
  const words = wordsOf(withoutAccents(folded));
  // A name of signs alone ("!!!") is a name, too.
  if (words.length === 0) return { stem: folded.replace(/\s+/gu, " ").trim(), legalForm: undefined };
  const { words: left, forms } = splitLegalForms(words);
  return { stem: left.join(" "), legalForm: forms.length === 0 ? undefined : forms.join(" ") };
}

/** Latin and Greek only: in other scripts the marks are letters (Cyrillic й, Japanese が, Devanagari vowels). */
function withoutAccents(text: string): string {
  return text
    .normalize("NFD")
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}])\p{Mn}+/gu, "")
    .normalize("NFC")
    .replace(/[øłđħıæœ]/gu, (letter) => plainLetters[letter] ?? letter);
}

function wordsOf(text: string): string[] {
  return (
    text
      .replace(attachedForms, " $& ")
      .replace(/['’‘ʼ`´′]/gu, "")
      // Punctuation like any other sign, and no word: only before these words is it part of a legal form.
      .replace(/&(?=\s*(?:co|company|cie|compagnie)(?![\p{L}\p{N}]))/gu, " and ")
      .replace(/(?<=\s)\+(?=\s)/gu, " ")
      .replace(/(?<![\p{L}\p{N}])\p{L}(?:\/\p{L})+(?![\p{L}\p{N}])/gu, withoutSigns)
      .replace(/(?<![\p{L}\p{N}])\p{L}(?:\.\s?\p{L}(?![\p{L}\p{N}]))+\.?/gu, withoutSigns)
      .replace(/[^\p{L}\p{N}\p{M}+]+/gu, " ")
      .split(" ")
      .filter((word) => word !== "")
  );
}

/** `s.p.a.`, `a/s` and `j. p.` are one word each. */
function withoutSigns(initials: string): string {
  return initials.replace(/[./\s]/gu, "");
}
