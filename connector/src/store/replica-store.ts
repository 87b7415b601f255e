import { type RawBuilder, sql } from "kysely";
import type { ConnectionId, PartyKey, PartyKind } from "../domain/index.ts";
import type { Grouping, NamedTop, ReplicaCounts, ReplicaStore } from "../sync/replica/ports.ts";
import { bareNameKeyOf, familiesAsked, familiesOfRow, isHolder } from "./card-holder.ts";
import type { Database } from "./database.ts";
import { mergesOf } from "./party-merge-store.ts";
import { commitReplica } from "./replica-commit.ts";
import { documentsOf, familiesOf } from "./replica-family-store.ts";
import { readTerms } from "./replica-reference-store.ts";
import { keysThatAre } from "./replica-rows.ts";

export function createReplicaStore(database: Database): ReplicaStore {
  return {
    commit: (commit) => commitReplica(database, commit),
    present: (connectionId, keys) => keysThatAre("held", database, connectionId, keys),
    buried: (connectionId, keys) => keysThatAre("buried", database, connectionId, keys),
    familiesOf: (of, parties) => familiesOf(database, of, parties),
    documentsOf: (connectionId, parties) => documentsOf(database, connectionId, parties),
    mergesOf: (connectionId, parties) => mergesOf(database, connectionId, parties),
    terms: (connectionId) => readTerms(database, connectionId),

    async partiesByAddresses(connectionIds, addresses) {
      const { rows } = await sql<FoundRow & { address: string }>`
        select a.connection_id, a.kind, a.id, a.address from party_address a
        join party p on p.connection_id = a.connection_id and p.kind = a.kind and p.id = a.id
        where a.address = any(${[...addresses]}::text[]) and a.connection_id = any(${[...connectionIds]}::bigint[])
          and p.deleted_at is null
        order by a.connection_id, a.kind, a.id, a.address`.execute(database);
      return rows.map((row) => Object.assign(foundParty(row), { address: row.address }));
    },

    async partiesByDomains(connectionIds, domains) {
      const { rows } = await sql<FoundRow>`
        select distinct a.connection_id, a.kind, a.id from party_address a
        join party p on p.connection_id = a.connection_id and p.kind = a.kind and p.id = a.id
        where split_part(a.address, '@', 2) = any(${[...domains]}::text[])
          and a.connection_id = any(${[...connectionIds]}::bigint[]) and p.deleted_at is null
        order by a.connection_id, a.kind, a.id`.execute(database);
      return rows.map(foundParty);
    },

    async partiesByNameStems(of, stems) {
      const { rows } = await sql<FoundRow>`
        select p.connection_id, p.kind, p.id from party p join ${groupingRows(of)} on g.id = p.connection_id
        where p.name_stems && ${[...stems]}::text[] and p.deleted_at is null and ${isHolder("p", grouped)}
        order by p.connection_id, p.kind, p.id`.execute(database);
      return rows.map(foundParty);
    },

    async partiesByNameKeys(of, nameKeys) {
      const { rows } = await sql<
        FoundRow & { realm: NamedTop["realm"]; name_key: string; active: boolean; display_name: string }
      >`
        select p.connection_id, p.kind, p.id, ${bareNameKeyOf("p", grouped)} as name_key, p.active, p.display_name, c.realm
        from party p join connection c on c.id = p.connection_id join ${groupingRows(of)} on g.id = p.connection_id
        where (p.name_key = any(${[...nameKeys]}::text[]) or p.path_key = any(${[...nameKeys]}::text[]))
          and ${bareNameKeyOf("p", grouped)} = any(${[...nameKeys]}::text[])
          and ${isHolder("p", grouped)} and p.deleted_at is null
        order by p.connection_id, p.kind, p.id`.execute(database);
      return rows.map((row) =>
        Object.assign(foundParty(row), {
          realm: row.realm,
          nameKey: row.name_key,
          active: row.active,
          displayName: row.display_name,
        }),
      );
    },

    allTops: (of, after, limit) => allTops(database, of, after, limit),
    counts: (connectionId) => counts(database, connectionId),
  };
}

interface FoundRow {
  connection_id: ConnectionId;
  kind: PartyKind;
  id: string;
}

function foundParty(row: FoundRow): { connectionId: ConnectionId; party: PartyKey } {
  return { connectionId: row.connection_id, party: { kind: row.kind, id: row.id } };
}

/** Connections with their groupings, as rows named `g`. */
function groupingRows(of: readonly Grouping[]): RawBuilder<unknown> {
  return sql`(select c.id, coalesce(n.families, ${familiesOfRow("c")}) as families
    from unnest(${of.map(({ id }) => id)}::bigint[], ${of.map(({ families }) => families ?? null)}::text[]) as n (id, families)
    join connection c on c.id = n.id) as g`;
}

const grouped = sql.ref("g.families");

async function allTops(
  database: Database,
  { id: connectionId, families }: Grouping,
  after: PartyKey | undefined,
  limit: number,
): Promise<PartyKey[]> {
  const { rows } = await sql<PartyKey>`
    select p.kind, p.id from party p
    where p.connection_id = ${connectionId} and (p.kind, p.id) > (${after?.kind ?? ""}, ${after?.id ?? ""})
      and ${isHolder("p", familiesAsked(connectionId, families))} and p.deleted_at is null
    order by p.kind, p.id limit ${limit}`.execute(database);
  return rows;
}

async function counts(database: Database, connectionId: ConnectionId): Promise<ReplicaCounts> {
  const parties = await sql<{ customers: number; families: number; vendors: number }>`
    select count(*) filter (where kind = 'customer') as customers,
      count(*) filter (where kind = 'customer' and top_id = id) as families,
      count(*) filter (where kind = 'vendor') as vendors
    from party where connection_id = ${connectionId} and deleted_at is null`.execute(database);
  const documents = await sql<{ entity: string; count: number }>`
    select entity, count(*) as count from document
    where connection_id = ${connectionId} and deleted_at is null group by entity order by entity`.execute(database);
  return {
    ...(parties.rows[0] ?? { customers: 0, families: 0, vendors: 0 }),
    documents: Object.fromEntries(documents.rows.map(({ entity, count }) => [entity, count])),
  };
}
