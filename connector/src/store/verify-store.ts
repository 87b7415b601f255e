import { type RawBuilder, sql } from "kysely";
import type { ConnectionId, Entity, LocalDate, OrganizationId, PartyKey, RecordKey } from "../domain/index.ts";
import { entities } from "../domain/index.ts";
import type { KeptCopy, MarkFacts } from "../oversight/verify/ports.ts";
import type { Database } from "./database.ts";
import { entityColumn, keyRows, keysByTable, type ReplicaTable, sameKey, tableOf } from "./replica-rows.ts";

/** What a comparison asks of our own side: copies without their content, marks, writes under way. Nothing is stored. */
export interface VerifyStore {
  /** By entity, gone ones left out. */
  rows(connectionId: ConnectionId): Promise<Map<Entity, number>>;
  copiesOf(connectionId: ConnectionId, keys: readonly RecordKey[]): Promise<KeptCopy[]>;
  copiesBefore(connectionId: ConnectionId, entity: Entity, readBefore: Date): Promise<KeptCopy[]>;
  marksOf(connectionId: ConnectionId, kind: "record" | "party", keys: readonly string[]): Promise<MarkFacts[]>;
  /** Parties with a write that is not closed, in text form. */
  beingWritten(connectionId: ConnectionId): Promise<Set<string>>;
  flipsOf(
    connectionId: ConnectionId,
    organizations: readonly OrganizationId[],
  ): Promise<Map<OrganizationId, LocalDate>>;
  linkedOrganizations(connectionId: ConnectionId): Promise<OrganizationId[]>;
}

interface CopyRow {
  entity: string;
  id: string;
  party_kind: PartyKey["kind"] | null;
  party_id: string | null;
  content_hash: Buffer;
  updated_at: Date;
  read_at: Date;
  gone: boolean;
}

export function createVerifyStore(database: Database): VerifyStore {
  return {
    async rows(connectionId) {
      const { rows } = await sql<{ entity: string; count: number }>`
        select kind as entity, count(*) as count from party where connection_id = ${connectionId} and deleted_at is null group by kind
        union all
        select entity, count(*) from document where connection_id = ${connectionId} and deleted_at is null group by entity
        union all
        select entity, count(*) from reference_record where connection_id = ${connectionId} and deleted_at is null group by entity`.execute(
        database,
      );
      return new Map(rows.map(({ entity, count }) => [spelled(entity), count]));
    },

    async copiesOf(connectionId, keys) {
      const copies: KeptCopy[] = [];
      for (const [table, group] of keysByTable(keys)) {
        const { rows } = await sql<CopyRow>`
          select ${columns(table)} from ${keyRows(table, group)}
          join ${sql.table(table)} t on ${sameKey(table, connectionId)}`.execute(database);
        copies.push(...rows.map(copyFrom));
      }
      return copies;
    },

    async copiesBefore(connectionId, entity, readBefore) {
      const table = tableOf(entity);
      const name = table === "party" ? entity.toLowerCase() : entity;
      const { rows } = await sql<CopyRow>`
        select ${columns(table)} from ${sql.table(table)} t
        where t.connection_id = ${connectionId} and t.${sql.ref(entityColumn(table))} = ${name}
          and t.deleted_at is null and t.read_at < ${readBefore}`.execute(database);
      return rows.map(copyFrom);
    },

    async marksOf(connectionId, kind, keys) {
      if (keys.length === 0) return [];
      const { rows } = await sql<{
        key: string;
        due_at: Date;
        waiting: boolean;
        first_at: Date;
        attempts: number;
      }>`
        select key, due_at, due_at > now() as waiting, first_at, attempts from mark
        where connection_id = ${connectionId} and kind = ${kind} and key = any(${[...keys]}::text[])`.execute(database);
      return rows.map((row) => ({
        key: row.key,
        dueAt: row.due_at,
        waiting: row.waiting,
        firstAt: row.first_at,
        attempts: row.attempts,
      }));
    },

    async beingWritten(connectionId) {
      const { rows } = await sql<{ party: string }>`
        select distinct unnest(parties) as party from write
        where connection_id = ${connectionId} and closed_at is null`.execute(database);
      return new Set(rows.map(({ party }) => party));
    },

    async flipsOf(connectionId, organizations) {
      if (organizations.length === 0) return new Map();
      const { rows } = await sql<{ organization_id: OrganizationId; next_flip_on: LocalDate }>`
        select organization_id, next_flip_on from card
        where connection_id = ${connectionId} and organization_id = any(${[...organizations]}::bigint[])
          and next_flip_on is not null`.execute(database);
      return new Map(rows.map((row) => [row.organization_id, row.next_flip_on]));
    },

    async linkedOrganizations(connectionId) {
      const { rows } = await sql<{ organization_id: OrganizationId }>`
        select distinct organization_id from link where connection_id = ${connectionId} order by organization_id`.execute(
        database,
      );
      return rows.map((row) => row.organization_id);
    },
  };
}

const owner: Record<ReplicaTable, RawBuilder<unknown>> = {
  party: sql`t.kind as party_kind, t.id as party_id`,
  document: sql`t.party_kind, t.party_id`,
  reference_record: sql`null::text as party_kind, null::text as party_id`,
};

function columns(table: ReplicaTable): RawBuilder<unknown> {
  return sql`t.${sql.ref(entityColumn(table))} as entity, t.id, ${owner[table]}, t.content_hash, t.updated_at, t.read_at,
    t.deleted_at is not null as gone`;
}

function copyFrom(row: CopyRow): KeptCopy {
  return {
    key: { entity: spelled(row.entity), id: row.id },
    party: row.party_kind === null ? undefined : `${row.party_kind}:${row.party_id}`,
    contentHash: row.content_hash,
    updatedAt: row.updated_at,
    readAt: row.read_at,
    gone: row.gone,
  };
}

/** The party table keeps an entity as its kind. */
function spelled(entity: string): Entity {
  const found = entities.find((name) => name.toLowerCase() === entity.toLowerCase());
  if (!found) throw new Error(`an entity that we do not know: ${entity}`);
  return found;
}
