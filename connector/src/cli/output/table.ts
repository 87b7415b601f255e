import Table from "cli-table3";
import { cellsOf, oneLine } from "./plain-text.ts";

export interface Column {
  head: string;
  align?: "left" | "right";
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
 * undefined, as in a pipe, nothing is wrapped. `heading` styles the first line.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
  layout: { width: number | undefined; heading: (text: string) => string },
): string {
  const cells = rows.map((row) => row.map((cell) => oneLine(String(cell))));
  const natural = columns.map(({ head }, at) =>
    Math.max(1, ...[head, ...cells.map((row) => row[at] ?? "")].map(cellsOf)),
  );
  const widths =
    layout.width === undefined ? natural : fitWidths(natural, layout.width - separator.length * (columns.length - 1));
  const drawn = new Table({
    chars: noLines,
    style: none,
    colWidths: widths,
    colAligns: columns.map(({ align }) => align ?? "left"),
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  drawn.push(
    columns.map(({ head }) => head),
    ...cells,
  );
  const [first = "", ...others] = drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  return [layout.heading(first), ...others].join("\n");
}

/** Takes from the widest columns until all fit; none gets narrower than a few letters, then the terminal is too narrow for any table. */
export function fitWidths(natural: readonly number[], available: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - available;
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= narrowest) break;
    widths[widest] = width - 1;
    over -= 1;
  }
  return widths;
}
