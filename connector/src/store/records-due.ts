// Whose records, or contacts, may have to change: marks of their own, which the records lane claims.
import { sql } from "kysely";
import { type ConnectionId, type LocalDate, type PartyKey, partyKeyText } from "../domain/index.ts";
import { familiesOfRow, holderOf } from "./card-holder.ts";
import type { Executor } from "./database.ts";

export const isoNow = sql`to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Whoever's cards were decided has records, or contacts, that may have to change; and so has who left a card: its records may be another
 * card's in a moment, or nobody's for good. Called in the transaction that settles them.
 */
export async function markRecordsDue(
  executor: Executor,
  marks: readonly { connectionId: ConnectionId; kind: string; key: string }[],
  leavers: readonly { connectionId: ConnectionId; party: PartyKey }[],
): Promise<void> {
  const parties = [
    ...marks.filter(({ kind }) => kind === "party").map((mark) => ({ ...mark, left: false })),
    ...leavers.map(({ connectionId, party }) => ({ connectionId, key: partyKeyText(party), left: true })),
  ];
  if (parties.length === 0) return;
  await sql`insert into record_due as d (connection_id, party, causes, due_at)
    select n.connection_id, case when n.has_left then n.party else p.kind || ':' || ${holderOf("p", familiesOfRow("c"))} end, coalesce((array_agg(m.causes) filter (where m.causes is not null))[1], '[]'),
      now() + case when bool_and(n.has_left) then interval '5 seconds' else interval '0' end
    from unnest(${parties.map(({ connectionId }) => connectionId)}::bigint[], ${parties.map(({ key }) => key)}::text[],
      ${parties.map(({ left }) => left)}::boolean[]) as n (connection_id, party, has_left)
    join connection c on c.id = n.connection_id
      and (c.settings ->> 'records' = 'objects' or c.settings ->> 'contacts' = 'true' or exists (select from object_record r where r.connection_id = c.id))
    join party p on p.connection_id = n.connection_id
      and p.kind = split_part(n.party, ':', 1) and p.id = split_part(n.party, ':', 2)
    left join mark m on m.connection_id = n.connection_id and m.kind = 'party' and m.key = n.party
    group by 1, 2
    on conflict (connection_id, party) do update
      set gen = d.gen + 1, due_at = least(d.due_at, excluded.due_at), causes = excluded.causes`.execute(executor);
}

/** Documents become overdue, or are kept no longer, without a word from QuickBooks. Called once a day in the company's zone. */
export async function markRecordsOfDay(
  executor: Executor,
  connectionId: ConnectionId,
  today: LocalDate,
): Promise<void> {
  await sql`insert into record_due as d (connection_id, party, causes)
    select distinct r.connection_id, r.party, jsonb_build_array(jsonb_build_object('kind', 'clock', 'day', ${today}::text, 'at', ${isoNow})) from object_record r
    where r.connection_id = ${connectionId} and r.look_on <= ${today}::date
    on conflict (connection_id, party) do update
      set gen = d.gen + 1, due_at = least(d.due_at, now()), causes = excluded.causes`.execute(executor);
}
