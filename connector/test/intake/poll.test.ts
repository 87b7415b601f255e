import { describe, expect, it } from "vitest";
import type { RecordSource } from "../../src/sync/replica/index.ts";
import { intakeBench } from "./intake-bench.ts";

const bench = await intakeBench({ generate: { customers: 120, vendors: 20, invoices: 200, bills: 60, seed: 3 } });
const { client, sweep, poll, activate, connection, mutate, marked, rows } = bench;

/** After a first load, connected and at rest. */
async function loaded() {
  await sweep();
  await activate();
}

describe("a change poll", () => {
  it("brings in what changed, marks whom it concerns, and moves its cursor to the server's time less five minutes", async () => {
    await loaded();
    const before = await connection();
    const { entity } = await mutate("Customer", "update", {
      id: "5",
      record: { CompanyName: "New & Co" },
      silent: true,
    });
    expect(entity.Id).toBe("5");
    const outcome = await poll();
    expect(outcome).toMatchObject({ kind: "polled", calls: 1 });
    expect(await marked()).toContain(await topOf("5"));
    const after = await connection();
    expect(after.poll_cursor!.getTime()).toBeGreaterThanOrEqual(before.poll_cursor!.getTime());
    expect(after.polled_at!.getTime() - after.poll_cursor!.getTime()).toBe(5 * 60_000);
    expect(after.poll_due_at!.getTime()).toBeGreaterThan(Date.now());
  });

  it("that overlaps the last one marks nobody again", async () => {
    await loaded();
    await mutate("Customer", "update", { id: "6", record: { CompanyName: `Again ${Date.now()}` }, silent: true });
    await poll();
    await bench.database.deleteFrom("mark").execute();
    expect(await poll()).toMatchObject({ kind: "polled", changed: 0 });
    expect(await marked()).toEqual([]);
  });

  it("deletes nothing by itself: what it calls deleted is marked to be read, and once buried not again", async () => {
    await loaded();
    const [bill] = await rows("Bill");
    await mutate("Bill", "delete", { id: bill?.id, silent: true });
    expect(await poll()).toMatchObject({ gone: 1 });
    expect((await rows("Bill")).find(({ id }) => id === bill?.id)?.gone).toBe(false);
    expect(await marked()).toContain(`Bill:${bill?.id}`);
    await sweep();
    await activate();
    expect(await poll()).toMatchObject({ gone: 0 });
    expect(await marked()).not.toContain(`Bill:${bill?.id}`);
  });

  it("does not believe that what it never held is deleted: it is marked to be read", async () => {
    await loaded();
    await bench.quickbooks.control.post("switches", { cdcFalseTombstones: true });
    const { entity } = await mutate("Vendor", "create", {
      record: { DisplayName: `Alive ${Date.now()}` },
      silent: true,
    });
    await poll();
    await bench.quickbooks.control.post("switches", { cdcFalseTombstones: false });
    expect(await marked()).toContain(`Vendor:${entity.Id}`);
  });

  it("keeps its cursor where it is when the answer is not stored", async () => {
    await loaded();
    const before = await connection();
    const readChanges: RecordSource["readChanges"] = () => Promise.reject(new Error("no answer"));
    await expect(poll({ readChanges })).rejects.toThrow("no answer");
    expect((await connection()).poll_cursor).toEqual(before.poll_cursor);
  });

  it("does not believe an answer at the cap: the entity that is too much is swept, and only then the cursor moves", async () => {
    await loaded();
    const before = await connection();
    const created = await mutate("Vendor", "create", { record: { DisplayName: `Vendor ${Date.now()}` }, silent: true });
    const asked: string[][] = [];
    const readChanges: RecordSource["readChanges"] = async (realm, entities, since) => {
      asked.push([...entities]);
      const answer = await client.readChanges(realm, entities, since);
      return entities.includes("Invoice") ? { ...answer, capped: true } : answer;
    };
    expect(await poll({ readChanges })).toEqual({ kind: "sweep-needed", because: "capped", entities: ["Invoice"] });
    expect(asked.filter((entities) => entities.includes("Invoice")).map(({ length }) => length)).toEqual([
      16, 8, 4, 2, 1,
    ]);
    expect((await rows("Vendor")).map(({ id }) => id)).toContain(created.entity.Id);
    const between = await connection();
    expect(between.poll_cursor).toEqual(before.poll_cursor);
    expect(between.sweep_due_at!.getTime()).toBeLessThanOrEqual(Date.now());
    const pagesRead: string[] = [];
    await sweep({
      readPage: (realm, entity, after) => {
        pagesRead.push(entity);
        return client.readPage(realm, entity, after);
      },
    });
    expect(pagesRead).toEqual(["Invoice"]);
    const after = await connection();
    expect(after.poll_cursor!.getTime()).toBeGreaterThan(before.poll_cursor!.getTime());
    expect(after.sweep_due_at!.getTime()).toBeGreaterThan(Date.now());
    expect(await marked()).not.toContain("*");
  });

  it("reads at once, page by page, what an answer at the cap would have told, and polls no more than usual while the sweep is due", async () => {
    await loaded();
    const names = Array.from({ length: 1010 }, (_, index) => `Bulk vendor ${index} of ${Date.now()}`);
    await bench.quickbooks.control.post("mutate", {
      mutations: names.map((DisplayName) => ({
        entity: "Vendor",
        operation: "create",
        record: { DisplayName },
        silent: true,
      })),
    });
    const before = await connection();
    const changed: string[] = [];
    const readChangedPage: RecordSource["readChangedPage"] = (realm, entity, after) => {
      changed.push(entity);
      return client.readChangedPage(realm, entity, after);
    };
    expect(await poll({ readChangedPage })).toEqual({ kind: "sweep-needed", because: "capped", entities: ["Vendor"] });
    // One page more where vendors of the tests before have changed as lately.
    expect(new Set(changed)).toEqual(new Set(["Vendor"]));
    expect(changed.length).toBeLessThanOrEqual(3);
    const [held] = await bench.database
      .selectFrom("party")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("display_name", "like", "Bulk vendor%")
      .execute();
    expect(held?.count).toBe(1010);
    const between = await connection();
    expect(between.poll_cursor).toEqual(before.poll_cursor);
    expect(between.poll_due_at!.getTime()).toBeGreaterThan(Date.now() + 60_000);
    await sweep();
    const after = await connection();
    expect(after.poll_cursor!.getTime()).toBeGreaterThan(before.poll_cursor!.getTime());
    expect(after.poll_due_at!.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it("asks for a sweep before the first one, and past QuickBooks' look-back", async () => {
    expect(await poll()).toMatchObject({ kind: "sweep-needed", because: "never-swept" });
    await loaded();
    const inThirtyDays = () => Date.now() + 30 * 24 * 60 * 60 * 1000;
    expect(await poll({}, inThirtyDays)).toMatchObject({ kind: "sweep-needed", because: "cursor-too-old" });
    expect((await connection()).sweep_due_at!.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it("keeps the operator's cadence, and none when it is off", async () => {
    await loaded();
    const settings = (pollMinutes: number) =>
      bench.database
        .updateTable("connection")
        .set({ settings: JSON.stringify({ pollMinutes }) })
        .execute();
    await settings(60);
    await poll();
    const due = (await connection()).poll_due_at!.getTime() - Date.now();
    expect(due).toBeGreaterThan(50 * 60_000);
    await settings(0);
    await poll();
    expect((await connection()).poll_due_at).toBeNull();
  });
});

async function topOf(id: string): Promise<string> {
  const row = await bench.database
    .selectFrom("party")
    .select("top_id")
    .where("kind", "=", "customer")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return `customer:${row.top_id}`;
}
