// The form in which texts leave us: NFC, no control characters, single blanks. Zendesk trims and folds some of these itself,
// so anything else would read back as a difference.

/** One line: control characters and line breaks are blanks. */
export function plainLine(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

/** Several lines: each plain, empty ones gone. */
export function plainLines(text: string): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/u)
    .map(plainLine)
    .filter((line) => line !== "")
    .join("\n");
}

/** At most `length` UTF-16 units, never half a character, no blank at the end. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(length));
  return text.slice(0, splitsPair ? length - 1 : length).trimEnd();
}

/** Joins as many whole parts, in order, as fit into `length`. A half address or key would be a wrong one. */
export function joinWhole(parts: readonly string[], separator: string, length: number): string {
  let joined = "";
  for (const part of parts) {
    const longer = joined === "" ? part : joined + separator + part;
    if (longer.length > length) break;
    joined = longer;
  }
  return joined;
}
