// What the three tables of the replica have in common. A party's entity is kept as its kind, in lower case.
import { type RawBuilder, sql } from "kysely";
import { type ConnectionId, documentEntities, type Entity, partyEntities, type RecordKey } from "../domain/index.ts";
import type { Executor } from "./database.ts";

/** Rows per statement. */
export const replicaSlice = 1000;

export type ReplicaTable = "party" | "document" | "reference_record";

const parties: readonly Entity[] = Object.values(partyEntities);
const documents: readonly Entity[] = documentEntities;

export function tableOf(entity: Entity): ReplicaTable {
  if (parties.includes(entity)) return "party";
  return documents.includes(entity) ? "document" : "reference_record";
}

/** The column beside the id that makes a key of it. */
export function entityColumn(table: ReplicaTable): "kind" | "entity" {
  return table === "party" ? "kind" : "entity";
}

export function keysByTable(keys: readonly RecordKey[]): [ReplicaTable, RecordKey[]][] {
  const groups = new Map<ReplicaTable, RecordKey[]>();
  for (const key of keys) {
    const table = tableOf(key.entity);
    const group = groups.get(table) ?? [];
    group.push(key);
    groups.set(table, group);
  }
  return [...groups];
}

/** The keys as rows `n (entity, id)`, the entity as its table spells it. */
export function keyRows(table: ReplicaTable, keys: readonly RecordKey[]): RawBuilder<unknown> {
  const entities = keys.map(({ entity }) => (table === "party" ? entity.toLowerCase() : entity));
  return sql`unnest(${entities}::text[], ${keys.map(({ id }) => id)}::text[]) as n (entity, id)`;
}

/** The row `t` of a table is that of key row `n`. */
export function sameKey(table: ReplicaTable, connectionId: ConnectionId): RawBuilder<unknown> {
  return sql`t.connection_id = ${connectionId} and t.${sql.ref(entityColumn(table))} = n.entity and t.id = n.id`;
}

/** Moves the time of reading, and notes the sweep that saw the rows. Never touches an indexed column: all of it is HOT. */
export async function noteSeen(
  executor: Executor,
  of: { connectionId: ConnectionId; keys: readonly RecordKey[]; readAt?: string; sweepId: number | undefined },
): Promise<void> {
  const columns = [
    ...(of.readAt === undefined ? [] : [sql`read_at = greatest(t.read_at, ${of.readAt}::timestamptz)`]),
    ...(of.sweepId === undefined ? [] : [sql`run_id = ${of.sweepId}`]),
  ];
  if (columns.length === 0) return;
  for (const [table, keys] of keysByTable(of.keys))
    await sql`update ${sql.table(table)} t set ${sql.join(columns)} from ${keyRows(table, keys)}
      where ${sameKey(table, of.connectionId)}`.execute(executor);
}

/** Leaves tombstones, so that a late page cannot resurrect. */
export async function bury(
  executor: Executor,
  connectionId: ConnectionId,
  gone: readonly (RecordKey & { at: string })[],
): Promise<void> {
  const times = new Map(gone.map((record) => [`${record.entity}:${record.id}`, record.at]));
  for (const [table, keys] of keysByTable(gone))
    await sql`update ${sql.table(table)} t set deleted_at = n.at, read_at = greatest(t.read_at, n.at)
      from (select k.entity, k.id, k.at from unnest(
        ${keys.map(({ entity }) => (table === "party" ? entity.toLowerCase() : entity))}::text[],
        ${keys.map(({ id }) => id)}::text[],
        ${keys.map(({ entity, id }) => times.get(`${entity}:${id}`) ?? null)}::timestamptz[]) as k (entity, id, at)) as n
      where ${sameKey(table, connectionId)}`.execute(executor);
}

/** Those of the records that the replica holds, or those that it buried. */
export async function keysThatAre(
  what: "held" | "buried",
  executor: Executor,
  connectionId: ConnectionId,
  keys: readonly RecordKey[],
): Promise<RecordKey[]> {
  const found = new Set<string>();
  const deleted = what === "buried" ? sql`is not null` : sql`is null`;
  for (const [table, group] of keysByTable(keys)) {
    const { rows } = await sql<{ entity: string; id: string }>`
      select n.entity, n.id from ${keyRows(table, group)}
      join ${sql.table(table)} t on ${sameKey(table, connectionId)} where t.deleted_at ${deleted}`.execute(executor);
    for (const { entity, id } of rows) found.add(`${entity.toLowerCase()}:${id}`);
  }
  return keys.filter(({ entity, id }) => found.has(`${entity.toLowerCase()}:${id}`));
}
