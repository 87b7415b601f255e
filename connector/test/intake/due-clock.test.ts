import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type ConnectionId, parseLocalDate } from "../../src/domain/index.ts";
import { createClockStore } from "../../src/store/clock-store.ts";
import { markFlips } from "../../src/sync/intake/index.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

const store = await testDatabase();
afterAll(() => store.close());
const { database } = store;
const clock = createClockStore(database);
let connectionId: ConnectionId;

beforeEach(async () => {
  for (const table of ["mark", "card", "link"]) await sql`delete from ${sql.table(table)}`.execute(database);
  ({ connectionId } = await makeConnection(database));
  await database.updateTable("connection").set({ clock_day: null }).execute();
});

/** A settled card of one customer, whose organization has the customer's id. */
async function card(id: number, flipsOn: string | null, overdue = 0): Promise<void> {
  await sql`insert into card (subdomain, organization_id, connection_id, applied, mapping_version, next_flip_on)
    values ('acme', ${id}, ${connectionId}, ${JSON.stringify({ qbo_overdue_amount: String(overdue) })}, 1, ${flipsOn}::date)`.execute(
    database,
  );
  await sql`insert into link (connection_id, kind, id, subdomain, organization_id, origin, step)
    values (${connectionId}, 'customer', ${String(id)}, 'acme', ${id}, 'created', 'created')`.execute(database);
}
const marked = async () => {
  const { rows } = await sql<{ key: string; delay: number }>`
    select key, round(extract(epoch from due_at - first_at))::int as delay from mark order by due_at, length(key), key`.execute(
    database,
  );
  return rows;
};
const flip = (day: string) => markFlips({ clock }, connectionId, parseLocalDate(day), `${day}T08:00:00Z`);

describe("midnight in the company's zone", () => {
  it("marks the cards whose figures change by then, and no others", async () => {
    await card(1, "2026-11-22");
    await card(2, "2026-11-23");
    await card(3, null);
    expect(await flip("2026-11-22")).toBe(1);
    expect((await marked()).map(({ key }) => key)).toEqual(["customer:1"]);
    const row = await database.selectFrom("mark").select("causes").executeTakeFirstOrThrow();
    expect(row.causes).toEqual([{ kind: "clock", day: "2026-11-22", at: "2026-11-22T08:00:00Z" }]);
  });

  it("marks once a day, however often it is asked, and by one process", async () => {
    await card(1, "2026-11-22");
    expect(await Promise.all([flip("2026-11-22"), flip("2026-11-22"), flip("2026-11-22")])).toEqual(
      expect.arrayContaining([1, 0, 0]),
    );
    expect(await database.selectFrom("mark").select("gen").execute()).toEqual([{ gen: 1 }]);
  });

  it("makes good the days on which nothing ran", async () => {
    await card(1, "2026-11-20");
    await flip("2026-11-19");
    expect(await flip("2026-11-25")).toBe(1);
  });

  it("spreads many over a quarter of an hour, the largest overdue amount first", async () => {
    for (let id = 1; id <= 250; id += 1) await card(id, "2026-11-22", id);
    expect(await flip("2026-11-22")).toBe(250);
    const rows = await marked();
    const batch = (delay: number) =>
      rows.filter((row) => row.delay === delay).map(({ key }) => Number(key.split(":")[1]));
    expect([...new Set(rows.map(({ delay }) => delay))]).toEqual([0, 300, 600]);
    expect(Math.min(...batch(0))).toBe(151);
    expect(Math.max(...batch(600))).toBe(50);
  });

  it("marks a member that is linked; whose card that is shows when it is decided", async () => {
    await card(2, "2026-11-22");
    await sql`insert into party (connection_id, kind, id, display_name, fully_qualified_name, active, parent_id, top_id, currency, balance,
      name_key, name_stems, record, content_hash, created_at, updated_at, sync_token, read_at)
      values (${connectionId}, 'customer', '2', 'x', 'x', true, '1', '1', 'USD', 0, 'x', '{}', '{}', '', now(), now(), 0, now())`.execute(
      database,
    );
    await flip("2026-11-22");
    expect((await marked()).map(({ key }) => key)).toEqual(["customer:2"]);
  });
});
