import { sql } from "kysely";
import type { ConnectionId, LocalDate, Subdomain } from "../domain/index.ts";
import { isKeptOtherwise } from "./beside-owed.ts";
import type { Database } from "./database.ts";
import { ticketFieldsDue } from "./ticket-field-store.ts";
import { lacksWebhook } from "./zendesk-event-store.ts";

/** What the clock owes now. Each question is one indexed statement, asked every second. */
export interface TickStore {
  /** Unpaused accounts with a due mark that an owner could work on, with writes that an owner left open or that are to be rechecked, or with a plan to undo. */
  accountsWithWork(): Promise<Subdomain[]>;
  /** Active accounts with events to look into, an export that is due, or, where Zendesk may post to `base`, no webhook that does. */
  accountsToTend(base: string | undefined): Promise<Subdomain[]>;
  connectionsToPoll(): Promise<ConnectionId[]>;
  connectionsToSweep(): Promise<ConnectionId[]>;
  /** Connections of known zone, with the day up to which their due dates were looked at. */
  clocks(): Promise<{ connectionId: ConnectionId; zone: string; day: LocalDate | undefined }[]>;
}

export function createTickStore(database: Database): TickStore {
  return {
    async accountsWithWork() {
      const { rows } = await sql<{ subdomain: Subdomain }>`
        select distinct c.subdomain from connection c
        join account a on a.subdomain = c.subdomain
        join company o on o.realm = c.realm and o.zone is not null
        where c.state in ('loading', 'planned', 'active') and (
          exists (select from mark m where m.connection_id = c.id and m.kind = 'record' and m.due_at <= now()
            and (o.blocked_until is null or o.blocked_until <= now()))
          or c.state = 'active' and (a.blocked_until is null or a.blocked_until <= now()) and (
            exists (select from mark m where m.connection_id = c.id and m.kind = 'party' and m.due_at <= now())
            or exists (select from record_due d where d.connection_id = c.id and d.due_at <= now())
            or exists (select from record_job j where j.subdomain = c.subdomain and j.closed_at is null and j.epoch < a.epoch)
            or ${ticketFieldsDue}
            or ${isKeptOtherwise}
            or exists (select from record_keeping k where k.connection_id = c.id and k.way like 'objects%'
              and (k.drift_due_at is null or k.drift_due_at <= now()))
            or exists (select from write w where w.subdomain = c.subdomain and w.closed_at is null and w.epoch < a.epoch)
            or exists (select from write w where w.subdomain = c.subdomain and w.recheck_at <= now())))
        union
        select c.subdomain from plan p join connection c on c.id = p.connection_id join account a on a.subdomain = c.subdomain
        where p.kind = 'restore' and p.state in ('approved', 'applying') and c.state <> 'disconnected'
          and (a.blocked_until is null or a.blocked_until <= now())`.execute(database);
      return rows.map(({ subdomain }) => subdomain);
    },

    async accountsToTend(base) {
      const { rows } = await sql<{ subdomain: Subdomain }>`
        select a.subdomain from account a
        where (a.blocked_until is null or a.blocked_until <= now())
          and exists (select from connection c where c.subdomain = a.subdomain and c.state = 'active')
          and (exists (select from directory_mark m where m.subdomain = a.subdomain)
            or coalesce(a.export_due_at, a.directory_loaded_at + interval '1 hour') <= now()
            or ${base === undefined ? sql`false` : lacksWebhook(sql`a.subdomain`, base)})`.execute(database);
      return rows.map(({ subdomain }) => subdomain);
    },

    async connectionsToPoll() {
      const { rows } = await sql<{ id: ConnectionId }>`
        select c.id from connection c join company o on o.realm = c.realm
        where c.state in ('loading', 'planned', 'active') and (o.blocked_until is null or o.blocked_until <= now())
          and c.swept_at is not null and c.poll_due_at <= now()`.execute(database);
      return rows.map(({ id }) => id);
    },

    async connectionsToSweep() {
      const { rows } = await sql<{ id: ConnectionId }>`
        select c.id from connection c join company o on o.realm = c.realm
        where c.state in ('loading', 'planned', 'active') and (o.blocked_until is null or o.blocked_until <= now())
          and (c.sweep_due_at <= now() or c.swept_at is null or c.state = 'loading')`.execute(database);
      return rows.map(({ id }) => id);
    },

    async clocks() {
      const { rows } = await sql<{ id: ConnectionId; zone: string; clock_day: LocalDate | null }>`
        select c.id, o.zone, c.clock_day from connection c join company o on o.realm = c.realm
        where c.state = 'active' and o.zone is not null`.execute(database);
      return rows.map((row) => ({ connectionId: row.id, zone: row.zone, day: row.clock_day ?? undefined }));
    },
  };
}
