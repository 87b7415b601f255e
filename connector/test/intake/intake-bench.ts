// Polls and sweeps against a QuickBooks simulator and a real database.
import { sql } from "kysely";
import { afterAll, beforeEach } from "vitest";
import type { QuickbooksSimulatorOptions } from "../../../simulators/quickbooks/src/index.ts";
import type { ConnectionId } from "../../src/domain/index.ts";
import { emailAddresses } from "../../src/rules/matching/index.ts";
import { createIncidentStore } from "../../src/store/incident-store.ts";
import { createIntakeStore } from "../../src/store/intake-store.ts";
import { createMarkStore } from "../../src/store/mark-store.ts";
import { createReplicaStore } from "../../src/store/replica-store.ts";
import { createSweepStore } from "../../src/store/sweep-store.ts";
import { pollChanges, type SweepStage, sweepCompany } from "../../src/sync/intake/index.ts";
import type { RecordSource } from "../../src/sync/replica/index.ts";
import { createQuickbooksClient } from "../../src/systems/quickbooks/index.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";
import { startQuickbooksBench, systemClock } from "../systems/quickbooks-bench.ts";

const tables = ["mark", "document", "party", "party_address", "reference_record", "incident", "sweep"];

type QuickbooksBench = Awaited<ReturnType<typeof startQuickbooksBench>>;

/** Without the company's request limits: they have tests of their own, and a sweep of twenty calls would take three seconds. */
function unhurriedClient(bench: QuickbooksBench) {
  const grant = async () => (await bench.grant()).accessToken;
  let token: Promise<string> | undefined;
  return createQuickbooksClient({
    exchange: bench.exchange,
    hostsOf: () => bench.hosts,
    tokens: { accessToken: () => (token ??= grant()), refreshAfterRefusal: () => (token = grant()) },
    limits: {
      run: (_realm, _share, _kind, call) => call(),
      freeInMs: () => 0,
      refused: (_, failure) => Promise.resolve(failure),
      answered: () => Promise.resolve(),
    },
    share: 1,
    clock: systemClock,
    onCall: () => undefined,
    homeCurrency: () => Promise.resolve("USD"),
    emailAddresses,
  });
}

/** Call at the top of a test file; before each test the replica is empty and the connection is `loading`. */
export async function intakeBench(company: QuickbooksSimulatorOptions) {
  const store = await testDatabase();
  const quickbooks = await startQuickbooksBench({ limits: "unlimited", ...company });
  afterAll(async () => {
    await quickbooks.close();
    await store.close();
  });
  const { database } = store;
  const client = unhurriedClient(quickbooks);
  const ports = {
    replica: createReplicaStore(database),
    marks: createMarkStore(database),
    intake: createIntakeStore(database),
    sweeps: createSweepStore(database),
    incidents: createIncidentStore(database),
  };
  const of = { connectionId: undefined as unknown as ConnectionId }; // set before each test
  const empty = async (): Promise<void> => {
    for (const table of tables) await sql`delete from ${sql.table(table)}`.execute(database);
    await sql`delete from connection`.execute(database);
    of.connectionId = (await makeConnection(database, { realm: quickbooks.realm, state: "loading" })).connectionId;
  };
  beforeEach(empty);

  return {
    database,
    ...ports,
    quickbooks,
    client,
    of,
    empty,
    sweep: (source: Partial<RecordSource> = {}, onProgress?: (stage: SweepStage) => void) =>
      sweepCompany({ ...ports, source: { ...client, ...source } }, of.connectionId, {
        requestedBy: "test",
        ...(onProgress ? { onProgress } : {}),
      }),
    poll: (source: Partial<RecordSource> = {}, now: () => number = Date.now) =>
      pollChanges({ ...ports, now, source: { ...client, ...source } }, of.connectionId),
    mutate: (entity: string, operation: string, more: object) =>
      quickbooks.control.mutate({ entity, operation, ...more }) as Promise<{ entity: { Id: string } }>,
    async activate() {
      await database.updateTable("connection").set({ state: "active" }).execute();
      await database.deleteFrom("mark").execute();
    },
    connection: () => database.selectFrom("connection").selectAll().executeTakeFirstOrThrow(),
    async marked(): Promise<string[]> {
      const rows = await database.selectFrom("mark").select("key").orderBy("key").execute();
      return rows.map(({ key }) => key);
    },
    async rows(entity: string): Promise<{ id: string; gone: boolean }[]> {
      const { rows } = await sql<{ id: string; gone: boolean }>`
        select id, deleted_at is not null as gone from document where entity = ${entity}
        union all select id, deleted_at is not null from party where kind = ${entity.toLowerCase()}
        union all select id, deleted_at is not null from reference_record where entity = ${entity}`.execute(database);
      return rows;
    },
  };
}
