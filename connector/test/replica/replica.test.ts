import { describe, expect, it } from "vitest";
import { parsePartyKey, parseRecordKey, partyKeyText } from "../../src/domain/index.ts";
import { document, party, reference } from "./copies.ts";
import { replicaBench } from "./replica-bench.ts";

const { apply, balanceOf, claimed, database, familyOf, fence, gone, incidents, load, marked, nextAnswer, of, replica } =
  await replicaBench();

describe("a copy and the replica", () => {
  it("comes back as it was given", async () => {
    await load([
      party("customer:1", { displayName: 'Bob "Ace" \\ Söhne', addresses: ["b@x.com", "a@x.com"], balance: "-12.345" }),
      document("Invoice:9", "customer:1", { balance: "0.10", linked: ["Payment:4", "CreditMemo:5"] }),
      reference("Term:3", { DueDays: 30, Type: "STANDARD" }, { name: "Net 30" }),
    ]);
    const [family] = await replica.familiesOf({ id: of.connectionId }, [parsePartyKey("customer:1")]);
    expect(family?.members[0]?.party).toMatchObject({
      displayName: 'Bob "Ace" \\ Söhne',
      addresses: ["b@x.com", "a@x.com"],
      createdAt: "2026-01-01T16:00:00.000Z",
    });
    expect(family?.members[0]?.party.balance.toFixed()).toBe("-12.345");
    expect(family?.members[0]?.record).toEqual({ Id: "1", DisplayName: 'Bob "Ace" \\ Söhne' });
    expect(family?.members[0]?.lastDocumentOn).toBe("2026-01-15");
    const [found] = await replica.documentsOf(of.connectionId, [parsePartyKey("customer:1")]);
    expect(found).toMatchObject({
      date: "2026-01-15",
      linked: [parseRecordKey("Payment:4"), parseRecordKey("CreditMemo:5")],
    });
    expect([found?.total.toFixed(), found?.balance.toFixed()]).toEqual(["100.5", "0.1"]);
    expect(await replica.terms(of.connectionId)).toEqual([
      { id: "3", name: "Net 30", dueDays: 30, dayOfMonthDue: undefined, dueNextMonthDays: undefined },
    ]);
    expect(await replica.counts(of.connectionId)).toEqual({
      customers: 1,
      families: 1,
      vendors: 0,
      documents: { Invoice: 1 },
    });
  });

  it("an older copy never replaces a newer one", async () => {
    await load([
      party("customer:1"),
      document("Invoice:9", "customer:1", { balance: "5", updatedAt: "2026-01-03T00:00:00Z" }),
    ]);
    await apply([
      document("Invoice:9", "customer:1", { balance: "7", updatedAt: "2026-01-02T00:00:00Z", syncToken: 9 }),
    ]);
    expect(await balanceOf("9")).toBe("5");
    expect(await marked()).toEqual([]);
  });

  it("two edits within one second are told apart by SyncToken, then by the time of the answer", async () => {
    const early = nextAnswer();
    await load([party("customer:1"), document("Invoice:9", "customer:1", { balance: "5" })]);
    await apply([document("Invoice:9", "customer:1", { balance: "6" })], { readAt: early });
    expect(await balanceOf("9")).toBe("5");
    await apply([document("Invoice:9", "customer:1", { balance: "7" })]);
    expect(await balanceOf("9")).toBe("7");
    await apply([document("Invoice:9", "customer:1", { balance: "8", syncToken: 1 })], { readAt: early });
    expect(await balanceOf("9")).toBe("8");
  });

  it("read again unchanged, only its time of reading moves and nobody is marked", async () => {
    await load([party("customer:1"), document("Invoice:9", "customer:1")]);
    const readAt = nextAnswer();
    const applied = await apply([party("customer:1"), document("Invoice:9", "customer:1")], { readAt });
    expect(applied).toMatchObject({ changed: [], unchanged: 2, marked: { record: 0, party: 0 } });
    const row = await database.selectFrom("document").select("read_at").executeTakeFirstOrThrow();
    expect(row.read_at.toISOString()).toBe(readAt);
  });

  it("touched without other content, it concerns its own party alone", async () => {
    await load([party("customer:1"), document("Payment:9", "customer:1", { linked: ["Invoice:1"] })]);
    await apply([document("Payment:9", "customer:1", { linked: ["Invoice:1"], updatedAt: "2026-01-20T00:00:00Z" })]);
    expect(await marked()).toEqual(["customer:1"]);
  });

  it("a late page cannot resurrect what is gone; an answer given afterwards can", async () => {
    const page = nextAnswer();
    await load([party("customer:1"), document("Invoice:9", "customer:1")]);
    await apply([], { gone: [gone("Invoice:9")] });
    await apply([document("Invoice:9", "customer:1", { updatedAt: "2026-01-20T00:00:00Z" })], { readAt: page });
    expect(await balanceOf("9")).toBeUndefined();
    await apply([document("Invoice:9", "customer:1", { balance: "3" })]);
    expect(await balanceOf("9")).toBe("3");
  });

  it("an old confirmation buries nothing that was read since", async () => {
    const early = nextAnswer();
    await load([party("customer:1"), document("Invoice:9", "customer:1", { balance: "3" })]);
    expect(await apply([], { gone: [gone("Invoice:9", early)] })).toMatchObject({ gone: 0 });
    expect(await balanceOf("9")).toBe("3");
  });

  it("twice in one answer it counts once, by its newest copy", async () => {
    await load([party("customer:1")]);
    await apply([
      document("Invoice:9", "customer:1", { balance: "2", updatedAt: "2026-01-20T00:00:00Z" }),
      document("Invoice:9", "customer:1", { balance: "1" }),
    ]);
    expect(await balanceOf("9")).toBe("2");
  });

  it("one that the database refuses is noted and does not block the others", async () => {
    const good = Array.from({ length: 9 }, (_, n) => document(`Invoice:${n + 1}`, "customer:1", { balance: "1" }));
    const bad = party("customer:5", { displayName: "half\0way" });
    const [held] = await claimed("Customer:5");
    const applied = await apply([party("customer:1"), ...good, bad], { marks: [held!], fence: { ...fence, epoch: 1 } });
    expect(applied.refused).toEqual([{ entity: "Customer", id: "5" }]);
    expect(await replica.counts(of.connectionId)).toMatchObject({ customers: 1, documents: { Invoice: 9 } });
    expect(await incidents.open(of.connectionId)).toMatchObject([{ cause: "record-not-kept" }]);
    expect(await marked()).toEqual(["customer:1"]);
  });
});

describe("families", () => {
  it("gather under their top whatever order they came in", async () => {
    await load([party("customer:4", { parentId: "3" })]);
    await load([party("customer:3", { parentId: "1" }), party("customer:2", { parentId: "1" })]);
    await load([party("customer:1")]);
    expect(await familyOf("customer:4")).toEqual(["customer:1", "1", "2", "3", "4"]);
  });

  it("a branch that moves takes its children along, and both tops are marked", async () => {
    await load([
      party("customer:1"),
      party("customer:2"),
      party("customer:3", { parentId: "1" }),
      party("customer:4", { parentId: "3" }),
    ]);
    await apply([party("customer:3", { parentId: "2", updatedAt: "2026-01-20T00:00:00Z" })]);
    expect(await familyOf("customer:4")).toEqual(["customer:2", "2", "3", "4"]);
    expect(await familyOf("customer:1")).toEqual(["customer:1", "1"]);
    expect(await marked()).toEqual(["customer:1", "customer:2", "customer:3"]);
  });

  it("a customer that becomes a top competes for its name from then on", async () => {
    await load([
      party("customer:1"),
      party("customer:2", { displayName: "Acme", parentId: "1" }),
      party("vendor:9", { displayName: "ACME" }),
    ]);
    await apply([party("customer:2", { displayName: "Acme", updatedAt: "2026-01-20T00:00:00Z" })]);
    expect(await marked()).toEqual(["customer:1", "customer:2", "vendor:9"]);
  });

  it("a customer made inactive may be a merge's loser: its documents are read again", async () => {
    await load([party("customer:1"), document("Invoice:5", "customer:1"), document("Payment:6", "customer:1")]);
    await apply([party("customer:1", { active: false, updatedAt: "2026-01-20T00:00:00Z" })]);
    expect(await marked()).toEqual(["Invoice:5", "Payment:6", "customer:1"]);
  });

  it("a gone parent leaves its children as tops, and its records are read again", async () => {
    await load([party("customer:1"), party("customer:2", { parentId: "1" }), document("Invoice:5", "customer:1")]);
    await apply([], { gone: [gone("Customer:1")] });
    expect(await familyOf("customer:1")).toBeUndefined();
    expect(await familyOf("customer:2")).toEqual(["customer:2", "2"]);
    expect(await marked()).toEqual(["Customer:2", "Invoice:5", "customer:1", "customer:2"]);
  });

  it("the newest document's day rises with new ones, and falls when that one is voided, moved or gone", async () => {
    const lastOf = async (key: string) =>
      (await replica.familiesOf({ id: of.connectionId }, [parsePartyKey(key)]))[0]?.members[0]?.lastDocumentOn;
    await load([document("Invoice:1", "customer:1", { date: "2026-01-01" })]);
    await load([party("customer:1"), party("customer:2")]);
    expect(await lastOf("customer:1")).toBe("2026-01-01");
    await apply([
      document("Invoice:2", "customer:1", { date: "2026-02-02" }),
      document("Invoice:3", "customer:1", { date: "2026-03-03" }),
    ]);
    expect(await lastOf("customer:1")).toBe("2026-03-03");
    const updatedAt = "2026-01-20T00:00:00Z";
    await apply([document("Invoice:3", "customer:1", { date: "2026-03-03", voided: true, updatedAt })]);
    expect(await lastOf("customer:1")).toBe("2026-02-02");
    await apply([document("Invoice:2", "customer:2", { date: "2026-02-02", updatedAt })]);
    expect([await lastOf("customer:1"), await lastOf("customer:2")]).toEqual(["2026-01-01", "2026-02-02"]);
    await apply([], { gone: [gone("Invoice:1")] });
    expect(await lastOf("customer:1")).toBeUndefined();
  });
});

describe("what matching and naming ask", () => {
  it("finds parties by address, tops by stem and by name key, and pages through tops", async () => {
    await load([
      party("customer:1", { displayName: "Blue Sky Ltd.", addresses: ["ann@example.com"] }),
      party("customer:2", { displayName: "Blue Sky", parentId: "1", addresses: ["bob@example.com"] }),
      party("vendor:1", { displayName: "blue sky ltd.", companyName: "Sky Holding" }),
      party("vendor:2", { displayName: "Gone" }),
    ]);
    await apply([], { gone: [gone("Vendor:2")] });
    const text = (found: { party: Parameters<typeof partyKeyText>[0] }[]) =>
      found.map((each) => partyKeyText(each.party));
    expect(text(await replica.partiesByAddresses([of.connectionId], ["bob@example.com", "ann@example.com"]))).toEqual([
      "customer:1",
      "customer:2",
    ]);
    expect(text(await replica.partiesByNameStems([{ id: of.connectionId }], ["blue sky"]))).toEqual([
      "customer:1",
      "vendor:1",
    ]);
    expect(text(await replica.partiesByNameStems([{ id: of.connectionId }], ["sky holding", "gone"]))).toEqual([
      "vendor:1",
    ]);
    expect(await replica.partiesByNameKeys([{ id: of.connectionId }], ["blue sky ltd."])).toMatchObject([
      { party: { kind: "customer", id: "1" }, realm: "9341453000000001", active: true },
      { party: { kind: "vendor", id: "1" }, displayName: "blue sky ltd." },
    ]);
    const first = await replica.allTops({ id: of.connectionId }, undefined, 1);
    expect(first.map(partyKeyText)).toEqual(["customer:1"]);
    expect((await replica.allTops({ id: of.connectionId }, first[0], 10)).map(partyKeyText)).toEqual(["vendor:1"]);
  });
});
