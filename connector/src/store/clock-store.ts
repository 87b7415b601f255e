import { sql } from "kysely";
import { priorities } from "../domain/index.ts";
import type { ClockStore } from "../sync/intake/ports.ts";
import type { Database } from "./database.ts";
import { insertMarks } from "./mark-store.ts";
import { markRecordsOfDay } from "./records-due.ts";

export function createClockStore(database: Database): ClockStore {
  return {
    markFlips: (connectionId, today, { cause, spreadMs, cardsAtOnce }) =>
      database.transaction().execute(async (transaction) => {
        // The row that remembers the day also keeps two processes from doing the same day twice.
        const { numAffectedRows } = await sql`
          update connection set clock_day = ${today}::date
          where id = ${connectionId} and (clock_day is null or clock_day < ${today}::date)`.execute(transaction);
        if (numAffectedRows === 0n) return 0;
        await markRecordsOfDay(transaction, connectionId, today);
        const { rows } = await sql<{ place: number; cards: number; parties: string[] }>`
          with flipping as (
            select c.organization_id, row_number() over (
                order by (c.applied ->> 'qbo_overdue_amount')::numeric desc nulls last, c.organization_id) - 1 as place,
              count(*) over () as cards
            from card c where c.connection_id = ${connectionId} and c.next_flip_on <= ${today}::date
          )
          select f.place, f.cards, array(
            select l.kind || ':' || l.id from link l
            where l.connection_id = ${connectionId} and l.organization_id = f.organization_id) as parties
          from flipping f order by f.place`.execute(transaction);
        await insertMarks(
          transaction,
          rows.flatMap(({ place, cards, parties }) => {
            const batches = Math.ceil(cards / cardsAtOnce);
            const delayMs = (Math.floor(place / cardsAtOnce) * spreadMs) / batches;
            return parties.map((key) => ({
              connectionId,
              kind: "party" as const,
              key,
              priority: priorities.background,
              causes: [cause],
              delayMs,
            }));
          }),
        );
        return rows.length;
      }),
  };
}
