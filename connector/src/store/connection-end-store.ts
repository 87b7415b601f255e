import { sql } from "kysely";
import type { ConnectionEndStore } from "../connections/ports.ts";
import type { PartyKind } from "../domain/index.ts";
import { putAnswers } from "./answer-rows.ts";
import type { Database } from "./database.ts";

/** What outlives a purge: what happened (kept for its own time), and the row that says that there was a connection. */
const outlives = sql`('connection', 'journal', 'incident')`;
const slice = 500;

export function createConnectionEndStore(database: Database): ConnectionEndStore {
  return {
    async linked(id) {
      const { rows } = await sql<{ created: number; adopted: number }>`
        select count(*) filter (where origin = 'created') as created, count(*) filter (where origin = 'adopted') as adopted
        from (select distinct on (organization_id) organization_id, origin from link where connection_id = ${id}
          order by organization_id, origin desc) l`.execute(database);
      return rows[0] ?? { created: 0, adopted: 0 };
    },

    async ours(id) {
      // A value that Zendesk holds by now as empty is no value; our block stands among people's words, which the directory does not keep.
      const { rows: fields } = await sql<{ key: string; organizations: number }>`
        select v.key, count(*) as organizations from card k
        join organization o on o.subdomain = k.subdomain and o.id = k.organization_id and o.gone_at is null
        cross join jsonb_each(k.applied) as v (key, value)
        where k.connection_id = ${id} and v.value not in ('null', 'false', '""')
          and (v.key = 'notes' or coalesce(o.fields -> v.key, 'null') not in ('null', 'false', '""'))
          and exists (select from link l where l.connection_id = ${id} and l.organization_id = k.organization_id)
        group by v.key order by v.key`.execute(database);
      const { rows } = await sql<{
        external_ids: number;
        records: number;
        users: number;
        members: number;
        ticket_fields: number;
      }>`select
          (select count(distinct l.organization_id) from link l where l.connection_id = ${id} and l.origin = 'created') as external_ids,
          (select count(*) from object_record where connection_id = ${id}) as records,
          (select count(*) from contact_user where connection_id = ${id} and state = 'made') as users,
          (select count(*) from journal where connection_id = ${id} and action = 'member-added' and outcome <> 'user created')
            - (select count(*) from journal where connection_id = ${id} and action = 'member-removed') as members,
          (select count(*) from ticket_field_keeping where connection_id = ${id}) as ticket_fields`.execute(database);
      const [row] = rows;
      return {
        clears: { fields, externalIds: row?.external_ids ?? 0, records: row?.records ?? 0 },
        stays: { users: row?.users ?? 0, members: row?.members ?? 0, ticketFields: row?.ticket_fields ?? 0 },
      };
    },

    async openWrites(id) {
      const { rows } = await sql<{ open: number }>`
        select (select count(*) from write where connection_id = ${id} and closed_at is null)
          + (select count(*) from record_job where connection_id = ${id} and closed_at is null)
          + (select count(*) from object_record r where r.connection_id = ${id} and exists (
            select from record_keeping k where k.connection_id = r.connection_id and k.way not like 'unavailable%')) as open`.execute(
        database,
      );
      return rows[0]?.open ?? 0;
    },

    ignoreEveryone: (id, who) =>
      database.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ kind: PartyKind; id: string }>`
          select l.kind, l.id from link l where l.connection_id = ${id} and not exists (select from answer a
            where a.connection_id = l.connection_id and a.kind = l.kind and a.id_of_party = l.id and a.undone_at is null
              and a.answer ->> 'kind' = 'ignore')
          order by l.kind, l.id`.execute(transaction);
        const given = rows.map((party) => ({ party, answer: { kind: "ignore" as const } }));
        for (let from = 0; from < given.length; from += slice)
          await putAnswers(transaction, id, given.slice(from, from + slice), { who, batchId: undefined });
      }),

    disconnect: (id, { keepsCompany }) =>
      database.transaction().execute(async (transaction) => {
        await transaction
          .updateTable("connection")
          .set({ state: "disconnected", paused_by: null, ...(keepsCompany ? {} : { realm: null }) })
          .where("id", "=", id)
          .execute();
        await transaction.deleteFrom("mark").where("connection_id", "=", id).execute();
        await transaction.deleteFrom("record_due").where("connection_id", "=", id).execute();
        await transaction.deleteFrom("oauth_state").where("connection_id", "=", id).execute();
      }),

    restart: (id) =>
      database.transaction().execute(async (transaction) => {
        const [result] = await transaction
          .updateTable("connection")
          .set({ state: "connecting", swept_at: null, sweep_due_at: null, poll_cursor: null, polled_at: null })
          .where("id", "=", id)
          .where("state", "=", "disconnected")
          .execute();
        // What was approved once was approved for another time: a person sees anew what would change.
        await sql`update plan set state = 'discarded' where connection_id = ${id}`.execute(transaction);
        return result?.numUpdatedRows === 1n;
      }),

    async abandon(id) {
      const [result] = await database
        .deleteFrom("connection")
        .where("id", "=", id)
        .where("state", "=", "connecting")
        .where("realm", "is", null)
        .execute();
      return result?.numDeletedRows === 1n;
    },

    async webhookPath(subdomain) {
      const row = await database
        .selectFrom("zendesk_webhook")
        .select("path")
        .where("subdomain", "=", subdomain)
        .executeTakeFirst();
      return row?.path;
    },

    async forgetWebhook(subdomain) {
      await database.deleteFrom("zendesk_webhook").where("subdomain", "=", subdomain).execute();
    },

    async purge(id) {
      // Asked of the catalogue, so that a table which comes later is not forgotten. Partitions go with their parent.
      const { rows } = await sql<{ name: string }>`
        select quote_ident(c.relname) as name from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'connection_id' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and c.relname not in ${outlives}
        order by c.relname`.execute(database);
      for (const { name } of rows)
        await sql`delete from ${sql.raw(name)} where connection_id = ${id}`.execute(database);
    },
  };
}
