import { readdirSync, readFileSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { OperatorError } from "../../src/domain/index.ts";
import {
  closeDatabase,
  type DatabaseConnection,
  migrate,
  openDatabase,
  pendingMigrations,
} from "../../src/store/index.ts";
import { testDatabase } from "../harness/index.ts";
import { withDatabase } from "../harness/server.ts";

const store = await testDatabase();
afterAll(() => store.close());

describe("the row types", () => {
  it("name every column of every table of the database, and no other", async () => {
    const { rows } = await sql<{ table_name: string; column_name: string }>`
      select c.relname as table_name, a.attname as column_name
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attnum > 0 and not a.attisdropped and c.relname not like 'kysely%'`.execute(store.database);
    const inDatabase = rows.map((row) => `${row.table_name}.${row.column_name}`).sort();
    expect(declaredColumns()).toEqual(inDatabase);
  });
});

describe("values", () => {
  it("arrive without losing a digit or a day", async () => {
    const { rows } = await sql<Record<string, unknown>>`
      select 9007199254740991::int8 as large, 12345678901234567890.123456::numeric as amount, date '2026-02-28' as day,
        timestamptz '2026-02-28T23:30:00-08:00' as instant, '\\x00ff'::bytea as bytes, '{"a":[1,null]}'::jsonb as json,
        array['x','y'] as texts`.execute(store.database);
    expect(rows[0]).toEqual({
      large: 9_007_199_254_740_991,
      amount: "12345678901234567890.123456",
      day: "2026-02-28",
      instant: new Date("2026-03-01T07:30:00Z"),
      bytes: Buffer.from([0, 255]),
      json: { a: [1, null] },
      texts: ["x", "y"],
    });
  });

  it("that a number cannot hold are refused, not rounded", async () => {
    await expect(sql`select 9007199254740993::int8`.execute(store.database)).rejects.toThrow(/out of range/);
  });
});

describe("migrating", () => {
  it("changes nothing the second time, and two processes at once do not disturb each other", async () => {
    expect(await pendingMigrations(store.database)).toEqual([]);
    expect(await Promise.all([migrate(store.database), migrate(store.database)])).toEqual([[], []]);
  });

  it("refuses a database that a newer version has changed, and names what it does not know", async () => {
    await sql`insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2030-01-01')`.execute(
      store.database,
    );
    await expect(migrate(store.database)).rejects.toThrow(/newer version of ml-connector \(9999-from-the-future\)/);
    await sql`delete from kysely_migration where name like '9999%'`.execute(store.database);
  });
});

describe("a database that cannot be used", () => {
  it.each([
    [
      "nobody listens",
      (): DatabaseConnection => ({ url: "postgresql://u:hunter2@127.0.0.1:1/x" }),
      /nothing answers at its address/,
    ],
    ["the name is wrong", () => withDatabase(store.connection, "no_such_database"), /no database of that name/],
    [
      "the host is unknown",
      (): DatabaseConnection => ({ url: "postgresql://u:hunter2@no-such-host.invalid/x" }),
      /host name/,
    ],
  ])("is refused in one sentence when %s, without a word of its password", async (_, connection, says) => {
    const database = openDatabase({ connection: connection(), maxConnections: 1, applicationName: "test" });
    const refusal = await migrate(database).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OperatorError);
    expect(String(refusal)).toMatch(says);
    expect(String(refusal)).not.toContain("hunter2");
    await closeDatabase(database);
  });
});

/** `table.column` of every row type, read from the sources: types are gone at run time. */
function declaredColumns(): string[] {
  const folder = new URL("../../src/store/schema/", import.meta.url);
  const rowTypes = new Map<string, string[]>();
  for (const file of readdirSync(folder)) {
    for (const [, name, body] of readFileSync(new URL(file, folder), "utf8").matchAll(
      /interface (\w+) \{\n([\s\S]*?)\n\}/g,
    )) {
      rowTypes.set(
        name ?? "",
        [...(body ?? "").matchAll(/^ {2}(\w+): /gm)].map(([, column]) => column ?? ""),
      );
    }
  }
  const schema = readFileSync(new URL("../schema.ts", folder), "utf8");
  return [...schema.matchAll(/^ {2}(\w+): (\w+);$/gm)]
    .flatMap(([, table, rowType]) =>
      (rowTypes.get(rowType ?? "") ?? ["(no row type)"]).map((column) => `${table}.${column}`),
    )
    .sort();
}
