// The journal is append-only: by the rights of the service's role where another role owns the tables, by a trigger where it owns them itself.
import { randomBytes } from "node:crypto";
import { type Kysely, type RawBuilder, sql } from "kysely";
import { afterAll, describe, expect, inject, it } from "vitest";
import { parseConnectionId } from "../../src/domain/index.ts";
import { searchAccess } from "../../src/store/access-journal.ts";
import { createDiagnosisStore } from "../../src/store/diagnosis-store.ts";
import { closeDatabase, type Database, openDatabase } from "../../src/store/index.ts";
import { appendJournal, forgetJournal, makeJournalMonths } from "../../src/store/journal-store.ts";
import { up as journalAccessFromNow } from "../../src/store/migrations/0019-access-journal.ts";
import { letServiceWork } from "../../src/store/service-role.ts";
import { testDatabase } from "../harness/index.ts";
import { withServer } from "../harness/server.ts";

const store = await testDatabase();
const role = `service_${randomBytes(4).toString("hex")}`;
const password = randomBytes(12).toString("hex");
const { connection: server } = inject("testServer");
await withServer(server, (client) => client.query(`create role ${role} login password '${password}'`));
await addOldMonth(store.database);
afterAll(async () => {
  // Its rights go with the database.
  await store.close();
  await withServer(server, (client) => client.query(`drop role ${role}`));
});

function serviceDatabase(): Database {
  const url = new URL(store.url);
  url.username = role;
  url.password = password;
  return openDatabase({
    connection: { url: url.href },
    maxConnections: 2,
    applicationName: "ml-connector test service",
  });
}

/** Rows of this month and of long ago. */
async function addOldMonth(database: Database): Promise<void> {
  await sql`create table journal_2020_01 partition of journal for values from ('2020-01-01') to ('2020-02-01')`.execute(
    database,
  );
  await sql`insert into journal (connection_id, action, who, outcome, at) values (1, 'parked', 'engine', 'old', '2020-01-15')`.execute(
    database,
  );
}

const entry = {
  connectionId: parseConnectionId(1),
  action: "parked" as const,
  parties: [],
  organizationId: undefined,
  who: "engine",
  causes: [],
  before: {},
  after: { qbo_billing_email: "ann@x.example" },
  outcome: "parked",
  writeId: undefined,
  requestIds: {},
};

const forbidden: [string, RawBuilder<unknown>][] = [
  ["changed", sql`update journal set who = 'nobody'`],
  ["changed in its month", sql`update journal_2020_01 set who = 'nobody'`],
  ["removed", sql`delete from journal`],
  ["emptied", sql`truncate journal`],
];

describe("the journal of a service that owns its tables", () => {
  it("is guarded by a trigger, and says so", async () => {
    expect((await createDiagnosisStore(store.database).facts()).ownsJournal).toBe(true);
  });

  it.each(forbidden)("cannot be %s", async (_, statement) => {
    await expect(statement.execute(store.database)).rejects.toThrow("append-only");
  });

  it("cannot be emptied month by month either, whenever the month was made", async () => {
    await makeJournalMonths(store.database);
    const { rows } = await sql<{ name: string }>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = 'journal'::regclass
        and inhrelid::regclass::text <> 'journal_2020_01'`.execute(store.database);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    for (const { name } of rows)
      await expect(sql`truncate ${sql.table(name)}`.execute(store.database)).rejects.toThrow("append-only");
  });
});

describe("the journal of a service that works for another role", () => {
  it("takes new rows, and nothing else", async () => {
    const service = serviceDatabase();
    await letServiceWork(store.database, service);
    try {
      expect((await createDiagnosisStore(service).facts()).ownsJournal).toBe(false);
      await appendJournal(service, [entry]);
      for (const [, statement] of forbidden)
        await expect(statement.execute(service)).rejects.toThrow("permission denied");
      await expect(sql`drop table journal`.execute(service)).rejects.toThrow("must be owner");
      await expect(
        sql`select set_config('ml_connector.journal', 'owner', false)`
          .execute(service)
          .then(() => sql`delete from journal`.execute(service)),
      ).rejects.toThrow("permission denied");
    } finally {
      await closeDatabase(service);
    }
  });

  it("is made ahead, ended by age and rid of a person through the owner's functions", async () => {
    const service = serviceDatabase();
    try {
      await makeJournalMonths(service);
      await sql`select journal_erase('ann@x[.]example', 'ann@x[.]example', '[erased]')`.execute(service);
      const { rows } = await sql<{ after: object }>`select after from journal where outcome = 'parked'`.execute(
        service,
      );
      expect(rows).toEqual([{ after: { qbo_billing_email: "[erased]" } }]);
      await forgetJournal(service, 400);
      const left = await sql<{ outcome: string }>`select outcome from journal`.execute(service);
      expect(left.rows).toEqual([{ outcome: "parked" }]);
      expect(
        (await sql<{ there: string | null }>`select to_regclass('journal_2020_01') as there`.execute(service)).rows[0]
          ?.there,
      ).toBeNull();
    } finally {
      await closeDatabase(service);
    }
  });

  it("begins the journal of access with those who may do something already", async () => {
    const fresh = await testDatabase();
    try {
      await sql`drop index journal_access`.execute(fresh.database);
      await sql`insert into operator (email, email_key, name) values ('a@b.example', 'a@b.example', 'Ann')`.execute(
        fresh.database,
      );
      await sql`insert into operator_grant (operator_id, role) select id, 'admin' from operator`.execute(
        fresh.database,
      );
      await sql`insert into api_key (hash, name, role, connections, made_by, revoked_at)
        values ('one', 'nightly', 'viewer', '{1,2}', 'Ann', null), ('two', 'old', 'admin', null, 'Ann', now())`.execute(
        fresh.database,
      );
      // A migration knows no types of today.
      await journalAccessFromNow(fresh.database as unknown as Kysely<unknown>);
      expect(await searchAccess(fresh.database, { limit: 10 })).toMatchObject([
        {
          action: "api-key-known",
          who: "Ann",
          of: "API key 1",
          before: {},
          after: { name: "nightly", may: "viewer on connections 1, 2" },
        },
        {
          action: "operator-known",
          who: "the service",
          of: "operator 1",
          before: {},
          after: { name: "Ann", may: "admin on every connection" },
        },
      ]);
    } finally {
      await fresh.close();
    }
  });
});
