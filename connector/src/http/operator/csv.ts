/** What a spreadsheet would run as a formula (OWASP, CSV injection): the four signs, and a tab or return before which it looks further. */
const formula = /^[=+\-@\t\r]/;

/** One line of RFC 4180. A cell that looks like a formula gets an apostrophe in front, and every cell that needs it is quoted. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  // A number of ours, a negative one too, is no formula; a text that only looks like one stays a text.
  if (typeof value === "number") return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n\t']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
