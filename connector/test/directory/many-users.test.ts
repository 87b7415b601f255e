// An account with more users than the list is worth asking for, exported by the thousand.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSubdomain } from "../../src/domain/index.ts";
import { nameKey, normaliseName } from "../../src/rules/matching/index.ts";
import { createDirectoryStore } from "../../src/store/directory-store.ts";
import { createZendeskEventStore } from "../../src/store/zendesk-event-store.ts";
import { loadDirectory } from "../../src/sync/directory/index.ts";
import { exportDrift } from "../../src/sync/intake/index.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";
import { startZendeskBench } from "../systems/zendesk-bench.ts";

const userCount = 50_000;
const organizationCount = 400;
const subdomain = parseSubdomain("acme");
const store = await testDatabase();
const directory = createDirectoryStore(store.database, (name) => ({
  nameKey: nameKey(name),
  nameStem: normaliseName(name).stem,
  nearKeys: [],
}));
const events = createZendeskEventStore(store.database);

describe("an account of 50,000 users", () => {
  let bench: Awaited<ReturnType<typeof startZendeskBench>>;
  beforeAll(async () => {
    await makeConnection(store.database);
    bench = await startZendeskBench({
      subdomain,
      plan: "unlimited",
      account: {
        organizations: Array.from({ length: organizationCount }, (_, n) => ({
          id: 5_000_000_000 + n,
          name: `Client ${n}`,
        })),
        users: Array.from({ length: userCount }, (_, n) => ({
          id: 6_000_000_000 + n,
          name: `User ${n}`,
          email: `user${n}@example.com`,
          organization_id: 5_000_000_000 + (n % organizationCount),
          updated_at: new Date(Date.UTC(2025, 0, 1) + n * 1000).toISOString(),
        })),
      },
    });
  });
  afterAll(async () => {
    await bench?.close();
    await store.close();
  });
  const load = () =>
    loadDirectory(
      { source: bench.client, directory, wait: () => Promise.reject(new Error("nothing limits this account")) },
      subdomain,
      () => undefined,
    );
  const operations = () => bench.calls.map(({ operation }) => operation);

  it("is read with at most 510 calls, and never by search", async () => {
    const from = bench.calls.length;
    await load();
    const asked = operations().slice(from);
    expect(asked.length).toBeLessThanOrEqual(510);
    expect(asked.filter((operation) => operation.includes("Search"))).toEqual([]);
    expect(asked.filter((operation) => operation === "ListUsers")).toEqual([]);
    const counts = await directory.counts(subdomain);
    expect(counts.organizations).toBe(organizationCount);
    expect(counts.users).toBeGreaterThanOrEqual(userCount);
    expect(await directory.usersByAddresses(subdomain, ["user49999@example.com"])).toMatchObject([
      { id: 6_000_049_999, organizationId: 5_000_000_399 },
    ]);
  });

  it("is followed hour by hour from where the export ended: what no event told of is learnt by a call or two", async () => {
    await bench.control.post("mutate", {
      entity: "user",
      operation: "update",
      id: 6_000_000_003,
      record: { organization_id: 5_000_000_009 },
    });
    await bench.control.post("mutate", { entity: "user", operation: "delete", id: 6_000_000_004 });
    const from = bench.calls.length;
    const now = () => Date.now();
    expect(await exportDrift({ source: bench.client, directory, events, now }, subdomain)).toBe(0);
    expect(bench.calls.length - from).toBe(0);
    await store.database
      .updateTable("account")
      .set({ export_due_at: new Date(0) })
      .execute();
    await exportDrift({ source: bench.client, directory, events, now }, subdomain);
    expect(
      operations()
        .slice(from)
        .filter((operation) => operation.includes("User")),
    ).toHaveLength(1);
    expect(await directory.usersByAddresses(subdomain, ["user3@example.com"])).toMatchObject([
      { organizationId: 5_000_000_009 },
    ]);
    expect(await directory.usersByAddresses(subdomain, ["user4@example.com"])).toEqual([]);
  });
});
