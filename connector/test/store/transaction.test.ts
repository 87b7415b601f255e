import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type ConnectionId, parseSubdomain, priorities } from "../../src/domain/index.ts";
import type { Executor } from "../../src/store/database.ts";
import { insertMarks } from "../../src/store/mark-store.ts";
import { inTransaction } from "../../src/store/transaction.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

const { database, close } = await testDatabase({ maxConnections: 4 });
afterAll(() => close());

describe("two transactions that mark the same keys in different orders", () => {
  let connectionId: ConnectionId;
  beforeEach(async () => {
    ({ connectionId } = await makeConnection(database, { subdomain: parseSubdomain("acme"), epoch: 1 }));
    await database.deleteFrom("mark").execute();
  });

  const mark = (executor: Executor, key: string) =>
    insertMarks(executor, [
      {
        connectionId,
        kind: "party",
        key,
        priority: priorities.live,
        causes: [{ kind: "healed", what: "test", at: "2026-11-20T10:00:00Z" }],
      },
    ]);

  // SPEC.md I27.
  it("both come true, as a settlement beside an answer that is stored does, and neither twice", async () => {
    const both = Promise.withResolvers<void>();
    let first = 0;
    const inOrder = (keys: readonly [string, string]) =>
      inTransaction(database, async (executor) => {
        await mark(executor, keys[0]);
        first += 1;
        if (first === 2) both.resolve();
        // Each holds its first key before either asks for its second.
        await both.promise;
        await mark(executor, keys[1]);
      });
    await Promise.all([inOrder(["customer:1", "customer:2"]), inOrder(["customer:2", "customer:1"])]);
    expect(first).toBeGreaterThan(2);
    const rows = await database.selectFrom("mark").select(["key", "gen", "cause_count"]).orderBy("key").execute();
    expect(rows).toEqual([
      { key: "customer:1", gen: 2, cause_count: 2 },
      { key: "customer:2", gen: 2, cause_count: 2 },
    ]);
  });

  it("a fault of another kind is nobody's to try again", async () => {
    let tries = 0;
    const broken = inTransaction(database, () => {
      tries += 1;
      return Promise.reject(new Error("no"));
    });
    await expect(broken).rejects.toThrow("no");
    expect(tries).toBe(1);
  });
});
