import { type RawBuilder, sql } from "kysely";
import { type Cause, type ConnectionId, type Entity, priorities, type RecordKey } from "../domain/index.ts";
import type { Sweep, SweepStore } from "../sync/intake/ports.ts";
import { everyoneKey } from "../sync/marks/ports.ts";
import { type SweepProgress, unreadableCause } from "../sync/replica/ports.ts";
import type { Database, Executor } from "./database.ts";
import { insertMarks } from "./mark-store.ts";
import { entityColumn, tableOf } from "./replica-rows.ts";

interface SweepRow {
  id: number;
  connection_id: ConnectionId;
  position: SweepProgress;
  server_started_at: Date | null;
  rows: number;
  calls: number;
}

export function createSweepStore(database: Database): SweepStore {
  return {
    async open(connectionId, request) {
      const progress: SweepProgress = {
        entities: [...request.entities],
        done: [],
        after: undefined,
        listed: false,
        lastPage: undefined,
        unkept: 0,
        repeats: 0,
        pages: 0,
      };
      await sql`insert into sweep (connection_id, requested_by, position, server_started_at)
        values (${connectionId}, ${request.requestedBy}, ${JSON.stringify(progress)}, ${request.since ?? null})
        on conflict (connection_id) where finished_at is null do nothing`.execute(database);
      const sweep = await openOf(database, connectionId);
      if (!sweep) throw new Error(`the sweep of connection ${connectionId} ended while it was opened`);
      return sweep;
    },

    openOf: (connectionId) => openOf(database, connectionId),

    async save(sweep, more) {
      await saveSweepProgress(database, { id: sweep.id, progress: sweep.progress, ...more, readAt: undefined });
    },

    async countSeen(sweep, entity) {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from ${sql.table(tableOf(entity))}
        where ${ofEntity(sweep, entity)} and deleted_at is null
          and (run_id = ${sweep.id} or read_at >= ${sweep.serverStartedAt ?? null}::timestamptz)`.execute(database);
      return rows[0]?.count ?? 0;
    },

    async unseen(sweep, entity, limit) {
      const { rows } = await sql<{ id: string }>`
        select id from ${sql.table(tableOf(entity))}
        where ${ofEntity(sweep, entity)} and deleted_at is null
          and run_id is distinct from ${sweep.id} and read_at < ${sweep.serverStartedAt ?? null}::timestamptz
        order by id limit ${limit}`.execute(database);
      return rows.map(({ id }): RecordKey => ({ entity, id }));
    },

    async refuse(connectionId, entity) {
      await sql`update connection set refused_entities = array_append(refused_entities, ${entity})
        where id = ${connectionId} and not ${entity} = any(refused_entities)`.execute(database);
    },

    finish: (sweep, end) => database.transaction().execute((transaction) => finish(transaction, sweep, end)),
  };
}

function ofEntity(sweep: Sweep, entity: Entity): RawBuilder<unknown> {
  const table = tableOf(entity);
  const name = table === "party" ? entity.toLowerCase() : entity;
  return sql`connection_id = ${sweep.connectionId} and ${sql.ref(entityColumn(table))} = ${name}`;
}

async function openOf(executor: Executor, connectionId: ConnectionId): Promise<Sweep | undefined> {
  const { rows } = await sql<SweepRow>`
    select id, connection_id, position, server_started_at, rows, calls
    from sweep where connection_id = ${connectionId} and finished_at is null`.execute(executor);
  const [row] = rows;
  if (!row) return undefined;
  return {
    id: row.id,
    connectionId: row.connection_id,
    progress: row.position,
    serverStartedAt: row.server_started_at ?? undefined,
    rows: row.rows,
    calls: row.calls,
  };
}

/** In the transaction that stores the page. The first answer's time becomes the sweep's own. */
export async function saveSweepProgress(
  executor: Executor,
  of: { id: number; progress: SweepProgress; rows: number; calls: number; readAt: string | undefined },
): Promise<void> {
  await sql`update sweep set position = ${JSON.stringify(of.progress)}, rows = rows + ${of.rows}, calls = calls + ${of.calls},
      server_started_at = coalesce(server_started_at, ${of.readAt ?? null}::timestamptz)
    where id = ${of.id} and finished_at is null`.execute(executor);
}

async function finish(
  executor: Executor,
  sweep: Sweep,
  end: { complete: boolean; cursor: Date | undefined; everyone: Cause | undefined },
): Promise<void> {
  const { numAffectedRows } = await sql`
    update sweep set finished_at = now() where id = ${sweep.id} and finished_at is null`.execute(executor);
  if (numAffectedRows === 0n) return;
  // Due again at once, so that changes made while the sweep ran are polled from its start.
  await sql`update connection set poll_cursor = greatest(poll_cursor, ${end.cursor ?? null}::timestamptz), poll_due_at = now()
    where id = ${sweep.connectionId}`.execute(executor);
  if (!end.complete) {
    await sql`update connection set sweep_due_at = coalesce(swept_at + interval '7 days', now())
      where id = ${sweep.connectionId}`.execute(executor);
    return;
  }
  await sql`update connection set swept_at = now(), sweep_due_at = now() + interval '7 days', polled_at = greatest(polled_at, ${sweep.serverStartedAt ?? null}::timestamptz)
    where id = ${sweep.connectionId}`.execute(executor);
  // This sweep met every record: those that it did not find unreadable are read again, or gone.
  await sql`update incident set resolved_at = now()
    where connection_id = ${sweep.connectionId} and resolved_at is null and starts_with(cause, ${unreadableCause})
      and last_seen_at < (select started_at from sweep where id = ${sweep.id})`.execute(executor);
  if (!end.everyone) return;
  await insertMarks(executor, [
    {
      connectionId: sweep.connectionId,
      kind: "party",
      key: everyoneKey,
      priority: priorities.bulk,
      causes: [end.everyone],
    },
  ]);
}
