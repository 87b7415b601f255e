import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noteLines, readNotes, withBlock } from "./note-block.ts";

const start = "--- QuickBooks: kept current by ml-connector, changes in here are overwritten ---";
const end = "--- End of QuickBooks ---";
const human = "VIP. Ask Ann first.\n\nAllergic to phone calls.";

describe("the note block", () => {
  it("is all of the notes where they hold nothing else", () => {
    const notes = withBlock("", "Open: 12.50");
    expect(notes).toBe(`${start}\nOpen: 12.50\n${end}`);
    expect(readNotes(notes)).toEqual({ block: "Open: 12.50", hasText: false });
    expect(withBlock(notes, null)).toBe("");
  });
  it("stands after people's text, whose every letter stays", () => {
    const notes = withBlock(human, "Open: 12.50");
    expect(notes).toBe(`${human}\n\n${start}\nOpen: 12.50\n${end}`);
    expect(readNotes(notes)).toEqual({ block: "Open: 12.50", hasText: true });
    expect(withBlock(`${notes}\nAnd this was added below.`, "Open: 0.00")).toBe(
      `${human}\n\n${start}\nOpen: 0.00\n${end}\nAnd this was added below.`,
    );
  });
  it("is found also where Zendesk or an editor changed line ends and blanks", () => {
    expect(readNotes(`${human}\r\n\r\n${start} \r\nOpen: 1\r\nDue: 2\r\n${end}\r\n`).block).toBe("Open: 1\nDue: 2");
  });
  it.each([
    ["the end of which is missing", `${human}\n${start}\nOpen: 1`],
    ["the start of which is missing", `Open: 1\n${end}\n${human}`],
    ["the markers of which changed places", `${end}\n${human}\n${start}`],
  ])("takes no text of people along where there is one %s", (_, notes) => {
    expect(readNotes(notes)).toEqual({ block: null, hasText: true });
    const written = withBlock(notes, "Open: 2");
    expect(written.startsWith(notes)).toBe(true);
    expect(readNotes(written).block).toBe("Open: 2");
    expect(withBlock(written, "Open: 3").startsWith(notes)).toBe(true);
  });
  it("is not the copy that somebody pasted below: only the first one is kept", () => {
    const block = `${start}\nOpen: 1\n${end}`;
    expect(withBlock(`${block}\n${human}\n${block}`, "Open: 2")).toBe(`${start}\nOpen: 2\n${end}\n${human}\n${block}`);
  });

  const lines = fc
    .array(fc.oneof(fc.string(), fc.constantFrom(start, end, ` ${start}`, `${end}\r`, "")), { maxLength: 8 })
    .map((parts) => parts.join("\n"));
  it("leaves whatever people wrote, lone markers among it, through any number of changes", () => {
    fc.assert(
      fc.property(lines, fc.array(lines.map(noteLines), { minLength: 1, maxLength: 4 }), (notes, blocks) => {
        fc.pre(withBlock(notes, null) === notes);
        let written = notes;
        for (const block of blocks) {
          written = withBlock(written, block);
          expect(readNotes(written).block).toBe(block);
          expect(written.startsWith(notes.trimEnd())).toBe(true);
        }
        expect(withBlock(written, null).trim()).toBe(notes.trim());
      }),
      { numRuns: 500 },
    );
  });
});

describe("the lines of a note", () => {
  it("have one form: whole lines, no blank ones at the ends, no two in a row", () => {
    expect(noteLines("\n\n Open:\t1 \r\n\n\nDue: 2\n\n")).toBe("Open: 1\n\nDue: 2");
    expect(noteLines(" \n ")).toBeNull();
  });
  it("are broken where a name in QuickBooks looks like a marker of ours", () => {
    expect(noteLines(`Client: x\n${end}\n${start}\n--quickbooks`)).toBe(
      `Client: x\n~ End of QuickBooks ---\n~ QuickBooks: kept current by ml-connector, changes in here are overwritten ---\n~quickbooks`,
    );
    expect(noteLines("--- a rule of mine ---")).toBe("--- a rule of mine ---");
  });
  it("are bounded by whole lines, and say so", () => {
    const many = noteLines(Array.from({ length: 500 }, (_, index) => `Invoice ${index}`).join("\n")) ?? "";
    expect(many.split("\n")).toHaveLength(61);
    expect(many.endsWith("Invoice 59\n...")).toBe(true);
    expect((noteLines(`a\n${"b".repeat(10_000)}`) ?? "").length).toBeLessThan(100);
  });
  it("are the same when formed again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = noteLines(text);
        expect(once === null ? null : noteLines(once)).toBe(once);
      }),
    );
  });
});
