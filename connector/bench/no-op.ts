import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { sql } from "kysely";
import type { ConnectionId } from "../src/domain/index.ts";
import type { Bench } from "./bench.ts";
import { addDays, calendarCompany } from "./no-op-company.ts";
import { openStage, type Stage, subdomain } from "./stage/index.ts";

const sizes = { full: { customers: 3000, days: 30 }, small: { customers: 150, days: 4 } };
const today = "2026-11-20";
const zone = "America/Los_Angeles";
const patienceMs = 5 * 60_000;

/**
 * A full sweep over a company in which nothing changed, then thirty days one by one: what is written, and what should be. The engine runs
 * in this process, since no deployment can move its day.
 */
export const noOp: Bench = async (context) => {
  const { customers, days } = sizes[context.size];
  const company = calendarCompany(customers, today);
  const folder = await mkdtemp(path.join(os.tmpdir(), "ml-connector-bench-"));
  const file = path.join(folder, "company.json");
  await writeFile(file, JSON.stringify(company.file));
  const stage = await openStage({
    server: await context.server(),
    systems: { company: { file }, limits: "unlimited", jobs: { itemsPerSecond: 0, startDelayMs: 0 } },
    today,
  });
  try {
    const { engine, business } = stage.driver;
    const connectionId = await stage.driver.connect();
    await engine.loadDirectory(subdomain, () => undefined);
    await engine.sweep(connectionId, "bench", () => undefined);
    await engine.plan(connectionId, () => undefined);
    await stage.driver.approve(connectionId, patienceMs);
    await settle(stage, connectionId);

    const loaded = await footprint(stage);
    await engine.sweep(connectionId, "bench", () => undefined);
    const swept = await footprint(stage);
    await settle(stage, connectionId);
    const decided = await footprint(stage);
    let flippedCards = 0;
    for (let day = 1; day <= days; day += 1) {
      const date = addDays(today, day);
      flippedCards += company.flips(addDays(today, day - 1), date);
      business.move(date);
      await engine.markFlips(connectionId, business.today(zone));
      await settle(stage, connectionId);
    }
    const moved = await footprint(stage);
    return {
      writes: decided.writes - loaded.writes,
      partyMarks: swept.partyMarks - loaded.partyMarks,
      journalRows: decided.journalRows - loaded.journalRows,
      writesAfterDays: moved.writes - decided.writes,
      flippedCards,
      cards: customers,
      days,
    };
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
};

/** Owns the account until nothing is left to do. The marks of one midnight are spread over a quarter of an hour: not here. */
async function settle(stage: Stage, connectionId: ConnectionId): Promise<void> {
  await sql`update mark set due_at = now() where due_at > now()`.execute(stage.database.database);
  const stop = new AbortController();
  const owning = stage.driver.engine.owners.own(subdomain, stop.signal);
  await stage.driver.settled(connectionId, patienceMs);
  stop.abort();
  await owning;
}

/** Organizations written, party marks that wait, rows of the journal. */
async function footprint({ database: { database } }: Stage) {
  const { rows } = await sql<{ writes: number; party_marks: number; journal_rows: number }>`
    select (select count(*) from write where kind in ('create', 'update')) as writes,
      (select count(*) from mark where kind = 'party') as party_marks,
      (select count(*) from journal) as journal_rows`.execute(database);
  const [row] = rows;
  if (!row) throw new Error("no figures");
  return { writes: row.writes, partyMarks: row.party_marks, journalRows: row.journal_rows };
}
