import { type RawBuilder, sql } from "kysely";
import { type ReferenceEntity, type TicketFieldPurpose, ticketFieldPurposes } from "../domain/index.ts";
import type { TicketFieldStore } from "../sync/reconcile/ticket-fields/ports.ts";
import type { Database } from "./database.ts";
import { appendJournal } from "./journal-store.ts";

/** Vendors are organizations: nothing of the replica is listed for them. */
const entityOf: Record<TicketFieldPurpose, ReferenceEntity | undefined> = {
  vendor: undefined,
  item: "Item",
  category: "Account",
};

const entities = ticketFieldPurposes.map((purpose) => entityOf[purpose] ?? null);

/** The purposes of a connection whose records changed since its field was looked at, with the records' state as one text. */
function changed(connectionId: RawBuilder<unknown>, purposes: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select s.purpose, s.content from (
      select n.purpose, coalesce((
        select md5(string_agg(r.id || ':' || encode(r.content_hash, 'hex'), ',' order by r.id)) from reference_record r
        where r.connection_id = ${connectionId} and r.entity = n.entity and r.deleted_at is null), 'none') as content
      from unnest(${[...ticketFieldPurposes]}::text[], ${entities}::text[]) as n (purpose, entity)
      where n.purpose = any(${purposes})) as s
    left join ticket_field_keeping k on k.connection_id = ${connectionId} and k.purpose = s.purpose
    where k.content is distinct from s.content or k.looked_at < now() - interval '1 day'`;
}

/** True where a ticket field of connection `c` is to be looked at. */
export const ticketFieldsDue: RawBuilder<boolean> = sql<boolean>`(jsonb_array_length(coalesce(c.settings -> 'ticketFields', '[]')) > 0
  and exists (${changed(sql`c.id`, sql`array(select jsonb_array_elements_text(c.settings -> 'ticketFields'))`)}))`;

export function createTicketFieldStore(database: Database): TicketFieldStore {
  return {
    async changedPurposes(connectionId, purposes) {
      if (purposes.length === 0) return [];
      const { rows } = await sql<{ purpose: TicketFieldPurpose; content: string }>`${changed(
        sql`${connectionId}::bigint`,
        sql`${[...purposes]}::text[]`,
      )}`.execute(database);
      return rows;
    },

    async referenceRecords(connectionId, purpose) {
      const entity = entityOf[purpose];
      if (entity === undefined) return [];
      return database
        .selectFrom("reference_record")
        .select(["id", "record"])
        .where("connection_id", "=", connectionId)
        .where("entity", "=", entity)
        .where("deleted_at", "is", null)
        .execute();
    },

    journal: (entry) => appendJournal(database, [entry]),

    async looked(connectionId, purpose, content) {
      await sql`insert into ticket_field_keeping (connection_id, purpose, content) values (${connectionId}, ${purpose}, ${content})
        on conflict (connection_id, purpose) do update set content = excluded.content, looked_at = now()`.execute(
        database,
      );
    },
  };
}
