import { type RawBuilder, sql } from "kysely";
import type { SubscriptionStore } from "../connections/ports.ts";
import { type ConnectionId, priorities, type Subdomain } from "../domain/index.ts";
import type { CreatedWithKey, DirectoryMark, ZendeskEventReceipt, ZendeskEventStore } from "../sync/intake/ports.ts";
import type { Database } from "./database.ts";
import { insertMarks } from "./mark-store.ts";

/** An active connection of the account wants to hear of new tickets. */
function wantsTickets(subdomain: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`exists (select from connection c
    where c.subdomain = ${subdomain} and c.state = 'active' and c.settings ->> 'ticketEvents' = 'true')`;
}

/** Active there, with its fields made, and no webhook of ours that posts to `base` and hears what it should. */
export function lacksWebhook(subdomain: RawBuilder<unknown>, base: string): RawBuilder<boolean> {
  return sql<boolean>`(exists (select from connection c
      where c.subdomain = ${subdomain} and c.state = 'active' and c.fields_ready_at is not null)
    and not exists (select from zendesk_webhook w
      where w.subdomain = ${subdomain} and w.active_at is not null
        and w.endpoint = ${base} || '/webhooks/zendesk/' || w.path and w.tickets = ${wantsTickets(subdomain)}))`;
}

export function createZendeskEventStore(database: Database): ZendeskEventStore & SubscriptionStore {
  return {
    async intend(subdomain, path, base) {
      const endpointOf = sql`${base} || '/webhooks/zendesk/'`;
      await sql`insert into zendesk_webhook (subdomain, path, endpoint) values (${subdomain}, ${path}, ${endpointOf} || ${path})
        on conflict (subdomain) do update set endpoint = ${endpointOf} || zendesk_webhook.path`.execute(database);
      const row = await database
        .selectFrom("zendesk_webhook")
        .select(["path", "endpoint"])
        .where("subdomain", "=", subdomain)
        .executeTakeFirstOrThrow();
      return row;
    },

    async isMissing(subdomain, base) {
      const { rows } = await sql<{ missing: boolean }>`
        select ${lacksWebhook(sql`${subdomain}`, base)} as missing`.execute(database);
      return rows[0]?.missing ?? false;
    },

    async wantsTickets(subdomain) {
      const { rows } = await sql<{ wanted: boolean }>`
        select ${wantsTickets(sql`${subdomain}`)} as wanted`.execute(database);
      return rows[0]?.wanted ?? false;
    },

    async activate(subdomain, { webhookId, sealedSecret, tickets }) {
      await database
        .updateTable("zendesk_webhook")
        .set({ webhook_id: webhookId, sealed_secret: sealedSecret, tickets, active_at: sql`now()` })
        .where("subdomain", "=", subdomain)
        .execute();
    },

    async byPath(path) {
      const row = await database
        .selectFrom("zendesk_webhook")
        .select(["subdomain", "sealed_secret"])
        .where("path", "=", path)
        .where("active_at", "is not", null)
        .executeTakeFirst();
      return row?.sealed_secret ? { subdomain: row.subdomain, sealedSecret: row.sealed_secret } : undefined;
    },

    async receive(events) {
      await markDirectory(database, events);
      return { marked: await markTicketClients(database, events) };
    },

    async claim(subdomain, kind, limit) {
      return database
        .selectFrom("directory_mark")
        .select(["kind", "id", "gen"])
        .where("subdomain", "=", subdomain)
        .where("kind", "=", kind)
        .orderBy("first_at")
        .orderBy("id")
        .limit(limit)
        .execute();
    },

    async settle(subdomain, marks: readonly DirectoryMark[]) {
      await sql`delete from directory_mark m
        using unnest(${marks.map(({ kind }) => kind)}::text[], ${marks.map(({ id }) => id)}::bigint[], ${marks.map(({ gen }) => gen)}::bigint[])
          as n (kind, id, gen)
        where m.subdomain = ${subdomain} and m.kind = n.kind and m.id = n.id and m.gen = n.gen`.execute(database);
    },

    async exportFrom(subdomain: Subdomain) {
      const { rows } = await sql<{ from: number | null; due: boolean }>`
        select coalesce(export_from, floor(extract(epoch from directory_loaded_at))::bigint) as from,
          coalesce(export_due_at, directory_loaded_at + interval '1 hour') <= now() as due
        from account where subdomain = ${subdomain}`.execute(database);
      const [row] = rows;
      return row?.from === null || row?.from === undefined ? undefined : { from: row.from, due: row.due };
    },

    async userExportFrom(subdomain) {
      const row = await database
        .selectFrom("account")
        .select("user_export")
        .where("subdomain", "=", subdomain)
        .executeTakeFirst();
      return row?.user_export ?? undefined;
    },

    async usersExported(subdomain, to) {
      await database
        .updateTable("account")
        .set({ user_export: JSON.stringify(to) })
        .where("subdomain", "=", subdomain)
        .execute();
    },

    async exported(subdomain, to) {
      await sql`update account set export_from = ${to.from},
          export_due_at = ${to.finished ? sql`now() + interval '1 hour'` : sql`export_due_at`}
        where subdomain = ${subdomain}`.execute(database);
    },
  };
}

interface Named extends Pick<DirectoryMark, "kind" | "id"> {
  subdomain: Subdomain;
  created: CreatedWithKey | undefined;
}

/** One statement, so one round trip; in one order, so that two batches never wait for each other; durable whatever the database's default is. */
async function markDirectory(database: Database, events: readonly ZendeskEventReceipt[]): Promise<void> {
  const named = new Map<string, Named>();
  for (const { subdomain, named: one } of events) {
    if (!one || one.kind === "ticket-of") continue;
    const name = `${subdomain} ${one.kind} ${one.id}`;
    // Whatever else was said of it counts for more than that it was created.
    const created = named.has(name) && named.get(name)?.created === undefined ? undefined : one.created;
    named.set(name, { subdomain, kind: one.kind, id: one.id, created });
  }
  const marks = [...named].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, mark]) => mark);
  await sql`
    with durable as materialized (select set_config('synchronous_commit', 'on', true)), seen as (
      update zendesk_webhook set seen_at = now()
      where subdomain = any(${[...new Set(events.map(({ subdomain }) => subdomain))].sort()}::text[])
        and (seen_at is null or seen_at < now() - interval '1 minute')
    )
    insert into directory_mark as m (subdomain, kind, id)
    select n.subdomain, n.kind, n.id from durable cross join unnest(${marks.map(({ subdomain }) => subdomain)}::text[],
      ${marks.map(({ kind }) => kind)}::text[], ${marks.map(({ id }) => id)}::bigint[],
      ${marks.map(({ created }) => created?.externalId ?? null)}::text[], ${marks.map(({ created }) => created?.name ?? null)}::text[]
    ) as n (subdomain, kind, id, external_id, name)
    where n.external_id is null or not (
      exists (select from write w where w.subdomain = n.subdomain and w.external_id = n.external_id
        and w.kind = 'create' and w.closed_at is null)
      or exists (select from organization o where o.subdomain = n.subdomain and o.id = n.id
        and o.external_id = n.external_id and o.name = n.name and o.gone_at is null))
    on conflict (subdomain, kind, id) do update set gen = m.gen + 1`.execute(database);
}

/** The parties that are linked to an organization with a new ticket are read next, where their connection wants that. */
async function markTicketClients(database: Database, events: readonly ZendeskEventReceipt[]): Promise<Subdomain[]> {
  const tickets = events.flatMap(({ subdomain, named }) =>
    named?.kind === "ticket-of" ? [{ subdomain, id: named.id }] : [],
  );
  if (tickets.length === 0) return [];
  const { rows } = await sql<{ connection_id: ConnectionId; kind: string; id: string; subdomain: Subdomain; at: Date }>`
    select l.connection_id, l.kind, l.id, l.subdomain, now() as at
    from unnest(${tickets.map(({ subdomain }) => subdomain)}::text[], ${tickets.map(({ id }) => id)}::bigint[]) as n (subdomain, id)
    join link l on l.subdomain = n.subdomain and l.organization_id = n.id
    join connection c on c.id = l.connection_id and c.state = 'active' and c.settings ->> 'ticketEvents' = 'true'`.execute(
    database,
  );
  await database.transaction().execute((transaction) =>
    insertMarks(
      transaction,
      rows.map(({ connection_id, kind, id, at }) => ({
        connectionId: connection_id,
        kind: "record",
        key: `${kind === "customer" ? "Customer" : "Vendor"}:${id}`,
        priority: priorities.urgent,
        causes: [{ kind: "zendesk", what: "a new ticket", at: at.toISOString() }],
      })),
    ),
  );
  return [...new Set(rows.map(({ subdomain }) => subdomain))];
}
