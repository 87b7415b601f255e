import { type RawBuilder, sql } from "kysely";
import type { ConnectionId, Entity, LocalDate, Realm, Subdomain } from "../domain/index.ts";
import type { IntakeConnection, IntakeStore } from "../sync/intake/ports.ts";
import type { Database, Executor } from "./database.ts";

export function createIntakeStore(database: Database): IntakeStore {
  return {
    async connection(connectionId) {
      const { rows } = await sql<{
        realm: Realm | null;
        subdomain: Subdomain | null;
        state: IntakeConnection["state"];
        poll_cursor: Date | null;
        swept_at: Date | null;
        clock_day: LocalDate | null;
        refused_entities: Entity[];
      }>`
        select realm, subdomain, state, poll_cursor, swept_at, clock_day, refused_entities
        from connection where id = ${connectionId}`.execute(database);
      const [row] = rows;
      if (!row || row.realm === null) return undefined;
      return {
        id: connectionId,
        realm: row.realm,
        subdomain: row.subdomain ?? undefined,
        state: row.state,
        pollCursor: row.poll_cursor ?? undefined,
        sweptAt: row.swept_at ?? undefined,
        clockDay: row.clock_day ?? undefined,
        refusedEntities: row.refused_entities,
      };
    },

    async makeSweepDue(connectionId) {
      await sql`update connection set sweep_due_at = now() where id = ${connectionId}`.execute(database);
    },

    async isSilent(connectionId) {
      // A webhook is noted at most once a minute (see receipt-store.ts), and one of the last interval may have announced what was found.
      const { rows } = await sql<{ silent: boolean | null }>`
        update connection set silent_since =
          case when webhook_seen_at > now() - (${pollInterval()}) - interval '1 minute' then null else coalesce(silent_since, now()) end
        where id = ${connectionId}
        returning silent_since <= now() - 2 * (${pollInterval()}) as silent`.execute(database);
      return rows[0]?.silent ?? false;
    },

    async putPollOff(connectionId) {
      await sql`update connection set poll_due_at = ${nextPoll} where id = ${connectionId}`.execute(database);
    },
  };
}

/**
 * The cadence that the operator set, 0 = off; else 15 minutes while webhooks are seen to work, else 5. Stored as the due time, so that a
 * poll which a person or an unreadable delivery asked for is no different.
 */
const nextPoll = sql`now() + ${pollInterval()}`;

function pollInterval(): RawBuilder<unknown> {
  return sql`case coalesce((settings ->> 'pollMinutes')::int, -1)
    when 0 then null
    when -1 then case when webhook_seen_at > now() - interval '1 day' then interval '15 minutes' else interval '5 minutes' end
    else make_interval(mins => (settings ->> 'pollMinutes')::int) end`;
}

/** In the transaction that stores the answer. Never backwards. */
export async function movePollCursor(
  executor: Executor,
  connectionId: ConnectionId,
  { cursor, readAt }: { cursor: string; readAt: string },
): Promise<void> {
  await sql`update connection set poll_cursor = greatest(poll_cursor, ${cursor}::timestamptz),
      polled_at = greatest(polled_at, ${readAt}::timestamptz), poll_due_at = ${nextPoll}
    where id = ${connectionId}`.execute(executor);
}
