import { sql } from "kysely";
import type { JournalEntry, JournalFilter, JournalStore, RecordedEntry } from "../oversight/journal/ports.ts";
import type { Database, Executor } from "./database.ts";

/** Appends entries in one statement, inside the transaction that makes them true. */
export async function appendJournal(executor: Executor, entries: readonly JournalEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await executor
    .insertInto("journal")
    .values(
      entries.map((entry) => ({
        connection_id: entry.connectionId,
        action: entry.action,
        parties: entry.parties,
        organization_id: entry.organizationId ?? null,
        who: entry.who,
        causes: JSON.stringify(entry.causes),
        before: JSON.stringify(entry.before),
        after: JSON.stringify(entry.after),
        outcome: entry.outcome,
        write_id: entry.writeId ?? null,
        request_ids: JSON.stringify(entry.requestIds),
      })),
    )
    .execute();
}

export function createJournalStore(database: Database): JournalStore {
  return {
    async search(filter: JournalFilter): Promise<RecordedEntry[]> {
      let query = database
        .selectFrom("journal")
        .selectAll()
        .where("connection_id", "is not", null)
        .orderBy("id", "desc")
        .limit(filter.limit);
      if (filter.connectionId !== undefined) query = query.where("connection_id", "=", filter.connectionId);
      if (filter.party !== undefined) query = query.where("parties", "@>", sql<string[]>`array[${filter.party}]`);
      if (filter.organizationId !== undefined) query = query.where("organization_id", "=", filter.organizationId);
      if (filter.before !== undefined) query = query.where("id", "<", filter.before);
      const rows = await query.execute();
      return rows.map((row) => ({
        id: row.id,
        at: row.at,
        connectionId: row.connection_id as RecordedEntry["connectionId"], // rows of none were left out
        action: row.action as JournalEntry["action"], // only appendJournal writes this column
        parties: row.parties,
        organizationId: row.organization_id ?? undefined,
        who: row.who,
        causes: row.causes,
        before: row.before as RecordedEntry["before"], // field values, written by appendJournal
        after: row.after as RecordedEntry["after"], // as `appendJournal` wrote it
        outcome: row.outcome,
        writeId: row.write_id ?? undefined,
        requestIds: row.request_ids as RecordedEntry["requestIds"], // as `appendJournal` wrote it
      }));
    },
  };
}

/** Makes the partitions of this month and the next two: rows of a month without one would be refused. */
export async function makeJournalMonths(database: Database): Promise<void> {
  await sql`select journal_make_months(2)`.execute(database);
}

/** Ends what is older than so many days. A reader that is in the way for long is waited for the next time. */
export async function forgetJournal(database: Database, days: number): Promise<void> {
  await sql`select journal_forget_before((now() - ${days} * interval '1 day')::date)`.execute(database);
}
