import { describe, expect, it } from "vitest";
import { type Entity, RemoteFailure } from "../../src/domain/index.ts";
import type { SweepStage } from "../../src/sync/intake/index.ts";
import type { RecordSource } from "../../src/sync/replica/index.ts";
import { intakeBench } from "./intake-bench.ts";

const bench = await intakeBench({ generate: { customers: 1020, vendors: 10, invoices: 1100, bills: 20, seed: 7 } });
const { client, quickbooks, sweep, replica, activate, connection, mutate, marked, rows } = bench;

const noAnswer = () =>
  new RemoteFailure({ system: "quickbooks", operation: "query", code: "timeout", action: "retry", says: "No answer." });

/** Counts pages, and calls `before` ahead of each one after the first of its entity. */
function pages(before: (entity: Entity, page: number) => Promise<void> | void) {
  const read: string[] = [];
  const perEntity = new Map<Entity, number>();
  const readPage: RecordSource["readPage"] = async (realm, entity, after) => {
    const page = (perEntity.get(entity) ?? 0) + 1;
    perEntity.set(entity, page);
    await before(entity, page);
    read.push(`${entity} ${page}`);
    return client.readPage(realm, entity, after);
  };
  return { read, readPage };
}

describe("a first load", () => {
  it("reads the whole company in few calls, ripples nothing, and marks everyone at its end", async () => {
    const stages: SweepStage[] = [];
    const outcome = await sweep({}, (stage) => stages.push(stage));
    const counts = await replica.counts(bench.of.connectionId);
    expect(counts).toMatchObject({ customers: 1020, vendors: 10, documents: { Bill: 20 } });
    expect(counts.documents["Invoice"]).toBe(await client.countRecords(quickbooks.realm, "Invoice"));
    const documents = Object.values(counts.documents);
    const atBest = [counts.customers, counts.vendors, ...documents].map((count) => Math.ceil(count / 1000));
    const leastPages = atBest.reduce((sum, each) => sum + each, 0);
    expect(outcome?.calls).toBeLessThanOrEqual(leastPages + 25);
    expect(outcome?.marked).toBe(counts.families + counts.vendors);
    expect(await marked()).toHaveLength(counts.families + counts.vendors);
    const after = await connection();
    expect(after.swept_at).not.toBeNull();
    const started = await bench.database.selectFrom("sweep").select("server_started_at").executeTakeFirstOrThrow();
    expect((started.server_started_at?.getTime() ?? 0) - (after.poll_cursor?.getTime() ?? 0)).toBe(5 * 60_000);
    expect(stages.at(-1)).toEqual({ stage: "marking", marked: outcome?.marked });
  });

  it("goes on where it was when a page got no answer", async () => {
    const failing = pages((entity, page) => {
      if (entity === "Invoice" && page === 2) throw noAnswer();
    });
    await expect(sweep({ readPage: failing.readPage })).rejects.toThrow(RemoteFailure);
    const resumed = pages(() => undefined);
    await sweep({ readPage: resumed.readPage });
    expect(resumed.read[0]).toBe("Invoice 1");
    expect([...failing.read, ...resumed.read].filter((page) => page.startsWith("Customer"))).toHaveLength(2);
    const counts = await replica.counts(bench.of.connectionId);
    expect(counts.documents["Invoice"]).toBe(await client.countRecords(quickbooks.realm, "Invoice"));
  });

  it("goes on with the count when it fell between the last page and the count", async () => {
    let failed = false;
    const countRecords: RecordSource["countRecords"] = async (realm, entity) => {
      if (!failed && entity === "Customer") {
        failed = true;
        throw noAnswer();
      }
      return client.countRecords(realm, entity);
    };
    await expect(sweep({ countRecords })).rejects.toThrow(RemoteFailure);
    const resumed = pages(() => undefined);
    await sweep({ readPage: resumed.readPage });
    expect(resumed.read.filter((page) => page.startsWith("Customer"))).toEqual([]);
  });

  it("finds what is created behind it, by reading the last page again", async () => {
    let created = "";
    const countRecords: RecordSource["countRecords"] = async (realm, entity) => {
      if (entity === "Customer" && created === "")
        created = (await mutate("Customer", "create", { record: { DisplayName: `Late ${Date.now()}` }, silent: true }))
          .entity.Id;
      return client.countRecords(realm, entity);
    };
    const watched = pages(() => undefined);
    await sweep({ countRecords, readPage: watched.readPage });
    expect((await rows("Customer")).map(({ id }) => id)).toContain(created);
    expect(watched.read.filter((page) => page.startsWith("Customer"))).toHaveLength(3);
  });

  it("leaves out an entity that the company's edition refuses, and says so once", async () => {
    const refused = (entity: Entity) => {
      if (entity === "Purchase")
        throw new RemoteFailure({
          system: "quickbooks",
          operation: "query Purchase",
          code: "5020",
          action: "park",
          says: "Not offered.",
        });
    };
    const first = pages(refused);
    await sweep({ readPage: first.readPage });
    const second = pages(refused);
    await sweep({ readPage: second.readPage });
    expect((await connection()).refused_entities).toEqual(["Purchase"]);
    expect(second.read.some((page) => page.startsWith("Purchase"))).toBe(false);
    expect((await bench.incidents.open(bench.of.connectionId)).map(({ cause, affected }) => [cause, affected])).toEqual(
      [["entity-refused:Purchase", 1]],
    );
  });

  it("gives up on a count that never comes true, says so, and ends", async () => {
    const countRecords: RecordSource["countRecords"] = async (realm, entity) =>
      (await client.countRecords(realm, entity)) + (entity === "Customer" ? 1 : 0);
    const watched = pages(() => undefined);
    expect(await sweep({ countRecords, readPage: watched.readPage })).toBeDefined();
    expect(watched.read.filter((page) => page.startsWith("Customer"))).toHaveLength(5);
    expect((await bench.incidents.open(bench.of.connectionId)).map(({ cause }) => cause)).toEqual([
      "sweep-count-differs:Customer",
    ]);
  });
});

describe("a later sweep", () => {
  it("of an unchanged company marks nobody", async () => {
    await sweep();
    await activate();
    const again = await sweep();
    expect(await marked()).toEqual([]);
    expect(again).toMatchObject({ gone: 0, marked: 0 });
  });

  it("buries what was deleted without a word, after a read by id confirmed it", async () => {
    await sweep();
    await activate();
    const [bill] = await rows("Bill");
    await mutate("Bill", "delete", { id: bill?.id, silent: true });
    const outcome = await sweep();
    expect(outcome?.gone).toBe(1);
    expect((await rows("Bill")).find(({ id }) => id === bill?.id)?.gone).toBe(true);
  });

  it("takes over what changed without a word, and marks whom it concerns", async () => {
    await sweep();
    await activate();
    const name = `Renamed ${Date.now()}`;
    await mutate("Customer", "rename", { id: "1", record: { DisplayName: name }, silent: true });
    await sweep();
    const [family] = await replica.familiesOf({ id: bench.of.connectionId }, [{ kind: "customer", id: "1" }]);
    expect(family?.members.find(({ party }) => party.id === "1")?.party.displayName).toBe(name);
  });

  it("does not exist for a connection that nobody has, or that is disconnected", async () => {
    await bench.database.updateTable("connection").set({ state: "disconnected" }).execute();
    expect(await sweep()).toBeUndefined();
  });
});
