import { sql } from "kysely";
import type { ConnectionId, Realm, System } from "../domain/index.ts";
import type { WatchFacts, WatchStore } from "../oversight/incidents/ports.ts";
import type { Database } from "./database.ts";

/** Where the current month of metered reads begins. */
const month = sql`date_trunc('month', now() at time zone 'UTC')::date`;
/** Samples older than this are of no use to anybody. */
const samplesKept = sql`interval '3 days'`;

export function createWatchStore(database: Database): WatchStore & MeteredReadStore {
  return {
    async facts() {
      const [paused, grants, parked, reads, undelivered, clock] = await Promise.all([
        readPaused(database),
        readGrants(database),
        readParked(database),
        readReads(database),
        readUndelivered(database),
        sql<{ now: Date }>`select now() as now`.execute(database),
      ]);
      return { paused, grants, parked, reads, undelivered, now: clock.rows[0]?.now ?? new Date(0) };
    },

    async unpaused() {
      const { rows } = await sql<{ system: System; subject: string; because: string | null }>`
        select r.system, r.subject, r.refused_because as because from credential r
        where r.state = 'refused' and exists (select from connection c where c.state in ('loading', 'planned', 'active')
          and r.subject = case r.system when 'quickbooks' then c.realm else c.subdomain end)`.execute(database);
      return rows.map(({ system, subject, because }) => ({ system, subject, because: because ?? "It was refused." }));
    },

    async sampleParked() {
      await sql`
        insert into parked_sample (connection_id, parked, parties)
        select c.id,
          (select count(*) from disposition d where d.connection_id = c.id and d.state = 'parked'),
          (select count(*) from disposition d where d.connection_id = c.id)
        from connection c
        where c.state = 'active'
          and not exists (select from parked_sample s where s.connection_id = c.id and s.at > now() - interval '1 hour')
        on conflict do nothing`.execute(database);
      await sql`delete from parked_sample where at < now() - ${samplesKept}`.execute(database);
    },

    async addReads(clientId, reads) {
      if (reads.size === 0) return;
      await sql`
        insert into metered_reads (client_id, month, realm, reads)
        select ${clientId}, ${month}, realm, reads
        from unnest(${[...reads.keys()]}::text[], ${[...reads.values()]}::bigint[]) as added (realm, reads)
        order by realm
        on conflict (client_id, month, realm) do update set reads = metered_reads.reads + excluded.reads`.execute(
        database,
      );
    },

    async readsThisMonth(clientId) {
      const { rows } = await sql<{ realm: Realm; reads: number }>`
        select realm, reads from metered_reads where client_id = ${clientId} and month = ${month}`.execute(database);
      return new Map(rows.map(({ realm, reads }) => [realm, reads]));
    },
  };
}

/** Reads that Intuit counts, per app, month and company. */
export interface MeteredReadStore {
  addReads(clientId: string, reads: ReadonlyMap<string, number>): Promise<void>;
  readsThisMonth(clientId: string): Promise<Map<Realm, number>>;
}

async function readPaused(database: Database): Promise<WatchFacts["paused"]> {
  const { rows } = await sql<{ id: ConnectionId; by: string; because: string | null }>`
    select c.id, c.paused_by as by, coalesce(i.says, r.refused_because) as because
    from connection c
    left join incident i on i.cause = c.paused_by and i.connection_id = c.id and i.resolved_at is null
    left join credential r on r.state = 'refused' and r.system = split_part(c.paused_by, ':', 1)
      and r.subject = case r.system when 'quickbooks' then c.realm else c.subdomain end
    where c.state = 'paused' order by c.id`.execute(database);
  return rows.map(({ id, by, because }) => ({ connectionId: id, by, because: because ?? undefined }));
}

async function readGrants(database: Database): Promise<WatchFacts["grants"]> {
  const { rows } = await sql<{
    system: System;
    subject: string;
    way: WatchFacts["grants"][number]["way"];
    refreshed_at: Date;
    refresh_expires_at: Date | null;
    hard_expires_at: Date | null;
    connections: number;
  }>`
    select r.system, r.subject, r.way, r.refreshed_at, r.refresh_expires_at, r.hard_expires_at,
      (select count(*) from connection c where c.state <> 'disconnected'
        and r.subject = case r.system when 'quickbooks' then c.realm else c.subdomain end) as connections
    from credential r where r.state = 'valid' order by r.id`.execute(database);
  return rows
    .filter(({ connections }) => connections > 0)
    .map((row) => ({
      system: row.system,
      subject: row.subject,
      way: row.way,
      issuedAt: row.refreshed_at,
      refreshExpiresAt: row.refresh_expires_at ?? undefined,
      hardExpiresAt: row.hard_expires_at ?? undefined,
      connections: row.connections,
    }));
}

/** Growth is measured a day after the first approval at the earliest: a first load parks what it parks. */
async function readParked(database: Database): Promise<WatchFacts["parked"]> {
  const { rows } = await sql<{ id: ConnectionId; parked: number; parties: number; before: number }>`
    select c.id, latest.parked, latest.parties, earliest.parked as before
    from connection c
    cross join lateral (select parked, parties from parked_sample s where s.connection_id = c.id order by at desc limit 1) latest
    cross join lateral (select parked from parked_sample s
      where s.connection_id = c.id and s.at > now() - interval '24 hours' order by at limit 1) earliest
    where c.state = 'active'
      and exists (select from plan p where p.connection_id = c.id and p.approved_at < now() - interval '24 hours')`.execute(
    database,
  );
  return rows.map(({ id, ...counts }) => ({ connectionId: id, ...counts }));
}

async function readReads(database: Database): Promise<WatchFacts["reads"]> {
  const { rows } = await sql<{
    client_id: string;
    reads: number;
    connections: number;
    own: boolean;
    monthly_reads: number | null;
    sandbox: boolean | null;
  }>`
    select m.client_id, m.reads, m.connections, o.brought > 0 as own, o.monthly_reads, o.sandbox
    from (select client_id, sum(reads)::bigint as reads, count(*) as connections from metered_reads
      where month = ${month} group by client_id) m
    cross join lateral (select count(*) as brought, max(monthly_reads) as monthly_reads, bool_and(environment = 'sandbox') as sandbox
      from own_client where system = 'quickbooks' and client_id = m.client_id) o`.execute(database);
  return rows.map((row) => ({
    clientId: row.client_id,
    reads: row.reads,
    connections: row.connections,
    own: row.own ? { monthlyReads: row.monthly_reads ?? undefined, sandbox: row.sandbox === true } : undefined,
  }));
}

async function readUndelivered(database: Database): Promise<WatchFacts["undelivered"]> {
  const { rows } = await sql<{ name: string; alerts: number }>`
    select t.name, count(*) as alerts from alert a join alert_target t on t.id = a.target_id
    where a.state = 'waiting' and a.attempts > 0 and a.created_at < now() - interval '1 hour' group by t.id, t.name order by t.name`.execute(
    database,
  );
  return rows.map(({ name, alerts }) => ({ target: name, alerts }));
}
