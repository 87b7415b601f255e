import { type Selectable, sql } from "kysely";
import type { StoredTask, TaskError, TaskProgress, TaskStore } from "../http/operator/ports.ts";
import type { Database } from "./database.ts";
import type { TaskTable } from "./schema/access-tables.ts";

/** A process notes progress every second: after so long without a note it is gone. */
const silentFor = "30 seconds";
const keptFor = "7 days";

export function createTaskStore(database: Database): TaskStore {
  const lost = sql<boolean>`state = 'running' and seen_at < now() - ${silentFor}::interval`;
  const tasks = () => database.selectFrom("task").selectAll().select(lost.as("lost"));
  return {
    async begin(task, mostRunning) {
      return database.transaction().execute(async (transaction) => {
        // One beginning at a time on a connection: the count must not be passed by two at once.
        await sql`select pg_advisory_xact_lock(hashtext('task'), ${task.connectionId}::int)`.execute(transaction);
        await sql`
          delete from task where connection_id = ${task.connectionId} and asked_at < now() - ${keptFor}::interval
            and (state <> 'running' or seen_at < now() - ${silentFor}::interval)`.execute(transaction);
        const asked = JSON.stringify(task.asked);
        const known =
          task.requestKey === undefined
            ? undefined
            : await transaction
                .selectFrom("task")
                .selectAll()
                .select([lost.as("lost"), sql<boolean>`kind = ${task.kind} and asked = ${asked}::jsonb`.as("same")])
                .where("connection_id", "=", task.connectionId)
                .where("asked_by", "=", task.askedBy)
                .where("request_key", "=", task.requestKey)
                .executeTakeFirst();
        if (known) return { kind: "known", task: toTask(known), same: known.same };
        const { rows } = await sql<{ running: number }>`
          select count(*) as running from task
          where connection_id = ${task.connectionId} and state = 'running'
            and seen_at >= now() - ${silentFor}::interval`.execute(transaction);
        const running = rows[0]?.running ?? 0;
        if (running >= mostRunning) return { kind: "busy", running };
        const row = await transaction
          .insertInto("task")
          .values({
            connection_id: task.connectionId,
            kind: task.kind,
            asked_by: task.askedBy,
            asked,
            request_key: task.requestKey ?? null,
            progress: JSON.stringify(task.progress),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return { kind: "begun", task: toTask({ ...row, lost: false }) };
      });
    },

    async note(id, progress) {
      await database
        .updateTable("task")
        .set({ progress: JSON.stringify(progress), seen_at: sql`now()` })
        .where("id", "=", id)
        .where("state", "=", "running")
        .execute();
    },

    async finish(id, result) {
      await database
        .updateTable("task")
        .set({ state: "done", result: JSON.stringify(result), ended_at: sql`now()` })
        .where("id", "=", id)
        .execute();
    },

    async fail(id, error) {
      await database
        .updateTable("task")
        .set({ state: "failed", error: JSON.stringify(error), ended_at: sql`now()` })
        .where("id", "=", id)
        .execute();
    },

    async abandon(id) {
      await database
        .updateTable("task")
        .set({ seen_at: sql`seen_at - ${silentFor}::interval * 2`, ended_at: sql`now()` })
        .where("id", "=", id)
        .execute();
    },

    async read(connectionId, id) {
      const row = await tasks().where("connection_id", "=", connectionId).where("id", "=", id).executeTakeFirst();
      return row && toTask(row);
    },

    async list(connectionId, { before, limit }) {
      let query = tasks()
        .where("connection_id", "=", connectionId)
        .orderBy("asked_at", "desc")
        .orderBy("id", "desc")
        .limit(limit);
      if (before !== undefined)
        query = query.where(sql<boolean>`(asked_at, id) < (select asked_at, id from task where id::text = ${before})`);
      return (await query.execute()).map(toTask);
    },

    async recent(connectionIds) {
      if (connectionIds.length === 0) return [];
      const rows = await tasks()
        .where("connection_id", "in", [...connectionIds])
        .where(sql<boolean>`(state = 'running' or ended_at > now() - interval '1 minute')`)
        .orderBy("asked_at")
        .limit(200)
        .execute();
      return rows.map(toTask);
    },
  };
}

function toTask(row: Selectable<TaskTable> & { lost: boolean }): StoredTask {
  return {
    id: row.id,
    connectionId: row.connection_id,
    kind: row.kind as StoredTask["kind"], // `begin` alone writes these columns
    state: row.lost ? "interrupted" : row.state,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    endedAt: row.ended_at ?? undefined,
    progress: row.progress as unknown as TaskProgress, // `begin` and `report` alone write it
    result: row.result ?? undefined,
    error: (row.error as unknown as TaskError | null) ?? undefined, // `end` alone writes it
  };
}
