import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Cause, type ConnectionId, parseSubdomain, priorities } from "../../src/domain/index.ts";
import { createMarkStore, insertMarks } from "../../src/store/mark-store.ts";
import { everyoneKey, type MarkKind, type NewMark } from "../../src/sync/marks/index.ts";
import { LostOwnership } from "../../src/sync/reconcile/ports.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

const store = await testDatabase();
afterAll(() => store.close());
const marks = createMarkStore(store.database);
const subdomain = parseSubdomain("acme");
const fence = { subdomain, epoch: 1 };
const all = { from: priorities.bulk, to: priorities.urgent };
let connectionId: ConnectionId;

beforeEach(async () => {
  ({ connectionId } = await makeConnection(store.database, { subdomain, epoch: 1 }));
  await store.database.deleteFrom("mark").execute();
  await store.database.deleteFrom("document").execute();
  await store.database.deleteFrom("party").execute();
});

const cause = (n: number): Cause => ({
  kind: "webhook",
  eventId: `event-${n}`,
  type: "updated",
  at: "2026-11-22T10:00:00Z",
});
const mark = (key: string, more: Partial<NewMark> = {}): NewMark => ({
  connectionId,
  kind: "record",
  key,
  priority: priorities.live,
  causes: [cause(1)],
  ...more,
});
const claim = (kind: MarkKind, more: { limit?: number; excluding?: string[]; from?: 0 | 10 | 20 | 30 } = {}) =>
  marks.claim(
    {
      connectionIds: [connectionId],
      kind,
      priorities: { ...all, from: more.from ?? all.from },
      limit: more.limit ?? 100,
      excluding: (more.excluding ?? []).map((key) => ({ connectionId, key })),
    },
    fence,
  );
const keys = async (kind: MarkKind, more?: Parameters<typeof claim>[1]) =>
  (await claim(kind, more)).map(({ key }) => key);

// SPEC.md I1, I4, I5, I8.
describe("marks", () => {
  it("a key marked twice while held is looked at once more", async () => {
    await marks.mark([mark("Invoice:1")]);
    const [held] = await claim("record");
    await marks.mark([mark("Invoice:1")]);
    await marks.mark([mark("Invoice:1")]);
    expect(await marks.settle([held!], fence)).toHaveLength(1);
    const [again] = await claim("record");
    expect(again).toMatchObject({ key: "Invoice:1", gen: 3 });
    expect(await marks.settle([again!], fence)).toEqual([]);
    expect(await claim("record")).toEqual([]);
  });

  it("the first cause and the latest four stay, with the count of all", async () => {
    for (let n = 1; n <= 8; n += 1) await marks.mark([mark("Invoice:1", { causes: [cause(n)] })]);
    const [held] = await claim("record");
    expect(held?.causes).toEqual([1, 5, 6, 7, 8].map(cause));
    expect(held?.causeCount).toBe(8);
  });

  it("the highest priority comes first, then the oldest, and marking again never lowers it", async () => {
    await marks.mark([mark("Bill:1", { priority: priorities.bulk })]);
    await marks.mark([mark("Bill:2", { priority: priorities.bulk })]);
    await marks.mark([mark("Bill:3")]);
    await marks.mark([mark("Bill:2", { priority: priorities.urgent })]);
    await marks.mark([mark("Bill:2", { priority: priorities.bulk })]);
    expect(await keys("record")).toEqual(["Bill:2", "Bill:3", "Bill:1"]);
    expect(await keys("record", { from: priorities.live })).toEqual(["Bill:2", "Bill:3"]);
    expect(await keys("record", { limit: 1 })).toEqual(["Bill:2"]);
    expect(await keys("record", { excluding: ["Bill:2"] })).toEqual(["Bill:3", "Bill:1"]);
  });

  it("a failed try waits and counts; a live mark ends the wait and forgets the tries", async () => {
    await marks.mark([mark("Invoice:1")]);
    const [held] = await claim("record");
    await marks.defer([{ ...held!, waitMs: 60_000, failure: "QuickBooks did not answer." }], fence);
    expect(await claim("record")).toEqual([]);
    expect(await marks.countDue([connectionId])).toMatchObject([{ kind: "record", due: 0, waiting: 1 }]);
    expect(await marks.nextDueInMs([connectionId])).toBeGreaterThan(50_000);
    await marks.mark([mark("Invoice:1", { causes: [cause(2)] })]);
    const [again] = await claim("record");
    expect(again).toMatchObject({ attempts: 0, gen: 2, causeCount: 3 });
    expect(again?.causes.map(({ kind }) => kind)).toEqual(["webhook", "retry", "webhook"]);
  });

  it("a retry keeps counting tries, a mere wait does not count", async () => {
    await marks.mark([mark("Invoice:1")]);
    for (const failure of ["first", undefined, "second"]) {
      const [held] = await claim("record");
      await marks.defer([{ ...held!, waitMs: 0, failure }], fence);
    }
    await marks.mark([
      mark("Invoice:1", { causes: [{ kind: "retry", failure: "third", at: "2026-11-22T10:00:00Z" }] }),
    ]);
    expect((await claim("record"))[0]?.attempts).toBe(2);
  });

  it("what was marked again while held is not put off", async () => {
    await marks.mark([mark("Invoice:1")]);
    const [held] = await claim("record");
    await marks.mark([mark("Invoice:1")]);
    await marks.defer([{ ...held!, waitMs: 60_000, failure: "late" }], fence);
    expect(await claim("record")).toMatchObject([{ gen: 2, attempts: 0 }]);
  });

  it("a mark with a delay is due when it is over, and an earlier marking wins", async () => {
    await marks.mark([mark("Invoice:1", { delayMs: 60_000 })]);
    expect(await claim("record")).toEqual([]);
    await marks.mark([mark("Invoice:1")]);
    expect(await keys("record")).toEqual(["Invoice:1"]);
  });

  it("a mark on everyone is never claimed as a party", async () => {
    await marks.mark([mark(everyoneKey, { kind: "party" }), mark("customer:1", { kind: "party" })]);
    expect(await keys("party")).toEqual(["customer:1"]);
  });

  it("another owner's epoch claims and settles nothing", async () => {
    await marks.mark([mark("Invoice:1")]);
    const [held] = await claim("record");
    await store.database.updateTable("account").set({ epoch: 2 }).where("subdomain", "=", subdomain).execute();
    await expect(marks.settle([held!], fence)).rejects.toThrow(LostOwnership);
    await expect(claim("record")).rejects.toThrow(LostOwnership);
    await expect(marks.defer([{ ...held!, waitMs: 1, failure: "x" }], fence)).rejects.toThrow(LostOwnership);
    expect(await store.database.selectFrom("mark").select("gen").execute()).toEqual([{ gen: 1 }]);
  });

  it("settling never waits for a receipt that is marking the same key", async () => {
    await marks.mark([mark("Invoice:1")]);
    const [held] = await claim("record");
    await store.database.transaction().execute(async (receipt) => {
      await insertMarks(receipt, [mark("Invoice:1")]);
      expect(await marks.settle([held!], fence)).toHaveLength(1);
    });
    expect(await claim("record")).toMatchObject([{ gen: 2 }]);
  });

  it("ten thousand keys are marked, claimed and settled in batches", async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => mark(`Invoice:${n}`));
    await marks.mark(many);
    const held = await claim("record", { limit: 10_000 });
    expect(held).toHaveLength(10_000);
    expect(await marks.settle(held, fence)).toEqual([]);
    expect(await marks.countDue([connectionId])).toEqual([]);
  });
});

describe("a party whose record is to be read", () => {
  const party = (id: string, topId = id) => ({
    connection_id: connectionId,
    kind: "customer" as const,
    id,
    display_name: id,
    fully_qualified_name: id,
    active: true,
    top_id: topId,
    currency: "USD",
    balance: "0",
    name_key: id,
    name_stems: [],
    record: "{}",
    content_hash: Buffer.alloc(1),
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    sync_token: 0,
    read_at: "2026-01-01T00:00:00Z",
  });

  beforeEach(async () => {
    await store.database
      .insertInto("party")
      .values([party("1"), party("2", "1"), party("3")])
      .execute();
    await sql`insert into document (connection_id, entity, id, party_kind, party_id, date, total, balance, unapplied, currency, voided,
      content_hash, created_at, updated_at, sync_token, read_at)
      values (${connectionId}, 'Invoice', '90', 'customer', '2', '2026-01-01', 1, 1, 0, 'USD', false, '', now(), now(), 0, now())`.execute(
      store.database,
    );
    await marks.mark(["customer:1", "customer:3"].map((key) => mark(key, { kind: "party" })));
  });

  it("is not decided before that record is read", async () => {
    await marks.mark([mark("Customer:3")]);
    expect(await keys("party")).toEqual(["customer:1"]);
    await marks.settle(await claim("record"), fence);
    expect((await keys("party")).toSorted()).toEqual(["customer:1", "customer:3"]);
  });

  it("nor before a document of its family is read", async () => {
    await marks.mark([mark("Invoice:90")]);
    expect(await keys("party")).toEqual(["customer:3"]);
  });

  it("is decided all the same when that record is put off, or only part of a bulk load", async () => {
    await marks.mark([mark("Customer:3", { delayMs: 60_000 }), mark("Invoice:90", { priority: priorities.bulk })]);
    expect((await keys("party")).toSorted()).toEqual(["customer:1", "customer:3"]);
  });
});
