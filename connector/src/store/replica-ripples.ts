// Whom a change concerns: from the words of sync/replica (`RippleTarget`) to the keys of marks, once the change is in place.
import { sql } from "kysely";
import { type ConnectionId, type PartyKey, priorities } from "../domain/index.ts";
import { everyoneKey, type MarkKind, type NewMark } from "../sync/marks/ports.ts";
import type { Ripple, RippleTarget } from "../sync/replica/ports.ts";
import { familiesOfRow, isHolder } from "./card-holder.ts";
import type { Executor } from "./database.ts";
import { waitersOf } from "./waiter-store.ts";

/** Past so many users of one term everyone is marked instead: that is spread slice by slice, outside this transaction. */
const mostTermUsers = 1000;

type Rippled<To extends RippleTarget["to"]> = Ripple & { target: Extract<RippleTarget, { to: To }> };

export async function resolveRipples(
  executor: Executor,
  connectionId: ConnectionId,
  ripples: readonly Ripple[],
): Promise<NewMark[]> {
  const of = <To extends RippleTarget["to"]>(to: To): Rippled<To>[] =>
    ripples.filter((ripple): ripple is Rippled<To> => ripple.target.to === to);
  return [
    ...(await staleRecords(executor, connectionId, of("record"))),
    ...(await knownParties(executor, connectionId, of("party"))),
    ...(await standingParties(executor, connectionId, of("standing-party"))),
    ...(await recordsOfParties(executor, connectionId, of("records-of"))),
    ...(await usersOfTerms(executor, connectionId, of("users-of-term"))),
    ...(await namesakes(executor, connectionId, of("namesakes"))),
    ...(await waiting(executor, connectionId, of("waiters"))),
    ...of("everyone").map((ripple) => markFor(ripple, connectionId, "party", everyoneKey)),
  ];
}

function markFor(ripple: Ripple, connectionId: ConnectionId, kind: MarkKind, key: string): NewMark {
  return { connectionId, kind, key, priority: ripple.priority, causes: ripple.causes };
}

/** What resolves to keys carries the place of its ripple in the list. */
function marksFrom(
  ripples: readonly Ripple[],
  connectionId: ConnectionId,
  rows: readonly { place: number; kind: MarkKind; key: string; connection_id?: ConnectionId }[],
): NewMark[] {
  return rows.flatMap((row) => {
    const ripple = ripples[row.place - 1];
    return ripple ? [markFor(ripple, row.connection_id ?? connectionId, row.kind, row.key)] : [];
  });
}

/** By then whatever is read shows what changed within the second before (see `RippleTarget`). */
const doubtWaitMs = 1_000;

/** Linked documents, but for those that were read after the change. */
async function staleRecords(
  executor: Executor,
  connectionId: ConnectionId,
  ripples: readonly Rippled<"record">[],
): Promise<NewMark[]> {
  if (ripples.length === 0) return [];
  const { rows } = await sql<{ place: number; key: string; doubtful: boolean }>`
    select n.place, n.entity || ':' || n.id as key, coalesce(d.read_at >= n.changed_at, false) as doubtful
    from unnest(
      ${ripples.map(({ target }) => target.key.entity)}::text[], ${ripples.map(({ target }) => target.key.id)}::text[],
      ${ripples.map(({ target }) => target.changedAt)}::timestamptz[],
      ${ripples.map(({ target }) => target.unlessReadSince)}::timestamptz[]
    ) with ordinality as n (entity, id, changed_at, since, place)
    left join document d on d.connection_id = ${connectionId} and d.entity = n.entity and d.id = n.id
    where d.read_at is null or d.read_at < n.since`.execute(executor);
  return rows.flatMap(({ place, key, doubtful }) => {
    const ripple = ripples[place - 1];
    if (!ripple) return [];
    const mark = markFor(ripple, connectionId, "record", key);
    return [doubtful ? { ...mark, priority: priorities.background, delayMs: doubtWaitMs } : mark];
  });
}

function partyArrays(parties: readonly PartyKey[]) {
  return sql`${parties.map(({ kind }) => kind)}::text[], ${parties.map(({ id }) => id)}::text[]`;
}

/**
 * The parties themselves: whose cards they belong to is asked when these are decided, under the setting of then. A party that we do not
 * know is to be read.
 */
async function knownParties(
  executor: Executor,
  connectionId: ConnectionId,
  ripples: readonly Rippled<"party">[],
): Promise<NewMark[]> {
  if (ripples.length === 0) return [];
  const { rows } = await sql<{ place: number; kind: MarkKind; key: string }>`
    select n.place, case when p.id is null then 'record' else 'party' end as kind,
      case when p.id is null then initcap(n.kind) else n.kind end || ':' || n.id as key
    from unnest(${partyArrays(ripples.map(({ target }) => target.party))}) with ordinality as n (kind, id, place)
    left join party p on p.connection_id = ${connectionId} and p.kind = n.kind and p.id = n.id`.execute(executor);
  return marksFrom(ripples, connectionId, rows);
}

async function standingParties(
  executor: Executor,
  connectionId: ConnectionId,
  ripples: readonly Rippled<"standing-party">[],
): Promise<NewMark[]> {
  if (ripples.length === 0) return [];
  const { rows } = await sql<{ place: number; kind: MarkKind; key: string }>`
    select n.place, 'record' as kind, initcap(n.kind) || ':' || n.id as key
    from unnest(${partyArrays(ripples.map(({ target }) => target.party))}) with ordinality as n (kind, id, place)
    join party p on p.connection_id = ${connectionId} and p.kind = n.kind and p.id = n.id
    where p.deleted_at is null and p.active`.execute(executor);
  return marksFrom(ripples, connectionId, rows);
}

/** The documents and children of parties that are gone: after a merge QuickBooks gives them to the survivor. */
async function recordsOfParties(
  executor: Executor,
  connectionId: ConnectionId,
  ripples: readonly Rippled<"records-of">[],
): Promise<NewMark[]> {
  if (ripples.length === 0) return [];
  const { rows } = await sql<{ place: number; kind: MarkKind; key: string }>`
    with gone as (select * from unnest(${partyArrays(ripples.map(({ target }) => target.party))})
      with ordinality as n (kind, id, place))
    select gone.place, 'record' as kind, d.entity || ':' || d.id as key from gone
    join document d on d.connection_id = ${connectionId} and d.party_kind = gone.kind and d.party_id = gone.id
      and d.deleted_at is null
    union all
    select gone.place, 'record', 'Customer:' || p.id from gone
    join party p on p.connection_id = ${connectionId} and p.kind = 'customer' and gone.kind = 'customer'
      and p.parent_id = gone.id and p.deleted_at is null`.execute(executor);
  return marksFrom(ripples, connectionId, rows);
}

/** No index leads here: terms change a few times a year. */
async function usersOfTerms(
  executor: Executor,
  connectionId: ConnectionId,
  ripples: readonly Rippled<"users-of-term">[],
): Promise<NewMark[]> {
  const [first] = ripples;
  if (!first) return [];
  const { rows } = await sql<{ place: number; kind: MarkKind; key: string }>`
    select distinct n.place, 'party' as kind, p.kind || ':' || p.id as key
    from unnest(${ripples.map(({ target }) => target.termsId)}::text[]) with ordinality as n (terms_id, place)
    join party p on p.connection_id = ${connectionId} and p.deleted_at is null and (p.terms_id = n.terms_id or exists (
      select from document d where d.connection_id = p.connection_id and d.party_kind = p.kind and d.party_id = p.id
        and d.terms_id = n.terms_id and d.deleted_at is null))
    limit ${mostTermUsers + 1}`.execute(executor);
  if (rows.length > mostTermUsers) return [markFor(first, connectionId, "party", everyoneKey)];
  return marksFrom(ripples, connectionId, rows);
}

async function namesakes(
  executor: Executor,
  connectionId: ConnectionId,
  ripples: readonly Rippled<"namesakes">[],
): Promise<NewMark[]> {
  if (ripples.length === 0) return [];
  const { rows } = await sql<{ place: number; kind: MarkKind; key: string; connection_id: ConnectionId }>`
    select n.place, 'party' as kind, p.kind || ':' || p.id as key, p.connection_id
    from unnest(${ripples.map(({ target }) => target.nameKey)}::text[]) with ordinality as n (name_key, place)
    join party p on (p.name_key = n.name_key or p.path_key = n.name_key) and p.deleted_at is null
    join connection c on c.id = p.connection_id
    where ${isHolder("p", familiesOfRow("c"))} and c.subdomain = (select subdomain from connection where id = ${connectionId})`.execute(
    executor,
  );
  return marksFrom(ripples, connectionId, rows);
}

async function waiting(
  executor: Executor,
  connectionId: ConnectionId,
  ripples: readonly Rippled<"waiters">[],
): Promise<NewMark[]> {
  if (ripples.length === 0) return [];
  const byWaitKey = new Map(ripples.map((ripple) => [ripple.target.waitKey, ripple]));
  const found = await waitersOf(executor, sql`(select subdomain from connection where id = ${connectionId})`, [
    ...byWaitKey.keys(),
  ]);
  return found.flatMap(({ waitKey, connectionId: of, key }) => {
    const ripple = byWaitKey.get(waitKey);
    return ripple ? [markFor(ripple, of, "party", key)] : [];
  });
}
