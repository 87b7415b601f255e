import { plainLine } from "../plain-text.ts";

/** What stands between these lines of an organization's notes is ours; everything around them is people's. */
const startMarker = "--- QuickBooks: kept current by ml-connector, changes in here are overwritten ---";
const endMarker = "--- End of QuickBooks ---";
/** An agent reads notes beside a ticket: a page of them is too much. */
const mostLines = 60;
const mostChars = 6_000;
const cutLine = "...";

/**
 * The lines of a note in their one form: no empty line at either end, bounded by whole lines. A line that looks like one of our markers is
 * broken: it would end the block early, and what follows it would be taken for people's text. Null: there is nothing to say.
 */
export function noteLines(text: string): string | null {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/u).map((line) => breakMarker(plainLine(line)));
  const whole: string[] = [];
  let chars = 0;
  for (const line of lines) {
    if (line === "" && (whole.length === 0 || whole.at(-1) === "")) continue;
    chars += line.length + 1;
    if (whole.length >= mostLines || chars > mostChars) {
      whole.push(cutLine);
      break;
    }
    whole.push(line);
  }
  while (whole.at(-1) === "") whole.pop();
  return whole.length === 0 ? null : whole.join("\n");
}

export interface ReadNotes {
  /** The lines between our markers; null: there is no block. */
  block: string | null;
  /** People wrote something around it. */
  hasText: boolean;
}

export function readNotes(notes: string): ReadNotes {
  const { before, block, after } = split(notes);
  return { block: block === undefined ? null : noteLines(block), hasText: (before + after).trim() !== "" };
}

/** The notes with this block in the place of the one that is there; without any, after people's text. Their text stays to the letter. */
export function withBlock(notes: string, block: string | null): string {
  const found = split(notes);
  const ours = block === null ? "" : [startMarker, block, endMarker].join("\n");
  if (found.block === undefined) {
    if (ours === "") return notes;
    return notes.trim() === "" ? ours : `${notes}${notes.endsWith("\n") ? "" : "\n"}\n${ours}`;
  }
  if (ours !== "") return found.before + ours + found.after;
  // The blank line that we had put before the block goes with it.
  const before = found.after.trim() === "" ? found.before.replace(/\n\n$/, "\n").replace(/^\n$/, "") : found.before;
  return before.trim() === "" && found.after.trim() === "" ? "" : before + found.after;
}

interface Split {
  before: string;
  block: string | undefined;
  after: string;
}

/** The first end marker that a start marker precedes, and the nearest such start: a marker that lost its partner takes nothing along. */
function split(notes: string): Split {
  const lines = notes.split("\n");
  let start = -1;
  for (const [index, line] of lines.entries()) {
    if (isMarker(line, startMarker)) start = index;
    else if (start !== -1 && isMarker(line, endMarker)) {
      const before = lines
        .slice(0, start)
        .map((each) => `${each}\n`)
        .join("");
      const after = lines
        .slice(index + 1)
        .map((each) => `\n${each}`)
        .join("");
      const block = lines
        .slice(start + 1, index)
        .map((each) => each.replace(/\r$/, ""))
        .join("\n");
      return { before, block, after };
    }
  }
  return { before: notes, block: undefined, after: "" };
}

function isMarker(line: string, marker: string): boolean {
  return plainLine(line) === marker;
}

function breakMarker(line: string): string {
  return /^-{2,}\s*(end of\s+)?quickbooks/i.test(line) ? line.replace(/^-+/, "~") : line;
}
