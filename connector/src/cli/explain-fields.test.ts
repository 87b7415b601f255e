import { describe, expect, it } from "vitest";
import { parseConnectionId } from "../domain/index.ts";
import type { JournalFilter, JournalStore, RecordedEntry } from "../oversight/journal/index.ts";
import { countEffects, explainFields, lastChanges, newestRow } from "../views/index.ts";
import { acmeOrganization, sampleEntry } from "./commands/sample-world.ts";

const connectionId = parseConnectionId(1);

/** Rows newest first, as the store gives them, and what was asked. */
function journalOf(rows: RecordedEntry[]): JournalStore & { asked: JournalFilter[] } {
  const asked: JournalFilter[] = [];
  return {
    asked,
    search: (filter) => {
      asked.push(filter);
      return Promise.resolve(
        rows
          .filter(({ id }) => filter.before === undefined || id < filter.before)
          .sort((one, other) => other.id - one.id)
          .slice(0, filter.limit),
      );
    },
  };
}

const many = (count: number, action: RecordedEntry["action"]) =>
  Array.from({ length: count }, (_, at) =>
    sampleEntry(at + 1, action, { after: at === 0 ? { qbo_a: "1" } : { qbo_b: at } }),
  );

describe("lastChanges", () => {
  it("finds the newest change of each field, however many pages back", async () => {
    const journal = journalOf(many(450, "updated"));
    const found = await lastChanges(journal, {
      connectionId,
      organizationId: acmeOrganization,
      keys: ["qbo_a", "qbo_b"],
    });
    expect([found.get("qbo_a")?.id, found.get("qbo_b")?.id]).toEqual([1, 450]);
    expect(journal.asked).toHaveLength(3);
  });

  it("stops looking as soon as every field is explained, and after ten pages at the latest", async () => {
    const short = journalOf(many(450, "updated"));
    await lastChanges(short, { connectionId, organizationId: acmeOrganization, keys: ["qbo_b"] });
    expect(short.asked).toHaveLength(1);
    const long = journalOf(many(4000, "updated"));
    await lastChanges(long, { connectionId, organizationId: acmeOrganization, keys: ["qbo_never"] });
    expect(long.asked).toHaveLength(10);
  });
});

describe("explainFields", () => {
  it("goes by the order of the titles and takes an unchecked box for an empty one", () => {
    const fields = explainFields({
      titles: new Map([
        ["qbo_b", "B"],
        ["qbo_a", "A"],
        ["qbo_c", "C"],
      ]),
      now: { qbo_b: false, qbo_a: "1" },
      wanted: { qbo_a: "2", qbo_c: 0 },
      changes: new Map([["qbo_a", sampleEntry(5, "updated", { before: { qbo_a: "0" }, requestIds: {} })]]),
    });
    expect(fields.map(({ key, asWanted }) => [key, asWanted])).toEqual([
      ["qbo_b", true],
      ["qbo_a", false],
      ["qbo_c", false],
    ]);
    expect(fields[1]?.changed).toMatchObject({
      entryId: 5,
      before: "0",
      requestIds: { zendesk: null, quickbooks: null },
    });
  });
});

describe("countEffects", () => {
  it("counts rows after the starting one over pages, and stops there", async () => {
    const rows = [...many(1200, "updated"), sampleEntry(1201, "member-added"), sampleEntry(1202, "replayed")];
    const journal = journalOf(rows);
    expect(await newestRow(journal, connectionId)).toBe(1202);
    const counts = await countEffects(journal, connectionId, { row: 600, party: undefined });
    expect(counts).toMatchObject({ updated: 600, membersAdded: 1, created: 0, parked: 0 });
    expect(journal.asked).toHaveLength(3);
  });

  it("knows an empty journal", async () => {
    expect(await newestRow(journalOf([]), connectionId)).toBe(0);
  });
});
