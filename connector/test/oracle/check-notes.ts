// The block in an organization's notes, from the rules: between two marker lines; by default only where the notes hold nothing else; people's
// text stays to the letter; a line that looks like a marker never stands in a block; nothing of it is left where nobody is linked.
import type { Card } from "./check-cards.ts";
import type { Directory, Organization } from "./directory.ts";
import type { Findings } from "./findings.ts";
import type { NotePlace } from "./input.ts";

const opening = "--- QuickBooks: kept current by ml-connector, changes in here are overwritten ---";
const closing = "--- End of QuickBooks ---";
const mostCharacters = 8_000;

export function checkNotes(
  cards: readonly Card[],
  { before, now, place }: { before: Directory; now: Directory; place: NotePlace },
  findings: Findings,
): void {
  const linked = new Set(cards.map((card) => card.organizationId));
  for (const [organizationId, is] of now.organizations) {
    const { blocks, text } = read(is);
    const was = before.organizations.get(organizationId);
    const expected = was === undefined ? undefined : read(was).text;
    if (expected !== undefined && expected !== text)
      findings.add("foreign", { organizationId, what: "notes", expected, found: text });
    const differs = (what: string, wanted: unknown, found: unknown) =>
      findings.add("different", { organizationId, what: `note block: ${what}`, expected: wanted, found });
    if (blocks.length > 1) differs("only one", 1, blocks.length);
    const [block] = blocks;
    if (block === undefined) continue;
    if (place === "none" || !linked.has(organizationId)) differs("none here", undefined, block.join("\n"));
    else if (place === "alone" && text !== "") differs("not beside text", undefined, block.join("\n"));
    const markers = block.filter((line) => /^-+\s*(end of )?quickbooks/i.test(line.trim()));
    if (markers.length > 0) differs("no line like a marker", [], markers);
    if (block.join("\n").length > mostCharacters) differs("bounded", mostCharacters, block.join("\n").length);
  }
}

function read({ record }: Organization): { blocks: string[][]; text: string } {
  const notes = typeof record["notes"] === "string" ? record["notes"] : "";
  const blocks: string[][] = [];
  const text: string[] = [];
  let open: string[] | undefined;
  for (const line of notes.split(/\r?\n/)) {
    if (line.trim() === opening) {
      // One that was never closed is people's own.
      if (open) text.push(opening, ...open);
      open = [];
    } else if (open && line.trim() === closing) {
      blocks.push(open);
      open = undefined;
    } else (open ?? text).push(line);
  }
  if (open) text.push(opening, ...open);
  return { blocks, text: text.filter((line) => line.trim() !== "").join("\n") };
}
