import { sql } from "kysely";
import type { Executor } from "./database.ts";

/** What time it is by the clock that every process shares: rows, leases and causes are compared by it. */
export async function databaseNow(executor: Executor): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(executor);
  const [row] = rows;
  if (!row) throw new Error("the database did not say what time it is");
  // A Date holds milliseconds, the rows microseconds: rounded up, it is not before anything that was written until now.
  return new Date(row.now.getTime() + 1);
}

/** The same as causes carry it. */
export async function causeTime(executor: Executor): Promise<string> {
  return (await databaseNow(executor)).toISOString();
}
