import { type RawBuilder, sql } from "kysely";
import { ticketFieldsDue } from "./ticket-field-store.ts";

/** True where connection `c` asks for records or contacts and they are not kept yet, or the other way round. */
export const isKeptOtherwise: RawBuilder<boolean> = sql<boolean>`(
  (coalesce(c.settings ->> 'records', 'off') = 'objects') <> exists (
    select from record_keeping k where k.connection_id = c.id and k.way not like 'off%')
  or (coalesce(c.settings ->> 'contacts', 'false') = 'true') <> exists (
    select from record_keeping k where k.connection_id = c.id and k.way like '%contacts'))`;

/** What an active connection `c` owes now beside its organizations; what failed and waits for its next try is not counted. */
export const besideOwed: RawBuilder<number> = sql<number>`(case when c.state <> 'active' then 0 else
  (select count(*) from record_due d where d.connection_id = c.id and d.due_at <= now())
  + (select count(*) from record_job j where j.connection_id = c.id and j.closed_at is null)
  + ${isKeptOtherwise}::int + ${ticketFieldsDue}::int end)::bigint`;
