import { Decimal } from "decimal.js";
import { type RawBuilder, type Selectable, sql } from "kysely";
import {
  type ConnectionId,
  type LocalDate,
  type OrganizationId,
  parsePartyKey,
  type RecordEntity,
} from "../domain/index.ts";
import type { Fence } from "../sync/marks/ports.ts";
import type {
  KnownRecord,
  PartyDocument,
  RecordJob,
  RecordSettlement,
  RecordStore,
} from "../sync/reconcile/records/ports.ts";
import { inFencedTransaction } from "./account-fence.ts";
import { type BulkColumn, slicesOf, upsertRows } from "./bulk-rows.ts";
import { familiesAsked, holderOf } from "./card-holder.ts";
import type { Database, Executor } from "./database.ts";
import { appendJournal } from "./journal-store.ts";
import { isoNow } from "./records-due.ts";
import type { ObjectRecordTable } from "./schema/record-tables.ts";

/** So many rows go into one statement. */
const slice = 1_000;

export function createRecordStore(database: Database): RecordStore {
  return {
    followWay: (fence, connectionId, way) =>
      inFencedTransaction(database, fence, async (executor) => {
        const { numAffectedRows } =
          await sql`insert into record_keeping as k (connection_id, way, drift_from, drift_due_at)
          values (${connectionId}, ${way}, now(), now() + interval '1 hour')
          on conflict (connection_id) do update set way = excluded.way where k.way <> excluded.way`.execute(executor);
        if (numAffectedRows === 0n) return;
        await sql`insert into record_due as d (connection_id, party, causes)
          select ${connectionId}, party, ${rippleOf("settings")} from (
            select l.kind || ':' || l.id as party from link l where l.connection_id = ${connectionId} and ${way} <> 'off'
            union select r.party from object_record r where r.connection_id = ${connectionId}) as all_parties
          on conflict (connection_id, party) do update set gen = d.gen + 1, attempts = 0, due_at = now(), causes = excluded.causes`.execute(
          executor,
        );
      }),

    async objectsAskedMinutesAgo(connectionId) {
      const { rows } = await sql<{ minutes: number | null }>`
        select floor(extract(epoch from now() - looked_up_at) / 60)::bigint as minutes
        from record_keeping where connection_id = ${connectionId}`.execute(database);
      return rows[0]?.minutes ?? undefined;
    },

    async objectsAsked(connectionId) {
      await sql`update record_keeping set looked_up_at = now() where connection_id = ${connectionId}`.execute(database);
    },

    async claim(connectionId, limit) {
      return database
        .selectFrom("record_due")
        .select(["party", "gen", "attempts", "causes"])
        .where("connection_id", "=", connectionId)
        .where("due_at", "<=", sql<Date>`now()`)
        .orderBy("due_at")
        .orderBy("party")
        .limit(limit)
        .execute();
    },

    async known(connectionId, parties) {
      const rows = await database
        .selectFrom("object_record")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where(sql<boolean>`party = any(${[...parties]}::text[])`)
        .execute();
      return rows.map(knownFrom);
    },

    async knownBy(connectionId, entity, externalIds) {
      if (externalIds.length === 0) return [];
      // By the primary key: the last word of an external id is the document's id.
      const ids = externalIds.map((externalId) => externalId.slice(externalId.lastIndexOf(":") + 1));
      const rows = await database
        .selectFrom("object_record")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("entity", "=", entity)
        .where("id", "in", ids)
        .where("external_id", "in", [...externalIds])
        .execute();
      return rows.map(knownFrom);
    },

    async knownAfter(connectionId, entity, after, limit) {
      let query = database
        .selectFrom("object_record")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("entity", "=", entity)
        .orderBy("id")
        .limit(limit);
      if (after !== undefined) query = query.where("id", ">", after);
      return (await query.execute()).map(knownFrom);
    },

    async countMade(subdomain, entity) {
      const { rows } = await sql<{ made: number }>`
        select count(*) as made from object_record r join connection c on c.id = r.connection_id
        where c.subdomain = ${subdomain} and r.entity = ${entity} and r.content is not null`.execute(database);
      return rows[0]?.made ?? 0;
    },

    async driftDue(connectionId) {
      const row = await database
        .selectFrom("record_keeping")
        .select("drift_from")
        .where("connection_id", "=", connectionId)
        .where((either) =>
          either.or([either("drift_due_at", "is", null), either("drift_due_at", "<=", sql<Date>`now()`)]),
        )
        .executeTakeFirst();
      return row && { from: row.drift_from ?? undefined };
    },

    async driftLooked(connectionId, at) {
      await sql`update record_keeping set drift_from = ${at}, drift_due_at = now() + interval '1 hour'
        where connection_id = ${connectionId}`.execute(database);
    },

    async noteDrift(fence, connectionId, drifted, causes) {
      if (drifted.length === 0) return;
      await inFencedTransaction(database, fence, async (executor) => {
        await sql`update object_record r set content = n.content
          from unnest(${drifted.map(({ entity }) => entity)}::text[], ${drifted.map(({ id }) => id)}::text[],
            ${drifted.map(({ content }) => content ?? null)}::text[]) as n (entity, id, content)
          where r.connection_id = ${connectionId} and r.entity = n.entity and r.id = n.id`.execute(executor);
        await sql`insert into record_due as d (connection_id, party, causes)
          select distinct ${connectionId}::bigint, n.party, ${JSON.stringify(causes)}::jsonb
          from unnest(${drifted.map(({ party }) => party)}::text[]) as n (party)
          on conflict (connection_id, party) do update set gen = d.gen + 1, attempts = 0, due_at = now(), causes = excluded.causes`.execute(
          executor,
        );
      });
    },

    documents: (connectionId, of) => documentsOf(database, connectionId, of),

    async countDocuments({ id: connectionId, families }, parties, { zone, since }) {
      const { rows } = await sql<{ documents: number }>`
        select count(*) as documents from unnest(
            ${parties.map(({ kind }) => kind)}::text[], ${parties.map(({ id }) => id)}::text[]) as n (kind, id)
          join party h on h.connection_id = ${connectionId} and h.kind = n.kind and h.id = n.id
          join party p on p.connection_id = h.connection_id and p.kind = h.kind and p.top_id = h.top_id
            and ${holderOf("p", familiesAsked(connectionId, families))} = n.id and p.deleted_at is null
          join document d on d.connection_id = p.connection_id and d.party_kind = p.kind and d.party_id = p.id
        where d.entity in ('Invoice', 'Bill') and ${isKept(zone, since)}`.execute(database);
      return rows[0]?.documents ?? 0;
    },

    async countKnown(connectionId) {
      const row = await database
        .selectFrom("object_record")
        .select(sql<number>`count(*)`.as("known"))
        .where("connection_id", "=", connectionId)
        .executeTakeFirst();
      return row?.known ?? 0;
    },

    intend: (fence, job, deadlineMs) =>
      inFencedTransaction(database, fence, (executor) => insertJob(executor, fence, job, deadlineMs)),

    async submitted(id, { jobId, requestId }) {
      await sql`update record_job set state = 'submitted', job_id = ${jobId}, request_id = ${requestId ?? null}
        where id = ${id} and state = 'intended'`.execute(database);
    },

    async openOfEarlierEpochs(fence) {
      const rows = await database
        .selectFrom("record_job")
        .selectAll()
        .select(sql<number>`ceil(extract(epoch from deadline_at - now()) * 1000)::bigint`.as("deadline_in_ms"))
        .where("subdomain", "=", fence.subdomain)
        .where("epoch", "<", fence.epoch)
        .where("closed_at", "is", null)
        .orderBy("id")
        .execute();
      return rows.map((row) => ({
        id: row.id,
        connectionId: row.connection_id,
        object: row.object,
        action: row.action,
        items: row.items.map(({ content, ...item }) => ({ ...item, content: content ?? undefined })),
        jobId: row.job_id ?? undefined,
        requestId: row.request_id ?? undefined,
        deadlineInMs: row.deadline_in_ms,
      }));
    },

    commit: (fence, settlement) => inFencedTransaction(database, fence, (executor) => settle(executor, settlement)),

    async forgetClosedJobs() {
      await sql`delete from record_job where id in (
        select id from record_job where closed_at < now() - interval '7 days' order by id limit 10000)`.execute(
        database,
      );
    },
  };
}

async function insertJob(executor: Executor, fence: Fence, job: RecordJob, deadlineMs: number): Promise<number> {
  const items = job.items.map(({ entity, id, party, externalId, content }) => ({
    entity,
    id,
    party,
    externalId,
    content: content ?? null,
  }));
  const { rows } = await sql<{ id: number }>`
    insert into record_job (connection_id, subdomain, epoch, object, action, items, deadline_at)
    values (${job.connectionId}, ${fence.subdomain}, ${fence.epoch}, ${job.object}, ${job.action}, ${JSON.stringify(items)}::jsonb,
      now() + ${deadlineMs} * interval '1 millisecond')
    returning id`.execute(executor);
  const [row] = rows;
  if (!row) throw new Error("an insert returned no row");
  return row.id;
}

interface DocumentRow {
  entity: RecordEntity;
  id: string;
  number: string | null;
  date: LocalDate;
  due_date: LocalDate | null;
  terms_id: string | null;
  total: string;
  balance: string;
  currency: string;
  changed_on: LocalDate;
  name: string;
  party_terms_id: string | null;
  organization_id: OrganizationId;
  top: string;
}

/** Documents find their card by whose it is under the setting in force: a link is of that party. */
async function documentsOf(
  executor: Executor,
  connectionId: ConnectionId,
  { parties, also, zone, since }: Parameters<RecordStore["documents"]>[1],
): Promise<PartyDocument[]> {
  const tops = parties.map(parsePartyKey);
  const holder = holderOf("p", familiesAsked(connectionId, undefined));
  const { rows } = await sql<DocumentRow>`
    with wanted as (
      select d.entity, d.id from unnest(
          ${tops.map(({ kind }) => kind)}::text[], ${tops.map(({ id }) => id)}::text[]) as n (kind, id)
        join party h on h.connection_id = ${connectionId} and h.kind = n.kind and h.id = n.id
        join party p on p.connection_id = h.connection_id and p.kind = h.kind and p.top_id = h.top_id and ${holder} = n.id
        join document d on d.connection_id = p.connection_id and d.party_kind = p.kind and d.party_id = p.id
      where d.entity in ('Invoice', 'Bill')
      union
      select n.entity, n.id from unnest(
        ${also.map(({ entity }) => entity)}::text[], ${also.map(({ id }) => id)}::text[]) as n (entity, id))
    select d.entity, d.id, d.number, d.date, d.due_date, d.terms_id, d.total, d.balance, d.currency,
      (d.updated_at at time zone ${zone})::date as changed_on, p.display_name as name, p.terms_id as party_terms_id,
      l.organization_id, p.kind || ':' || l.id as top
    from wanted w
    join document d on d.connection_id = ${connectionId} and d.entity = w.entity and d.id = w.id
    join party p on p.connection_id = d.connection_id and p.kind = d.party_kind and p.id = d.party_id and p.deleted_at is null
    join link l on l.connection_id = p.connection_id and l.kind = p.kind and l.id = ${holder}
    where ${isKept(zone, since)}`.execute(executor);
  return rows.map((row) => ({
    entity: row.entity,
    id: row.id,
    number: row.number ?? undefined,
    date: row.date,
    dueDate: row.due_date ?? undefined,
    termsId: row.terms_id ?? undefined,
    total: new Decimal(row.total),
    balance: new Decimal(row.balance),
    currency: row.currency,
    changedOn: row.changed_on,
    party: { name: row.name, termsId: row.party_terms_id ?? undefined },
    organizationId: row.organization_id,
    top: row.top,
  }));
}

/** Document `d` is open, or was changed lately enough. Voided ones count nowhere. */
function isKept(zone: string, since: LocalDate): RawBuilder<boolean> {
  return sql<boolean>`d.deleted_at is null and not d.voided
      and (d.balance > 0 or (d.updated_at at time zone ${zone})::date >= ${since}::date)`;
}

function knownFrom(row: Selectable<ObjectRecordTable>): KnownRecord {
  return {
    entity: row.entity,
    id: row.id,
    party: row.party,
    externalId: row.external_id,
    content: row.content ?? undefined,
    lookOn: row.look_on ?? undefined,
  };
}

/** Causes of what follows from something else, at the database's time. */
function rippleOf(of: string): RawBuilder<unknown> {
  return sql`jsonb_build_array(jsonb_build_object('kind', 'ripple', 'of', ${of}::text,
    'at', ${isoNow}))`;
}

const keptColumns: Record<string, BulkColumn<KnownRecord>> = {
  entity: { wire: "text", of: ({ entity }) => entity },
  id: { wire: "text", of: ({ id }) => id },
  party: { wire: "text", of: ({ party }) => party },
  external_id: { wire: "text", of: ({ externalId }) => externalId },
  content: { wire: "text", of: ({ content }) => content },
  look_on: { wire: "date", of: ({ lookOn }) => lookOn },
};

async function settle(
  executor: Executor,
  { connectionId, closed, kept, gone, settled, deferred, due, journal }: RecordSettlement,
): Promise<void> {
  for (const { id, state } of closed)
    await sql`update record_job set state = ${state}, closed_at = now() where id = ${id} and closed_at is null`.execute(
      executor,
    );
  for (const entries of slicesOf(journal, slice)) await appendJournal(executor, entries);
  for (const rows of slicesOf(kept, slice))
    await upsertRows({
      table: "object_record",
      key: ["connection_id", "entity", "id"],
      columns: { connection_id: { wire: "bigint", of: () => connectionId }, ...keptColumns },
      rows,
      also: sql`written_at = now()`,
    }).execute(executor);
  if (gone.length > 0)
    await sql`delete from object_record r using unnest(
        ${gone.map(({ entity }) => entity)}::text[], ${gone.map(({ id }) => id)}::text[]) as n (entity, id)
      where r.connection_id = ${connectionId} and r.entity = n.entity and r.id = n.id`.execute(executor);
  if (settled.length > 0)
    await sql`delete from record_due d using unnest(
        ${settled.map(({ party }) => party)}::text[], ${settled.map(({ gen }) => gen)}::bigint[]) as n (party, gen)
      where d.connection_id = ${connectionId} and d.party = n.party and d.gen = n.gen`.execute(executor);
  for (const { party, waitMs, failed } of deferred)
    await sql`update record_due set due_at = now() + ${waitMs} * interval '1 millisecond',
        attempts = attempts + ${failed ? 1 : 0}
      where connection_id = ${connectionId} and party = ${party}`.execute(executor);
  if (due.length > 0)
    await sql`insert into record_due as d (connection_id, party) select ${connectionId}::bigint, n.party
      from unnest(${due}::text[]) as n (party)
      on conflict (connection_id, party) do update set gen = d.gen + 1, due_at = now()`.execute(executor);
}
