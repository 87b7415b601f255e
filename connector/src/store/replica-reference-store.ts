import { sql } from "kysely";
import type { ConnectionId, JsonObject, RecordKey, ReferenceEntity, Term } from "../domain/index.ts";
import type { FormerCopy, ReferenceCopy } from "../sync/replica/ports.ts";
import { type BulkColumn, slicesOf, upsertRows } from "./bulk-rows.ts";
import type { Executor } from "./database.ts";
import { originColumns, type ReplicaOrigin } from "./replica-party-store.ts";
import { keyRows, replicaSlice, sameKey } from "./replica-rows.ts";

export async function formerReferences(
  executor: Executor,
  connectionId: ConnectionId,
  keys: readonly RecordKey[],
): Promise<FormerCopy[]> {
  const { rows } = await sql<{
    entity: ReferenceEntity;
    id: string;
    updated_at: Date;
    sync_token: number;
    read_at: Date;
    deleted_at: Date | null;
    content_hash: Buffer;
  }>`
    select t.entity, t.id, t.updated_at, t.sync_token, t.read_at, t.deleted_at, t.content_hash
    from ${keyRows("reference_record", keys)}
    join reference_record t on ${sameKey("reference_record", connectionId)}`.execute(executor);
  return rows.map((row) => ({
    kind: "reference",
    key: { entity: row.entity, id: row.id },
    updatedAt: row.updated_at,
    syncToken: row.sync_token,
    readAt: row.read_at,
    deletedAt: row.deleted_at ?? undefined,
    contentHash: row.content_hash,
  }));
}

const referenceColumns: Record<string, BulkColumn<ReferenceCopy>> = {
  entity: { wire: "text", of: (copy) => copy.entity },
  id: { wire: "text", of: (copy) => copy.id },
  name: { wire: "text", of: (copy) => copy.name },
  record: { wire: "text", cast: "jsonb", of: (copy) => JSON.stringify(copy.record) },
  content_hash: { wire: "bytea", of: (copy) => copy.contentHash },
  updated_at: { wire: "timestamptz", of: (copy) => copy.updatedAt },
  sync_token: { wire: "bigint", of: (copy) => copy.syncToken },
};

export async function upsertReferences(
  executor: Executor,
  origin: ReplicaOrigin,
  references: readonly ReferenceCopy[],
): Promise<void> {
  for (const rows of slicesOf(references, replicaSlice))
    await upsertRows({
      table: "reference_record",
      key: ["connection_id", "entity", "id"],
      columns: { ...originColumns<ReferenceCopy>(origin), ...referenceColumns },
      rows,
    }).execute(executor);
}

/** Of the record's fields only these decide due dates (developer.intuit.com, entity Term). Inactive terms still hold for old documents. */
export async function readTerms(executor: Executor, connectionId: ConnectionId): Promise<Term[]> {
  const { rows } = await sql<{ id: string; name: string | null; record: JsonObject }>`
    select id, name, record from reference_record
    where connection_id = ${connectionId} and entity = 'Term' and deleted_at is null order by id`.execute(executor);
  return rows.map(({ id, name, record }) => ({
    id,
    name: name ?? `term ${id}`,
    dueDays: wholeNumber(record["DueDays"]),
    dayOfMonthDue: wholeNumber(record["DayOfMonthDue"]),
    dueNextMonthDays: wholeNumber(record["DueNextMonthDays"]),
  }));
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}
