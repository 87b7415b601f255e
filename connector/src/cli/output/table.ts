import Table from "cli-table3";
import { cellsOf, oneLine } from "../../views/index.ts";

export interface Column {
  head: string;
  align?: "left" | "right";
  /** Its cells are never broken: ids and times, which people copy. */
  whole?: true;
}

const separator = "  ";
const narrowest = 8;
const none = { head: [], border: [], "padding-left": 0, "padding-right": 0 };
const noLines = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: separator,
};

/**
 * Columns parted by two blanks, without lines: it stays readable in a pipe. Cells are made safe to show. `width` is that of the terminal;
 * undefined, as in a pipe, nothing is wrapped. `heading` styles the line of heads.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
  layout: { width: number | undefined; heading: (text: string) => string },
): string {
  const cells = [columns.map(({ head }) => head), ...rows.map((row) => row.map((cell) => oneLine(String(cell))))];
  const natural = columns.map((_, at) => Math.max(1, ...cells.map((row) => cellsOf(row[at] ?? ""))));
  const least = columns.map(({ whole }, at) => (whole ? (natural[at] ?? 0) : narrowest));
  const room = layout.width === undefined ? undefined : layout.width - separator.length * (columns.length - 1);
  const widths = room === undefined ? natural : fitWidths(natural, least, room);
  const draw = (lines: readonly (readonly string[])[]) => {
    const drawn = new Table({
      chars: noLines,
      style: none,
      colWidths: widths,
      colAligns: columns.map(({ align }) => align ?? "left"),
    });
    drawn.push(...lines.map((row) => row.map((cell, at) => wrapped(cell, widths[at] ?? 1))));
    return drawn
      .toString()
      .split("\n")
      .map((line) => line.trimEnd());
  };
  const [heads = [], ...body] = cells;
  return [...draw([heads]).map(layout.heading), ...(body.length > 0 ? draw(body) : [])].join("\n");
}

/** Takes from the widest columns that may still shrink until all fit, or none may. */
export function fitWidths(natural: readonly number[], least: readonly number[], room: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    let widest = -1;
    for (const [at, width] of widths.entries())
      if (width > (least[at] ?? 0) && width > (widths[widest] ?? 0)) widest = at;
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}

/** Lines of at most `width`: broken at blanks, and inside a word only where it is longer than a line. Nothing is cut off. */
export function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((whole) => pieces(whole, width))) {
    if (line === "") line = word;
    else if (cellsOf(line) + 1 + cellsOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].join("\n");
}

function pieces(word: string, width: number): string[] {
  const found: string[] = [];
  let piece = "";
  for (const letter of word) {
    if (piece !== "" && cellsOf(piece + letter) > width) {
      found.push(piece);
      piece = "";
    }
    piece += letter;
  }
  return [...found, piece];
}
