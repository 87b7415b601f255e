import { sql } from "kysely";
import type { ConnectionId, PartyKey, PartyKind } from "../domain/index.ts";
import type { Database } from "./database.ts";

/** What people ask about connections and parties, as against what the engine asks. */
export interface OverviewStore {
  facts(): Promise<
    {
      id: ConnectionId;
      companyName: string | undefined;
      zone: string | undefined;
      sweptAt: Date | undefined;
      polledAt: Date | undefined;
    }[]
  >;
  partiesNamed(connectionId: ConnectionId, displayName: string): Promise<{ party: PartyKey; displayName: string }[]>;
  /** A poll, a sweep or a load of this connection that is due or under way. */
  reading(connectionId: ConnectionId): Promise<boolean>;
  isDue(connectionId: ConnectionId, what: "poll" | "sweep"): Promise<boolean>;
  makePollDue(connectionId: ConnectionId): Promise<void>;
  directoryLoaded(connectionId: ConnectionId): Promise<boolean>;
  /** Every party with what it is at rest, and its link: what a comparison takes of us as data. */
  standings(connectionId: ConnectionId): Promise<Standing[]>;
  /** Writes done since, by what they did. */
  written(connectionId: ConnectionId, since: Date): Promise<{ created: number; updated: number }>;
}

export interface Standing {
  /** `customer:12`. */
  key: string;
  disposition: string;
  organizationId: number | undefined;
  origin: "created" | "adopted" | undefined;
  /** Rolled up into: `customer:7`. */
  into: string | undefined;
  reason: string | undefined;
  candidates: number[];
}

export function createOverviewStore(database: Database): OverviewStore {
  return {
    async facts() {
      const { rows } = await sql<{
        id: ConnectionId;
        name: string | null;
        zone: string | null;
        swept_at: Date | null;
        polled_at: Date | null;
      }>`
        select c.id, o.name, o.zone, c.swept_at, c.polled_at from connection c left join company o on o.realm = c.realm
        where c.state <> 'disconnected' order by c.id`.execute(database);
      return rows.map((row) => ({
        id: row.id,
        companyName: row.name ?? undefined,
        zone: row.zone ?? undefined,
        sweptAt: row.swept_at ?? undefined,
        polledAt: row.polled_at ?? undefined,
      }));
    },

    async partiesNamed(connectionId, displayName) {
      const { rows } = await sql<{ kind: PartyKind; id: string; display_name: string }>`
        select kind, id, display_name from party
        where connection_id = ${connectionId} and lower(display_name) = lower(${displayName}) and deleted_at is null
        order by kind, id limit 20`.execute(database);
      return rows.map(({ kind, id, display_name: name }) => ({ party: { kind, id }, displayName: name }));
    },

    async reading(connectionId) {
      const { rows } = await sql<{ reading: boolean }>`
        select coalesce(swept_at is null or sweep_due_at <= now() or poll_due_at <= now(), false)
          or exists (select from sweep s where s.connection_id = c.id and s.finished_at is null) as reading
        from connection c where id = ${connectionId}`.execute(database);
      return rows[0]?.reading ?? false;
    },

    async isDue(connectionId, what) {
      const due =
        what === "poll"
          ? sql`swept_at is not null and poll_due_at <= now()`
          : sql`swept_at is null or sweep_due_at <= now()`;
      const { rows } = await sql<{ due: boolean }>`
        select coalesce(${due}, false) as due from connection where id = ${connectionId}`.execute(database);
      return rows[0]?.due ?? false;
    },

    async makePollDue(connectionId) {
      await sql`update connection set poll_due_at = now() where id = ${connectionId}`.execute(database);
    },

    async directoryLoaded(connectionId) {
      const { rows } = await sql<{ loaded: boolean }>`
        select a.directory_loaded_at is not null as loaded from connection c join account a on a.subdomain = c.subdomain
        where c.id = ${connectionId}`.execute(database);
      return rows[0]?.loaded ?? false;
    },

    async standings(connectionId) {
      const { rows } = await sql<{
        key: string;
        disposition: string | null;
        organization_id: number | null;
        origin: "created" | "adopted" | null;
        into_key: string | null;
        reason: string | null;
        candidates: number[] | null;
      }>`
        select p.kind || ':' || p.id as key, d.state as disposition, l.organization_id, l.origin, d.reason,
          (d.detail #>> '{into,kind}') || ':' || (d.detail #>> '{into,id}') as into_key,
          jsonb_path_query_array(d.detail, '$.candidates[*].organizationId') as candidates
        from party p
        left join disposition d on d.connection_id = p.connection_id and d.kind = p.kind and d.id = p.id
        left join link l on l.connection_id = p.connection_id and l.kind = p.kind and l.id = p.id
        where p.connection_id = ${connectionId} and p.deleted_at is null
        order by p.kind, length(p.id), p.id`.execute(database);
      return rows.map((row) => ({
        key: row.key,
        disposition: row.disposition ?? "undecided",
        organizationId: row.organization_id ?? undefined,
        origin: row.origin ?? undefined,
        into: row.into_key ?? undefined,
        reason: row.reason ?? undefined,
        candidates: row.candidates ?? [],
      }));
    },

    async written(connectionId, since) {
      const { rows } = await sql<{ created: number; updated: number }>`
        select count(*) filter (where kind = 'create') as created, count(*) filter (where kind = 'update') as updated
        from write where connection_id = ${connectionId} and state = 'done' and intended_at >= ${since}`.execute(
        database,
      );
      return rows[0] ?? { created: 0, updated: 0 };
    },
  };
}
