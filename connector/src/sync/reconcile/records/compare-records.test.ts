import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import type { ConnectionId, LocalDate, OrganizationId, Realm } from "../../../domain/index.ts";
import { compareRecords } from "./compare-records.ts";
import type { ItemOutcome } from "./deliver-records.ts";
import { driftedRecords } from "./find-drift.ts";
import type { FoundRecord, KnownRecord, PartyDocument } from "./ports.ts";
import { recordEntry } from "./record-journal.ts";
import { refusals, settleRecords } from "./settle-records.ts";

const day = (text: string) => text as LocalDate; // well-formed days of this file
const context = {
  realm: "9" as Realm,
  appUrl: "https://qbo.example",
  today: day("2026-11-20"),
  graceDays: 0,
  recordDays: 90,
  terms: new Map(),
};
const invoice = (id: string, more: Partial<PartyDocument> = {}): PartyDocument => ({
  entity: "Invoice",
  id,
  number: id,
  date: day("2026-11-01"),
  dueDate: day("2026-12-01"),
  termsId: undefined,
  total: new Decimal(10),
  balance: new Decimal(10),
  currency: "USD",
  changedOn: day("2026-11-01"),
  party: { name: "Acme", termsId: undefined },
  organizationId: 11 as OrganizationId,
  top: "customer:1",
  ...more,
});
/** What is remembered once these documents were written. */
const remembered = (...documents: PartyDocument[]): KnownRecord[] =>
  compareRecords([], documents, context).upserts.map(({ kept }) => kept);

describe("records compared with documents", () => {
  it("sends what is new, changed or unknown, and nothing of what is as it was", () => {
    const [same, changed, unknown] = remembered(invoice("1"), invoice("2"), invoice("3"));
    if (!same || !changed || !unknown) throw new Error("three documents, three records");
    const { upserts, deletes, moved } = compareRecords(
      [same, changed, { ...unknown, content: undefined }],
      [invoice("1"), invoice("2", { balance: new Decimal(4) }), invoice("3"), invoice("4")],
      context,
    );
    expect(upserts.map(({ kept }) => kept.id)).toEqual(["2", "3", "4"]);
    expect([deletes, moved]).toEqual([[], []]);
  });

  it("takes away only what was made, once its document is gone or kept no longer", () => {
    const known = remembered(invoice("1"), invoice("2"));
    const paid = invoice("2", { balance: new Decimal(0), changedOn: day("2026-01-01") });
    expect(compareRecords(known, [paid], context).deletes.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(compareRecords([], [paid], context)).toEqual({ upserts: [], deletes: [], moved: [] });
  });

  it("keeps a document's record when it changes hands: the lookup goes along", () => {
    const known = remembered(invoice("1"));
    const elsewhere = invoice("1", { organizationId: 12 as OrganizationId, top: "customer:2" });
    const { upserts, deletes } = compareRecords(known, [elsewhere], context);
    expect(upserts.map(({ record, kept }) => [record.organizationId, kept.party])).toEqual([[12, "customer:2"]]);
    expect(deletes).toEqual([]);
  });

  it("remembers another party or day without a call", () => {
    const [known] = remembered(invoice("1"));
    if (!known) throw new Error("one document, one record");
    const { upserts, moved } = compareRecords([{ ...known, lookOn: undefined }], [invoice("1")], context);
    expect([upserts.length, moved.length]).toEqual([0, 1]);
  });
});

describe("records that somebody changed in Zendesk", () => {
  it("are those that are not as we left them, as they are now; not what nobody knows of, nor records of others", () => {
    const [same, edited, unknown, unlinked] = remembered(invoice("1"), invoice("2"), invoice("3"), invoice("4"));
    if (!same || !edited || !unknown || !unlinked) throw new Error("four documents, four records");
    const found = compareRecords([], [invoice("1"), invoice("2", { balance: new Decimal(3) }), invoice("4")], context)
      .upserts.map(({ record }): FoundRecord => record)
      .map((record) => (record.externalId.endsWith(":4") ? { ...record, organizationId: undefined } : record));
    const drifted = driftedRecords([same, edited, { ...unknown, content: undefined }, unlinked], found);
    expect(drifted.map(({ id, content }) => [id, content === undefined])).toEqual([
      ["2", false],
      ["4", true],
    ]);
    expect(drifted[0]?.content).toContain('["balance","3"]');
  });
});

describe("a batch of records that has ended", () => {
  const changes = compareRecords([], [invoice("1"), invoice("2", { top: "customer:2" })], context);
  const due = [
    { party: "customer:1", gen: 1, attempts: 0, causes: [] },
    { party: "customer:2", gen: 4, attempts: 2, causes: [] },
  ];
  const settled = (kinds: readonly ItemOutcome["kind"][], maxAttempts = 12) =>
    settleRecords({
      connectionId: 1 as ConnectionId,
      due,
      changes,
      outcomes: [
        {
          closed: { id: 7, state: "done" },
          items: changes.upserts.map(({ kept }, place) => ({
            item: kept,
            kind: kinds[place] ?? "unknown",
            code: "InvalidValue",
          })),
        },
      ],
      maxAttempts,
      random: () => 1,
    });

  it("settles whose records are as wanted, and remembers them", () => {
    const settlement = settled(["as-wanted", "as-wanted"]);
    expect(settlement.settled).toEqual(due);
    expect(settlement.kept.map(({ id, content }) => [id, content !== undefined])).toEqual([
      ["1", true],
      ["2", true],
    ]);
  });

  it("puts off only whose record failed, and remembers that nobody knows what it holds", () => {
    const settlement = settled(["as-wanted", "refused"]);
    expect(settlement.settled.map(({ party }) => party)).toEqual(["customer:1"]);
    expect(settlement.deferred).toEqual([{ party: "customer:2", waitMs: 8_000, failed: true }]);
    expect(settlement.kept.find(({ id }) => id === "2")?.content).toBeUndefined();
  });

  it("gives up after the attempts of the settings, until the card changes again", () => {
    expect(settled(["as-wanted", "refused"], 3).settled).toEqual(due);
  });

  it("tells of each record that was written, and of no other, what it was and is", () => {
    const { journal } = settled(["as-wanted", "refused"]);
    expect(journal).toMatchObject([
      {
        action: "record-written",
        parties: ["customer:1"],
        organizationId: 11,
        before: {},
        after: { name: "Invoice 1", organization: "11", total: "10" },
        outcome: "record qbo:9:invoice:1",
      },
    ]);
    const known = remembered(invoice("1"));
    const changed = compareRecords(known, [invoice("1", { balance: new Decimal(4) })], context);
    const [upsert] = changed.upserts;
    const written = recordEntry({
      connectionId: 1 as ConnectionId,
      party: "customer:1",
      externalId: "qbo:9:invoice:1",
      causes: [],
      before: upsert?.before,
      after: upsert?.kept.content,
      requestId: "r-1",
    });
    expect([written.before, written.after, written.requestIds]).toEqual([
      { balance: "10", status: "qbo_document_open" },
      { balance: "4", status: "qbo_document_partly_paid" },
      { zendesk: "r-1" },
    ]);
  });

  it("forgets nothing of what was never sent", () => {
    expect(settled(["not-sent", "not-sent"]).kept).toEqual([]);
  });

  it("counts refusals by their code", () => {
    const item = changes.upserts[0]?.kept;
    if (!item) throw new Error("there is an upsert");
    const outcome = {
      closed: { id: 1, state: "done" as const },
      items: [{ item, kind: "refused" as const, code: "TooLong" }],
    };
    expect([...refusals([outcome, outcome])]).toEqual([["TooLong", 2]]);
  });
});
