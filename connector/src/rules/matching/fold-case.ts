/**
 * Full case folding (Unicode CaseFolding.txt, statuses C and F), computed from the mappings that JavaScript has: lower, upper, lower again.
 * So that: ß, ẞ and SS are one (the upper case expands it); final, medial and capital sigma are one; ligatures and the micro sign are
 * what they stand for; İ is i with a dot of its own, as folding has it, and dotless ı stays itself, though its upper case is I.
 */
export function foldCase(text: string): string {
  return text
    .normalize("NFC")
    .split("ı")
    .map((part) => part.toLowerCase().toUpperCase().toLowerCase())
    .join("ı")
    .replaceAll("ς", "σ")
    .normalize("NFC");
}
