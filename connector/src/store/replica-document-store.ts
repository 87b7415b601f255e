import { sql } from "kysely";
import {
  type ConnectionId,
  type DocumentEntity,
  type PartyKind,
  parseRecordKey,
  type RecordKey,
  recordKeyText,
} from "../domain/index.ts";
import type { DocumentCopy, FormerCopy } from "../sync/replica/ports.ts";
import { arrayText, type BulkColumn, slicesOf, upsertRows } from "./bulk-rows.ts";
import type { Executor } from "./database.ts";
import { originColumns, type ReplicaOrigin } from "./replica-party-store.ts";
import { keyRows, replicaSlice, sameKey } from "./replica-rows.ts";

export async function formerDocuments(
  executor: Executor,
  connectionId: ConnectionId,
  keys: readonly RecordKey[],
): Promise<FormerCopy[]> {
  const { rows } = await sql<{
    entity: DocumentEntity;
    id: string;
    party_kind: PartyKind;
    party_id: string;
    linked: string[];
    updated_at: Date;
    sync_token: number;
    read_at: Date;
    deleted_at: Date | null;
    content_hash: Buffer;
  }>`
    select t.entity, t.id, t.party_kind, t.party_id, t.linked, t.updated_at, t.sync_token, t.read_at, t.deleted_at, t.content_hash
    from ${keyRows("document", keys)} join document t on ${sameKey("document", connectionId)}`.execute(executor);
  return rows.map((row) => ({
    kind: "document",
    key: { entity: row.entity, id: row.id },
    party: { kind: row.party_kind, id: row.party_id },
    linked: row.linked.map(parseRecordKey),
    updatedAt: row.updated_at,
    syncToken: row.sync_token,
    readAt: row.read_at,
    deletedAt: row.deleted_at ?? undefined,
    contentHash: row.content_hash,
  }));
}

const documentColumns: Record<string, BulkColumn<DocumentCopy>> = {
  entity: { wire: "text", of: (copy) => copy.entity },
  id: { wire: "text", of: (copy) => copy.id },
  party_kind: { wire: "text", of: ({ document }) => document.party.kind },
  party_id: { wire: "text", of: ({ document }) => document.party.id },
  number: { wire: "text", of: ({ document }) => document.number },
  date: { wire: "date", of: ({ document }) => document.date },
  due_date: { wire: "date", of: ({ document }) => document.dueDate },
  terms_id: { wire: "text", of: ({ document }) => document.termsId },
  total: { wire: "numeric", of: ({ document }) => document.total.toFixed() },
  balance: { wire: "numeric", of: ({ document }) => document.balance.toFixed() },
  unapplied: { wire: "numeric", of: ({ document }) => document.unapplied.toFixed() },
  currency: { wire: "text", of: ({ document }) => document.currency },
  exchange_rate: { wire: "numeric", of: ({ document }) => document.exchangeRate?.toFixed() },
  home_balance: { wire: "numeric", of: ({ document }) => document.homeBalance?.toFixed() },
  voided: { wire: "boolean", of: ({ document }) => document.voided },
  bill_addresses: { wire: "text", cast: "text[]", of: ({ document }) => arrayText(document.billAddresses) },
  linked: { wire: "text", cast: "text[]", of: ({ document }) => arrayText(document.linked.map(recordKeyText)) },
  content_hash: { wire: "bytea", of: (copy) => copy.contentHash },
  created_at: { wire: "timestamptz", of: (copy) => copy.createdAt },
  updated_at: { wire: "timestamptz", of: (copy) => copy.updatedAt },
  sync_token: { wire: "bigint", of: (copy) => copy.syncToken },
};

export async function upsertDocuments(
  executor: Executor,
  origin: ReplicaOrigin,
  documents: readonly DocumentCopy[],
): Promise<void> {
  for (const rows of slicesOf(documents, replicaSlice))
    await upsertRows({
      table: "document",
      key: ["connection_id", "entity", "id"],
      columns: { ...originColumns<DocumentCopy>(origin), ...documentColumns },
      rows,
    }).execute(executor);
}
