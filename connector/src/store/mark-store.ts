import { type RawBuilder, sql } from "kysely";
import { type Cause, type ConnectionId, type Priority, priorities } from "../domain/index.ts";
import type {
  Backlog,
  ClaimedMark,
  ClaimRequest,
  Deferral,
  Fence,
  Mark,
  MarkStore,
  NewMark,
} from "../sync/marks/ports.ts";
import { everyoneKey } from "../sync/marks/ports.ts";
import { inFencedTransaction, lostOwnership } from "./account-fence.ts";
import type { Database, Executor } from "./database.ts";
import { keptCauses, type MergedMark, mergeMarks } from "./merge-marks.ts";
import { inTransaction } from "./transaction.ts";

/** Rows per statement: larger ones gain nothing and hold their locks longer. */
const sliceSize = 1000;

export function createMarkStore(database: Database): MarkStore {
  return {
    mark: (marks) => inTransaction(database, (transaction) => insertMarks(transaction, marks)),
    claim: (request, fence) => claimMarks(database, request, fence),
    claimEveryone: (connectionIds) => claimEveryone(database, connectionIds),
    settle: (marks, fence) => inFencedTransaction(database, fence, (executor) => settleMarks(executor, marks)),
    defer: (deferrals, fence) => inFencedTransaction(database, fence, (executor) => deferMarks(executor, deferrals)),
    waitingRecords: (connectionIds) => waitingRecords(database, connectionIds),
    countDue: (connectionIds) => countDue(database, connectionIds),
    nextDueInMs: (connectionIds) => nextDueInMs(database, connectionIds),
  };
}

/**
 * Marks keys, in their sorted order: the last statement but one of a transaction that also settles, so that everything which waits for a
 * lock on this table waits in one order (`settleMarks` and `deferMarks` never wait).
 */
export async function insertMarks(executor: Executor, marks: readonly NewMark[]): Promise<void> {
  const merged = mergeMarks(marks);
  for (let from = 0; from < merged.length; from += sliceSize)
    await insertSlice(executor, merged.slice(from, from + sliceSize));
}

async function insertSlice(executor: Executor, marks: readonly MergedMark[]): Promise<void> {
  await sql`
    insert into mark as m (connection_id, kind, key, priority, due_at, causes, cause_count)
    select connection_id, kind, key, priority, now() + delay_ms * interval '1 millisecond', causes::jsonb, cause_count
    from unnest(
      ${marks.map((mark) => mark.connectionId)}::bigint[], ${marks.map((mark) => mark.kind)}::text[],
      ${marks.map((mark) => mark.key)}::text[], ${marks.map((mark) => mark.priority)}::smallint[],
      ${marks.map((mark) => Math.round(mark.delayMs))}::bigint[],
      ${marks.map((mark) => JSON.stringify(mark.causes))}::text[], ${marks.map((mark) => mark.causeCount)}::int[]
    ) as n (connection_id, kind, key, priority, delay_ms, causes, cause_count)
    order by connection_id, kind collate "C", key collate "C"
    on conflict (connection_id, kind, key) do update set
      gen = m.gen + 1,
      priority = greatest(m.priority, excluded.priority),
      due_at = least(m.due_at, excluded.due_at),
      attempts = case when jsonb_path_exists(excluded.causes, '$[*] ? (@.kind != "retry")') then 0 else m.attempts end,
      causes = ${joinedCauses},
      cause_count = m.cause_count + excluded.cause_count
  `.execute(executor);
}

/** The first cause and the latest four, where a mark is set again. One more at the full number is by far the commonest: it costs half. */
export const joinedCauses = sql`case when m.cause_count + excluded.cause_count <= ${sql.lit(keptCauses)} then m.causes || excluded.causes
    when excluded.cause_count = 1 and jsonb_array_length(m.causes) = ${sql.lit(keptCauses)} then (m.causes - 1) || excluded.causes
    else ${boundedCauses(sql`(m.causes || excluded.causes)`)} end`;

/** The first cause and the latest four. */
function boundedCauses(causes: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when jsonb_array_length(${causes}) <= ${sql.lit(keptCauses)} then ${causes}
    else jsonb_build_array((${causes}) -> 0)
      || jsonb_path_query_array(${causes}, ${sql.lit(`$[last - ${keptCauses - 2} to last]`)}) end`;
}

interface MarkRow {
  connection_id: ConnectionId;
  kind: Mark["kind"];
  key: string;
  gen: number;
  priority: Priority;
  due_at: Date;
  first_at: Date;
  attempts: number;
  causes: Cause[];
  cause_count: number;
}

/**
 * See `MarkStore.claim`. Per connection, so that each search walks the index `mark_due` in its own order and stops at the limit.
 * The epoch is only looked at, not held: claiming changes nothing, and what a zombie claims it can neither write nor settle. Holding the row
 * made each claim a transaction that waits for the disk and for every settlement under way (docs/decisions/0004).
 */
async function claimMarks(database: Database, request: ClaimRequest, fence: Fence | undefined): Promise<Mark[]> {
  const { kind, priorities, limit } = request;
  const connectionIds = sql`${[...request.connectionIds]}::bigint[]`;
  const unread = kind === "party" ? awaitingTheirRecords(request.connectionIds, priorities.from) : undefined;
  const isOurs = fence
    ? sql`coalesce((select epoch = ${fence.epoch} from account where subdomain = ${fence.subdomain}), false)`
    : sql`true`;
  const { rows } = await sql<{ is_ours: boolean } & (MarkRow | { key: null })>`
    with owner as materialized (select ${isOurs} as is_ours)
      ${unread ? sql`, unread as materialized (${unread})` : sql``}
    select o.is_ours, found.* from owner o left join lateral (
      select found.* from unnest(${connectionIds}) as c (id)
      cross join lateral (
        select m.* from mark m
        where m.connection_id = c.id and m.kind = ${kind} and m.due_at <= now() and m.key <> ${everyoneKey}
          and m.priority between ${priorities.from} and ${priorities.to}
          and (m.connection_id, m.key) not in (
            select connection_id, key from unnest(
              ${request.excluding.map((held) => held.connectionId)}::bigint[],
              ${request.excluding.map((held) => held.key)}::text[]) as held (connection_id, key))
          ${unread ? sql`and not exists (select from unread u where u.connection_id = m.connection_id and u.key = m.key and u.priority >= m.priority)` : sql``}
        order by m.priority desc, m.due_at
        limit ${limit}
      ) found
      order by found.priority desc, found.due_at
      limit ${limit}
    ) found on o.is_ours
    order by found.priority desc, found.due_at`.execute(database);
  if (fence && rows[0]?.is_ours !== true) throw lostOwnership(fence);
  // The one row of an owner for whom nothing is due has no mark in it.
  return rows.flatMap((row) => (row.key === null ? [] : [markOf(row)]));
}

async function claimEveryone(database: Database, connectionIds: readonly ConnectionId[]): Promise<Mark[]> {
  const { rows } = await sql<MarkRow>`
    select * from mark where connection_id = any(${[...connectionIds]}::bigint[]) and kind = 'party' and key = ${everyoneKey}
    order by connection_id`.execute(database);
  return rows.map(markOf);
}

/**
 * The parties, and the projects and tops of their families, whose record or one of whose documents has a due record mark, with the highest priority
 * of these. Asked from the side of the marks: there are few, while a family may have thousands of documents. Connection by connection, so
 * that the planner sees which of the sixteen partitions of documents is meant.
 */
function awaitingTheirRecords(connectionIds: readonly ConnectionId[], priority: Priority): RawBuilder<unknown> {
  return sql.join(
    connectionIds.map(
      (id) => sql`(
    select r.connection_id, owner.key, max(r.priority) as priority
    from mark r
    cross join lateral (select split_part(r.key, ':', 1) as entity, split_part(r.key, ':', 2) as id) as named
    left join document d on d.connection_id = ${id}::bigint and d.entity = named.entity and d.id = named.id
    cross join lateral (
      select coalesce(d.party_kind, lower(named.entity)) as kind, coalesce(d.party_id, named.id) as id) as party_of
    left join party p on p.connection_id = ${id}::bigint and p.kind = party_of.kind and p.id = party_of.id
    cross join lateral unnest(
      array[party_of.kind || ':' || party_of.id, p.kind || ':' || p.project_id, p.kind || ':' || p.top_id]) as owner (key)
    where r.connection_id = ${id}::bigint and r.kind = 'record' and r.due_at <= now() and r.priority >= ${priority}
      and owner.key is not null
    group by r.connection_id, owner.key)`,
    ),
    sql` union all `,
  );
}

/** See `MarkStore.settle`. */
export async function settleMarks(executor: Executor, marks: readonly ClaimedMark[]): Promise<ClaimedMark[]> {
  if (marks.length === 0) return [];
  const { rows } = await sql<{ connection_id: ConnectionId; kind: string; key: string }>`
    with ${heldRows(marks)}
    delete from mark m using held where m.ctid = held.at and held.gen = held.claimed
    returning m.connection_id, m.kind, m.key`.execute(executor);
  const deleted = new Set(rows.map((row) => `${row.connection_id} ${row.kind} ${row.key}`));
  return marks.filter((mark) => !deleted.has(`${mark.connectionId} ${mark.kind} ${mark.key}`));
}

/** See `MarkStore.defer`. */
export async function deferMarks(executor: Executor, deferrals: readonly Deferral[]): Promise<void> {
  if (deferrals.length === 0) return;
  const retry = sql`jsonb_build_array(jsonb_build_object('kind', 'retry', 'failure', held.failure, 'at', to_jsonb(now())))`;
  const columns = {
    wait_ms: sql`${deferrals.map(({ waitMs }) => Math.round(waitMs))}::bigint[]`,
    failure: sql`${deferrals.map(({ failure }) => failure ?? null)}::text[]`,
    priority: sql`${deferrals.map(({ priority }) => priority ?? null)}::smallint[]`,
  };
  await sql`
    with ${heldRows(deferrals, columns)}
    update mark m set
      due_at = now() + held.wait_ms * interval '1 millisecond',
      priority = coalesce(held.priority, m.priority),
      attempts = m.attempts + (held.failure is not null)::int,
      causes = case when held.failure is null then m.causes else ${boundedCauses(sql`m.causes || ${retry}`)} end,
      cause_count = m.cause_count + (held.failure is not null)::int
    from held where m.ctid = held.at and held.gen = held.claimed`.execute(executor);
}

/**
 * Locks the rows of claimed marks and says at which generation they are, as `held`. It never waits: a row that another transaction holds
 * is being marked again and would stay in any case, so it is skipped; this keeps settling out of every deadlock.
 * Each row is sought as "the first at or after its key": with plain equality the planner, which knows nothing of a table that was empty a
 * minute ago, may take the index `mark_due` and walk all marks of the connection for each (measured: 15 s for 10,000).
 */
function heldRows(
  marks: readonly ClaimedMark[],
  columns: Record<string, RawBuilder<unknown>> = {},
): RawBuilder<unknown> {
  const names = Object.keys(columns).map((name) => sql.ref(name));
  const more = (from: string) =>
    sql.join(
      names.map((name) => sql`, ${sql.raw(from)}.${name}`),
      sql``,
    );
  return sql`claimed as (
      select * from unnest(
        ${marks.map((mark) => mark.connectionId)}::bigint[], ${marks.map((mark) => mark.kind)}::text[],
        ${marks.map((mark) => mark.key)}::text[], ${marks.map((mark) => mark.gen)}::bigint[]
        ${sql.join(
          Object.values(columns).map((column) => sql`, ${column}`),
          sql``,
        )}
      ) as n (connection_id, kind, key, gen ${sql.join(
        names.map((name) => sql`, ${name}`),
        sql``,
      )})
    ), found as materialized (
      select f.at, n.* from claimed n cross join lateral (
        select ctid as at, connection_id, kind, key from mark
        where (connection_id, kind, key) >= (n.connection_id, n.kind, n.key)
        order by connection_id, kind, key limit 1
      ) f where f.connection_id = n.connection_id and f.kind = n.kind and f.key = n.key
    ), held as materialized (
      select m.ctid as at, m.gen, found.gen as claimed ${more("found")}
      from found join mark m on m.ctid = found.at
      for update of m skip locked
    )`;
}

async function waitingRecords(database: Database, connectionIds: readonly ConnectionId[]) {
  const { rows } = await sql<{ connection_id: ConnectionId; oldest_ms: string; urgent: boolean }>`
    select connection_id, extract(epoch from now() - min(due_at)) * 1000 as oldest_ms,
      bool_or(priority >= ${priorities.urgent}) as urgent
    from mark where connection_id = any(${[...connectionIds]}::bigint[]) and kind = 'record' and due_at <= now()
    group by connection_id`.execute(database);
  return new Map(rows.map((row) => [row.connection_id, { oldestMs: Number(row.oldest_ms), urgent: row.urgent }]));
}

async function countDue(database: Database, connectionIds: readonly ConnectionId[]): Promise<Backlog[]> {
  const { rows } = await sql<{
    connection_id: ConnectionId;
    kind: Mark["kind"];
    due: number;
    waiting: number;
    oldest_due_at: Date | null;
  }>`
    select connection_id, kind, count(*) filter (where due_at <= now()) as due,
      count(*) filter (where due_at > now()) as waiting, min(due_at) filter (where due_at <= now()) as oldest_due_at
    from mark where connection_id = any(${[...connectionIds]}::bigint[])
    group by connection_id, kind order by connection_id, kind`.execute(database);
  return rows.map((row) => ({
    connectionId: row.connection_id,
    kind: row.kind,
    due: row.due,
    waiting: row.waiting,
    oldestDueAt: row.oldest_due_at ?? undefined,
  }));
}

async function nextDueInMs(database: Database, connectionIds: readonly ConnectionId[]): Promise<number | undefined> {
  const { rows } = await sql<{ wait_ms: number | null }>`
    select ceil(extract(epoch from min(due_at) - now()) * 1000)::bigint as wait_ms
    from mark where connection_id = any(${[...connectionIds]}::bigint[])`.execute(database);
  return rows[0]?.wait_ms ?? undefined;
}

function markOf(row: MarkRow): Mark {
  return {
    connectionId: row.connection_id,
    kind: row.kind,
    key: row.key,
    gen: row.gen,
    priority: row.priority,
    dueAt: row.due_at,
    firstAt: row.first_at,
    attempts: row.attempts,
    causes: row.causes,
    causeCount: row.cause_count,
  };
}
