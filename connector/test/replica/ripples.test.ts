import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { priorities } from "../../src/domain/index.ts";
import { LostOwnership } from "../../src/sync/reconcile/ports.ts";
import { spreadMarks } from "../../src/sync/replica/index.ts";
import { document, party, reference } from "./copies.ts";
import { makeConnection } from "./make-connection.ts";
import { replicaBench } from "./replica-bench.ts";

const { apply, claimed, database, fence, gone, load, marked, marks, nextAnswer, of, replica } = await replicaBench();

describe("ripples", () => {
  it("an invoice marks its party: whose card that belongs to is asked when it is decided", async () => {
    await load([party("customer:1"), party("customer:2", { parentId: "1" })]);
    await apply([document("Invoice:9", "customer:2")]);
    expect(await marked()).toEqual(["customer:2"]);
  });

  it("a payment puts record marks on what it was and is applied to, unless that was read after it", async () => {
    await load([
      party("customer:1"),
      ...["Invoice:1", "Invoice:2", "Invoice:3"].map((key) => document(key, "customer:1", { balance: "5" })),
      document("Payment:4", "customer:1", { linked: ["Invoice:1", "Invoice:2"] }),
    ]);
    const readAt = nextAnswer();
    const paidAt = new Date(Date.parse(readAt) - 30_000).toISOString();
    await apply(
      [
        document("Payment:4", "customer:1", { linked: ["Invoice:2", "Invoice:3"], updatedAt: paidAt }),
        document("Invoice:3", "customer:1", { balance: "0", updatedAt: paidAt, linked: ["Payment:4"] }),
      ],
      { readAt },
    );
    expect(await marked()).toEqual(["Invoice:1", "Invoice:2", "customer:1"]);
  });

  it("within the second of the payment, what was read is read once more, a second later, and holds nobody up", async () => {
    await load([party("customer:1"), document("Invoice:1", "customer:1")]);
    const readAt = nextAnswer();
    await apply(
      [
        document("Payment:4", "customer:1", { linked: ["Invoice:1"], updatedAt: readAt }),
        document("Invoice:1", "customer:1"),
      ],
      {
        readAt,
      },
    );
    expect(await marked()).toEqual(["Invoice:1", "customer:1"]);
    const { priority, due_at, first_at } = await database
      .selectFrom("mark")
      .select(["priority", "due_at", "first_at"])
      .where("key", "=", "Invoice:1")
      .executeTakeFirstOrThrow();
    expect(priority).toBe(priorities.background);
    expect(due_at.getTime() - first_at.getTime()).toBe(1_000);
  });

  it("a payment and its invoice that were read together put the invoice's own mark off instead of reading it again at once", async () => {
    await load([party("customer:1"), document("Invoice:1", "customer:1")]);
    const held = await claimed("Payment:4", "Invoice:1");
    const readAt = nextAnswer();
    const paid = document("Invoice:1", "customer:1", { balance: "0", updatedAt: readAt });
    await apply([document("Payment:4", "customer:1", { linked: ["Invoice:1"], updatedAt: readAt }), paid], {
      readAt,
      marks: held,
      fence,
    });
    expect(await marked()).toEqual(["Invoice:1", "customer:1"]);
    const left = await database.selectFrom("mark").selectAll().where("key", "=", "Invoice:1").executeTakeFirstOrThrow();
    expect(left.priority).toBe(priorities.background);
    expect(left.due_at.getTime()).toBeGreaterThan(left.first_at.getTime() + 900);
    expect(left.attempts).toBe(0);
  });

  it("a changed invoice has its payments read again in the background: the card does not wait for that", async () => {
    await load([
      party("customer:1"),
      document("Invoice:1", "customer:1", { linked: ["Payment:4"] }),
      document("Payment:4", "customer:1", { linked: ["Invoice:1"] }),
    ]);
    const held = await claimed("Invoice:1");
    const updatedAt = nextAnswer();
    const changed = document("Invoice:1", "customer:1", { balance: "7", linked: ["Payment:4"], updatedAt });
    await apply([changed], { marks: held, fence, readAt: nextAnswer() });
    const rows = await database.selectFrom("mark").select(["key", "priority"]).orderBy("key").execute();
    expect(rows).toEqual([
      { key: "Payment:4", priority: priorities.background },
      { key: "customer:1", priority: priorities.live },
    ]);
  });

  it("a deleted payment marks the invoices it was applied to", async () => {
    await load([
      party("customer:1"),
      document("Invoice:1", "customer:1"),
      document("Payment:4", "customer:1", { linked: ["Invoice:1"] }),
    ]);
    await apply([], { gone: [gone("Payment:4")] });
    expect(await marked()).toEqual(["Invoice:1", "customer:1"]);
  });

  it("a document that moves to another party marks both, and has the one that it left read: it may be merged", async () => {
    await load([party("customer:1"), party("customer:2"), document("Invoice:1", "customer:1")]);
    await apply([document("Invoice:1", "customer:2", { updatedAt: "2026-01-20T00:00:00Z" })]);
    expect(await marked()).toEqual(["Customer:1", "customer:1", "customer:2"]);
  });

  it("a document of a party that we do not know asks for that party", async () => {
    await apply([document("Invoice:1", "customer:77")]);
    expect(await marked()).toEqual(["Customer:77"]);
  });

  it("a changed term marks the parties that use it, by themselves or on a document", async () => {
    await load([
      party("customer:1", { termsId: "3" }),
      party("customer:2"),
      party("customer:3"),
      document("Invoice:1", "customer:2", { termsId: "3" }),
      reference("Term:3", { DueDays: 30 }),
    ]);
    await apply([reference("Term:3", { DueDays: 14 }, { updatedAt: "2026-01-20T00:00:00Z" })]);
    expect(await marked()).toEqual(["customer:1", "customer:2"]);
  });

  it("changed preferences mark everyone, slice by slice", async () => {
    const many = Array.from({ length: 2500 }, (_, n) => party(`customer:${n + 1}`));
    await load([...many, party("vendor:1"), party("customer:9999", { parentId: "1" })]);
    await apply([reference("Preferences:1", { CurrencyPrefs: {} })]);
    expect(await marked()).toEqual(["*"]);
    expect(await spreadMarks({ marks, replica }, [{ id: of.connectionId }])).toBe(2501);
    const keys = await marked();
    expect(keys).toHaveLength(2501);
    expect(keys).not.toContain("*");
    expect(keys).not.toContain("customer:9999");
  });

  it("items and accounts mark nobody", async () => {
    await apply([reference("Item:3", { Name: "Pump" }), reference("Account:3", { Name: "Bank" })]);
    expect(await marked()).toEqual([]);
  });

  it("a new, renamed or inactive party marks those whose organizations would bear the same name, in every company of the account", async () => {
    const other = await makeConnection(database, { realm: "9341453000000002", epoch: 1 });
    const stranger = await makeConnection(database, { realm: "9341453000000003", subdomain: "other", epoch: 1 });
    await load([party("customer:1", { displayName: "Acme" }), party("vendor:1", { displayName: "ACME" })]);
    for (const made of [other, stranger])
      await apply([party("customer:5", { displayName: "acme" })], { connectionId: made.connectionId, ripples: "none" });
    await apply([party("customer:2", { displayName: "Acme", updatedAt: "2026-01-20T00:00:00Z" })]);
    const rows = await database.selectFrom("mark").select(["connection_id", "key"]).orderBy("key").execute();
    expect(
      rows.map((row) => `${row.connection_id === of.connectionId ? "own" : "other"} ${row.key}`).toSorted(),
    ).toEqual(["other customer:5", "own customer:1", "own customer:2", "own vendor:1"]);
  });

  it("parked parties that wait for a name, an address or a party are healed", async () => {
    await load([
      party("customer:1"),
      party("customer:2"),
      party("customer:3"),
      party("customer:4"),
      party("customer:5"),
    ]);
    const park = (id: string, waitsFor: string) =>
      sql`insert into disposition (connection_id, kind, id, state, reason, waits_for)
        values (${of.connectionId}, 'customer', ${id}, 'parked', 'several-parties', array[${waitsFor}])`.execute(
        database,
      );
    await park("1", "name:blue sky");
    await park("2", "address:ann@example.com");
    await park("3", "party:customer:9");
    await park("4", "address:other@example.com");
    await apply([party("customer:9", { displayName: "Blue Sky", addresses: ["ann@example.com"] })]);
    expect(await marked()).toEqual(["customer:1", "customer:2", "customer:3", "customer:9"]);
    const row = await database
      .selectFrom("mark")
      .select("causes")
      .where("key", "=", "customer:1")
      .executeTakeFirstOrThrow();
    expect(row.causes.at(-1)).toMatchObject({ kind: "healed", what: "name" });
  });

  it("what a claimed record mark asked for inherits its priority and causes, and the mark is settled with the rows", async () => {
    await load([party("customer:1")]);
    const held = await claimed("Payment:4");
    await apply([document("Payment:4", "customer:1", { linked: ["Invoice:1"] })], { marks: held, fence });
    const rows = await database.selectFrom("mark").select(["key", "priority", "causes"]).orderBy("key").execute();
    expect(rows).toMatchObject([
      {
        key: "Invoice:1",
        priority: priorities.live,
        causes: [
          { kind: "webhook", eventId: "e1" },
          { kind: "ripple", of: "Payment:4" },
        ],
      },
      {
        key: "customer:1",
        priority: priorities.live,
        causes: [
          { kind: "webhook", eventId: "e1" },
          { kind: "ripple", of: "Payment:4" },
        ],
      },
    ]);
  });

  it("a record marked again while it was read stays marked", async () => {
    await load([party("customer:1")]);
    const held = await claimed("Payment:4");
    await claimed("Payment:4");
    const applied = await apply([document("Payment:4", "customer:1")], { marks: held, fence });
    expect(applied.remained).toMatchObject([{ key: "Payment:4" }]);
    expect(await marked()).toEqual(["Payment:4", "customer:1"]);
  });

  it("an owner that lost the account commits nothing", async () => {
    await expect(apply([party("customer:1")], { fence: { ...fence, epoch: 7 } })).rejects.toThrow(LostOwnership);
    expect(await replica.counts(of.connectionId)).toMatchObject({ customers: 0 });
  });
});
