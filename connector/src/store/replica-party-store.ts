import { sql } from "kysely";
import type { ConnectionId, PartyKey, PartyKind, RecordKey } from "../domain/index.ts";
import type { FormerCopy, NamedParty } from "../sync/replica/ports.ts";
import { arrayText, type BulkColumn, rowsOf, slicesOf, upsertRows } from "./bulk-rows.ts";
import type { Executor } from "./database.ts";
import { keyRows, replicaSlice, sameKey } from "./replica-rows.ts";

export async function formerParties(
  executor: Executor,
  connectionId: ConnectionId,
  keys: readonly RecordKey[],
): Promise<FormerCopy[]> {
  const { rows } = await sql<{
    kind: PartyKind;
    id: string;
    active: boolean;
    parent_id: string | null;
    top_id: string;
    is_project: boolean;
    name_key: string;
    path_key: string;
    name_stems: string[];
    addresses: string[];
    updated_at: Date;
    sync_token: number;
    read_at: Date;
    deleted_at: Date | null;
    content_hash: Buffer;
  }>`
    select t.kind, t.id, t.active, t.parent_id, t.top_id, t.is_project, t.name_key, t.path_key, t.name_stems, t.updated_at,
      t.sync_token, t.read_at, t.deleted_at, t.content_hash, array(select a.address from party_address a
        where a.connection_id = t.connection_id and a.kind = t.kind and a.id = t.id order by a.position) as addresses
    from ${keyRows("party", keys)} join party t on ${sameKey("party", connectionId)}`.execute(executor);
  return rows.map((row) => ({
    kind: "party",
    key: { entity: row.kind === "customer" ? "Customer" : "Vendor", id: row.id },
    party: { kind: row.kind, id: row.id },
    active: row.active,
    parentId: row.parent_id ?? undefined,
    topId: row.top_id,
    isProject: row.is_project,
    nameKey: row.name_key,
    pathKey: row.path_key,
    nameStems: row.name_stems,
    addresses: row.addresses,
    updatedAt: row.updated_at,
    syncToken: row.sync_token,
    readAt: row.read_at,
    deletedAt: row.deleted_at ?? undefined,
    contentHash: row.content_hash,
  }));
}

const partyColumns: Record<string, BulkColumn<NamedParty>> = {
  kind: { wire: "text", of: ({ copy }) => copy.party.kind },
  id: { wire: "text", of: ({ copy }) => copy.id },
  display_name: { wire: "text", of: ({ copy }) => copy.party.displayName },
  company_name: { wire: "text", of: ({ copy }) => copy.party.companyName },
  given_name: { wire: "text", of: ({ copy }) => copy.party.givenName },
  family_name: { wire: "text", of: ({ copy }) => copy.party.familyName },
  fully_qualified_name: { wire: "text", of: ({ copy }) => copy.party.fullyQualifiedName },
  active: { wire: "boolean", of: ({ copy }) => copy.party.active },
  parent_id: { wire: "text", of: ({ copy }) => copy.party.parentId },
  // Its own top until `settleTops` has followed the parents.
  top_id: { wire: "text", of: ({ copy }) => copy.id },
  is_project: { wire: "boolean", of: ({ copy }) => copy.party.isProject },
  currency: { wire: "text", of: ({ copy }) => copy.party.currency },
  balance: { wire: "numeric", of: ({ copy }) => copy.party.balance.toFixed() },
  phone: { wire: "text", of: ({ copy }) => copy.party.phone },
  billing_address: { wire: "text", of: ({ copy }) => copy.party.billingAddress },
  terms_id: { wire: "text", of: ({ copy }) => copy.party.termsId },
  name_key: { wire: "text", of: ({ nameKey }) => nameKey },
  path_key: { wire: "text", of: ({ pathKey }) => pathKey },
  name_stems: { wire: "text", cast: "text[]", of: ({ nameStems }) => arrayText(nameStems) },
  record: { wire: "text", cast: "jsonb", of: ({ copy }) => JSON.stringify(copy.record) },
  content_hash: { wire: "bytea", of: ({ copy }) => copy.contentHash },
  created_at: { wire: "timestamptz", of: ({ copy }) => copy.createdAt },
  updated_at: { wire: "timestamptz", of: ({ copy }) => copy.updatedAt },
  sync_token: { wire: "bigint", of: ({ copy }) => copy.syncToken },
};

export interface ReplicaOrigin {
  connectionId: ConnectionId;
  readAt: string;
  sweepId: number | undefined;
}

/** Columns that every row of a commit shares. A new copy ends a tombstone. */
export function originColumns<Row>(origin: ReplicaOrigin): Record<string, BulkColumn<Row>> {
  return {
    connection_id: { wire: "bigint", of: () => origin.connectionId },
    read_at: { wire: "timestamptz", of: () => origin.readAt },
    run_id: { wire: "bigint", of: () => origin.sweepId },
    deleted_at: { wire: "timestamptz", of: () => null },
  };
}

export async function upsertParties(
  executor: Executor,
  origin: ReplicaOrigin,
  parties: readonly NamedParty[],
): Promise<void> {
  for (const rows of slicesOf(parties, replicaSlice)) {
    await upsertRows({
      table: "party",
      key: ["connection_id", "kind", "id"],
      columns: { ...originColumns<NamedParty>(origin), ...partyColumns },
      rows,
      onlyInserted: ["top_id"],
    }).execute(executor);
    await replaceAddresses(executor, origin.connectionId, rows);
  }
}

interface AddressRow {
  kind: PartyKind;
  id: string;
  address: string;
  position: number;
}

async function replaceAddresses(
  executor: Executor,
  connectionId: ConnectionId,
  parties: readonly NamedParty[],
): Promise<void> {
  await sql`delete from party_address t using unnest(
      ${parties.map(({ copy }) => copy.party.kind)}::text[], ${parties.map(({ copy }) => copy.id)}::text[]) as n (kind, id)
    where t.connection_id = ${connectionId} and t.kind = n.kind and t.id = n.id`.execute(executor);
  const rows: AddressRow[] = parties.flatMap(({ copy }) =>
    [...new Set(copy.party.addresses)].map((address, position) => ({
      kind: copy.party.kind,
      id: copy.id,
      address,
      position,
    })),
  );
  if (rows.length === 0) return;
  await sql`insert into party_address (connection_id, kind, id, address, position)
    select ${connectionId}::bigint, n.kind, n.id, n.address, n.position from ${rowsOf(rows, {
      kind: { wire: "text", of: (row) => row.kind },
      id: { wire: "text", of: (row) => row.id },
      address: { wire: "text", of: (row) => row.address },
      position: { wire: "smallint", of: (row) => row.position },
    })}`.execute(executor);
}

/** A customer whose family has another top now, or that is in another project. */
export interface MovedParty {
  id: string;
  former: string;
  top: string;
  formerProject: string | null;
  project: string | null;
  nameKey: string;
}

/** QuickBooks keeps five levels; a circle of parents, which only a damaged company could hold, ends here. */
const mostLevels = 20;

/**
 * Follows the parents of customers up to the nearest project and to the top, for all whose family may have changed: the families of
 * `tops`, and the children of customers that came new (`arrived`: a child may be read before its parent). A gone parent leaves its
 * children as tops. Returns whom it moved.
 */
export async function settleTops(
  executor: Executor,
  connectionId: ConnectionId,
  of: { tops: readonly string[]; arrived: readonly string[] },
): Promise<MovedParty[]> {
  if (of.tops.length === 0 && of.arrived.length === 0) return [];
  const kids =
    of.arrived.length === 0
      ? sql`'{}'::text[]`
      : sql`array(select id from party where connection_id = ${connectionId} and kind = 'customer' and parent_id = any(${[...of.arrived]}::text[]))`;
  const { rows } = await sql<MovedParty>`
    with recursive affected as materialized (
      select id, top_id, project_id, parent_id, is_project, deleted_at from party
      where connection_id = ${connectionId} and kind = 'customer' and top_id = any(${[...of.tops]}::text[] || ${kids})
    ), up as (
      select id, id as at, parent_id, is_project and deleted_at is null as is_project, 0 as level from affected
      union all
      select up.id, p.id, p.parent_id, p.is_project, up.level + 1 from up
      join party p on p.connection_id = ${connectionId} and p.kind = 'customer' and p.id = up.parent_id and p.deleted_at is null
      where up.level < ${sql.lit(mostLevels)}
    ), settled as (
      select distinct on (id) id, at from up order by id, level desc
    ), within as (
      select distinct on (id) id, at from up where is_project order by id, level
    )
    update party p set top_id = settled.at, project_id = within.at
    from settled join affected using (id) left join within using (id)
    where p.connection_id = ${connectionId} and p.kind = 'customer' and p.id = settled.id
      and (p.top_id <> settled.at or p.project_id is distinct from within.at)
    returning p.id, affected.top_id as former, p.top_id as top, affected.project_id as "formerProject", p.project_id as project,
      p.name_key as "nameKey"`.execute(executor);
  return rows;
}

/** Lifts the day of the newest document where a new document is later; never lowers it. */
export async function raiseLastDocument(
  executor: Executor,
  connectionId: ConnectionId,
  dates: readonly (PartyKey & { date: string })[],
): Promise<void> {
  if (dates.length === 0) return;
  await sql`update party p set last_document_on = n.date
    from (select kind, id, max(date) as date from ${rowsOf(dates, {
      kind: { wire: "text", of: (row) => row.kind },
      id: { wire: "text", of: (row) => row.id },
      date: { wire: "date", of: (row) => row.date },
    })} group by kind, id) as n
    where p.connection_id = ${connectionId} and p.kind = n.kind and p.id = n.id
      and (p.last_document_on is null or p.last_document_on < n.date)`.execute(executor);
}

/** Asks the documents themselves: for parties that lost or changed one, and for those that came after their documents. */
export async function recountLastDocument(
  executor: Executor,
  connectionId: ConnectionId,
  parties: readonly PartyKey[],
): Promise<void> {
  if (parties.length === 0) return;
  await sql`update party p set last_document_on = newest.date
    from (select distinct kind, id from unnest(
        ${parties.map(({ kind }) => kind)}::text[], ${parties.map(({ id }) => id)}::text[]) as k (kind, id)) as n
    cross join lateral (
      select max(d.date) as date from document d
      where d.connection_id = ${connectionId} and d.party_kind = n.kind and d.party_id = n.id
        and not d.voided and d.deleted_at is null) as newest
    where p.connection_id = ${connectionId} and p.kind = n.kind and p.id = n.id
      and p.last_document_on is distinct from newest.date`.execute(executor);
}
