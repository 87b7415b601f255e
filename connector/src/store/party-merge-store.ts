import { sql } from "kysely";
import type { ConnectionId, OrganizationId, PartyKey, PartyKind } from "../domain/index.ts";
import type { MergedParty, Survivor } from "../sync/replica/ports.ts";
import type { Executor } from "./database.ts";

/**
 * Notes into whom parties were merged; what an event told counts more than what a document lets suppose. Returns the parties that were
 * merged into one of these before: their cards name a survivor who stands no more.
 */
export async function noteSurvivors(
  executor: Executor,
  connectionId: ConnectionId,
  survivors: readonly Survivor[],
): Promise<PartyKey[]> {
  // Once each, what was told last: a statement may meet a row once only.
  const latest = new Map(
    survivors.toSorted((one, other) => Number(one.told) - Number(other.told)).map((each) => [textOf(each), each]),
  );
  if (latest.size === 0) return [];
  const each = [...latest.values()];
  await sql`insert into party_merge as m (connection_id, kind, id, survivor_id, told)
    select ${connectionId}::bigint, n.kind, n.id, n.survivor_id, n.told from unnest(
      ${each.map(({ party }) => party.kind)}::text[], ${each.map(({ party }) => party.id)}::text[],
      ${each.map(({ survivorId }) => survivorId)}::text[], ${each.map(({ told }) => told)}::boolean[]
    ) as n (kind, id, survivor_id, told) order by n.kind, n.id
    on conflict (connection_id, kind, id) do update set survivor_id = excluded.survivor_id, told = excluded.told
    where excluded.told or not m.told`.execute(executor);
  const { rows } = await sql<PartyKey>`
    select m.kind, m.id from ${keyRows(each.map(({ party }) => party))}
    join party_merge m on m.connection_id = ${connectionId} and m.kind = n.kind and m.survivor_id = n.id
    where m.organization_id is not null`.execute(executor);
  return rows;
}

function textOf({ party }: Survivor): string {
  return `${party.kind}:${party.id}`;
}

/** Whoever is active was merged into nobody. */
export async function forgetMerges(
  executor: Executor,
  connectionId: ConnectionId,
  active: readonly PartyKey[],
): Promise<void> {
  if (active.length === 0) return;
  await sql`delete from party_merge m using ${keyRows(active)}
    where m.connection_id = ${connectionId} and m.kind = n.kind and m.id = n.id`.execute(executor);
}

/** The organization that was the card of a merged party, and whom it names now. */
export async function noteMergedCards(
  executor: Executor,
  cards: readonly {
    connectionId: ConnectionId;
    party: PartyKey;
    organizationId: OrganizationId;
    survivor: PartyKey | undefined;
  }[],
): Promise<void> {
  if (cards.length === 0) return;
  await sql`insert into party_merge (connection_id, kind, id, organization_id, shown_survivor_id)
    select * from unnest(
      ${cards.map(({ connectionId }) => connectionId)}::bigint[], ${cards.map(({ party }) => party.kind)}::text[],
      ${cards.map(({ party }) => party.id)}::text[], ${cards.map(({ organizationId }) => organizationId)}::bigint[],
      ${cards.map(({ survivor }) => survivor?.id ?? null)}::text[]) as n (connection_id, kind, id, organization_id, shown)
    order by n.connection_id, n.kind, n.id
    on conflict (connection_id, kind, id) do update set
      organization_id = excluded.organization_id, shown_survivor_id = excluded.shown_survivor_id`.execute(executor);
}

/** A chain of merges ends; a circle, which only a damaged company could hold, ends here. */
const mostMerges = 20;

/**
 * See `ReplicaReader.mergesOf`. A party that is gone was merged: QuickBooks deletes none. An inactive one was where its event said so, or
 * where nothing is left of what it had and a document of its now belongs to another.
 */
export async function mergesOf(
  executor: Executor,
  connectionId: ConnectionId,
  parties: readonly PartyKey[],
): Promise<MergedParty[]> {
  if (parties.length === 0) return [];
  const { rows } = await sql<{
    kind: PartyKind;
    id: string;
    survivor: string | null;
    organization_id: OrganizationId | null;
    shown_survivor_id: string | null;
  }>`
    with recursive chain as (
      select m.kind, m.id, m.survivor_id as survivor, m.organization_id, m.shown_survivor_id, 0 as level
      from ${keyRows(parties)}
      join party_merge m on m.connection_id = ${connectionId} and m.kind = n.kind and m.id = n.id
      where ${isMerged(connectionId)}
      union all
      select chain.kind, chain.id, m.survivor_id, chain.organization_id, chain.shown_survivor_id, chain.level + 1
      from chain join party_merge m on m.connection_id = ${connectionId} and m.kind = chain.kind and m.id = chain.survivor
      where m.survivor_id is not null and chain.level < ${sql.lit(mostMerges)} and ${isMerged(connectionId)}
    )
    select distinct on (kind, id) kind, id, survivor, organization_id, shown_survivor_id from chain
    order by kind, id, level desc`.execute(executor);
  return rows.map(({ kind, id, survivor, organization_id: organizationId, shown_survivor_id: shown }) => ({
    party: { kind, id },
    survivor: survivor === null ? undefined : { kind, id: survivor },
    shownAt: organizationId === null ? undefined : { organizationId, survivorId: shown ?? undefined },
  }));
}

function isMerged(connectionId: ConnectionId) {
  return sql`exists (select from party p
    where p.connection_id = ${connectionId} and p.kind = m.kind and p.id = m.id and (p.deleted_at is not null
      or not p.active and (m.told or m.survivor_id is not null and not exists (select from document d
        where d.connection_id = ${connectionId} and d.party_kind = p.kind and d.party_id = p.id and d.deleted_at is null))))`;
}

function keyRows(parties: readonly PartyKey[]) {
  return sql`unnest(${parties.map(({ kind }) => kind)}::text[], ${parties.map(({ id }) => id)}::text[]) as n (kind, id)`;
}
