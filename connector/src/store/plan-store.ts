import { type RawBuilder, sql } from "kysely";
import { type ConnectionId, OperatorError } from "../domain/index.ts";
import { everyoneKey } from "../sync/marks/ports.ts";
import {
  type PlanChange,
  type PlanEvent,
  type PlanProgress,
  type PlanState,
  type PlanStore,
  planStateAfter,
  planStatesBefore,
} from "../sync/reconcile/plan/ports.ts";
import { besideOwed } from "./beside-owed.ts";
import type { Database, Executor } from "./database.ts";
import { effectFrom, factsFrom, insertEffects } from "./plan-rows.ts";
import { journalPlan, markOfPlan } from "./plan-steps.ts";

/** Journal words of what people do to plans. */
const words = { approve: "approved", try: "tried", stop: "stopped", discard: "discarded" } as const;

export function createPlanStore(database: Database): PlanStore {
  return {
    draft: (connectionId, change) =>
      database.transaction().execute(async (transaction) => {
        await discard(transaction, connectionId, "drafted");
        const row = await transaction
          .insertInto("plan")
          .values({
            connection_id: connectionId,
            kind: change.kind,
            change: JSON.stringify(change),
            state: "drafted",
            counts: "{}",
          })
          .returning("id")
          .executeTakeFirstOrThrow();
        return row.id;
      }),

    addEffects: (planId, effects, from) => insertEffects(database, planId, effects, from),

    propose: (planId, counts) =>
      database.transaction().execute(async (transaction) => {
        const plan = await move(transaction, planId, "counted", { counts: JSON.stringify(counts) });
        if (!plan)
          throw new OperatorError(
            "Another plan of this connection was worked out at the same time. See: ml-connector plan show",
          );
        await sql`update plan set state = 'discarded', ended_at = now()
          where connection_id = ${plan.connectionId} and state = 'proposed' and id <> ${planId}`.execute(transaction);
        await transaction
          .updateTable("connection")
          .set({ state: "planned" })
          .where("id", "=", plan.connectionId)
          .where("state", "=", "loading")
          .execute();
      }),

    async latest(connectionId) {
      const row = await database
        .selectFrom("plan")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("state", "<>", "drafted")
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
      if (!row) return undefined;
      const effects = await database
        .selectFrom("plan_effect")
        .selectAll()
        .where("plan_id", "=", row.id)
        .orderBy("position")
        .execute();
      return { ...factsFrom(row), effects: effects.map(effectFrom) };
    },

    async read(planId) {
      const row = await database.selectFrom("plan").selectAll().where("id", "=", planId).executeTakeFirst();
      return row && factsFrom(row);
    },

    async list(connectionId) {
      const rows = await database
        .selectFrom("plan")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("state", "<>", "drafted")
        .orderBy("id", "desc")
        .execute();
      return rows.map(factsFrom);
    },

    async effects(planId, { states, canary, after, limit }) {
      let query = database
        .selectFrom("plan_effect")
        .selectAll()
        .where("plan_id", "=", planId)
        .orderBy("position")
        .limit(limit);
      if (states) query = query.where("state", "in", [...states]);
      if (canary !== undefined) query = query.where("canary", "=", canary);
      if (after !== undefined) query = query.where("position", ">", after);
      return (await query.execute()).map(effectFrom);
    },

    async progress(planId) {
      const { rows } = await sql<PlanProgress>`
        select p.state, count(*) filter (where e.state = 'planned') as planned, count(*) filter (where e.state = 'done') as done,
          count(*) filter (where e.state = 'failed') as failed, count(*) filter (where e.state = 'changed') as changed,
          count(*) filter (where e.state = 'left') as left,
          (select ${besideOwed} from connection c where c.id = p.connection_id) as beside
        from plan p left join plan_effect e on e.plan_id = p.id where p.id = ${planId} group by p.state, p.connection_id`.execute(
        database,
      );
      return rows[0];
    },

    approve: (planId, who) =>
      steering(database, planId, "approve", who, async (transaction, { connectionId, change, from }) => {
        if (change.kind === "restore")
          return from === "stopped" || beginRestore(transaction, connectionId, change.ofPlan, who);
        if (from === "proposed") await keepBefore(transaction, planId);
        await putInForce(transaction, connectionId, change);
        await transaction
          .updateTable("connection")
          .set({ state: "active" })
          .where("id", "=", connectionId)
          .where("state", "=", "planned")
          .execute();
        await markOfPlan(transaction, connectionId, { planId, who, parties: [everyoneKey] });
        return true;
      }),

    tryOut: (planId, cards, who) =>
      steering(database, planId, "try", who, async (transaction, { connectionId }) => {
        await keepBefore(transaction, planId);
        const { rows } = await sql<{ party: string }>`
          update plan_effect set canary = true where plan_id = ${planId} and card = any(${[...cards]}::text[])
          returning party`.execute(transaction);
        await sql`update connection set state = case when state = 'planned' then 'active' else state end, fields_ready_at = null
          where id = ${connectionId}`.execute(transaction);
        await markOfPlan(transaction, connectionId, { planId, who, parties: rows.map(({ party }) => party) });
        return true;
      }),

    putInForce: (connectionId, change) => putInForce(database, connectionId, change),

    stop: (planId, who) =>
      steering(database, planId, "stop", who, async (transaction) => {
        await putBack(transaction, planId);
        return true;
      }),

    discard: (planId, who) => steering(database, planId, "discard", who, () => Promise.resolve(true)),

    approveChanged: (planId, parties, who) =>
      database.transaction().execute(async (transaction) => {
        const wanted = parties === "all" ? sql`true` : sql`party = any(${[...parties]}::text[])`;
        const { rows } = await sql<{ party: string; connection_id: ConnectionId }>`
          update plan_effect e set state = 'planned', effect = found ->> 'effect', organization = found ->> 'organization',
            organization_id = (found ->> 'organizationId')::bigint, found = null
          from plan p where p.id = e.plan_id and e.plan_id = ${planId} and e.state = 'changed' and ${wanted}
          returning e.party, p.connection_id`.execute(transaction);
        const connectionId = rows[0]?.connection_id;
        if (connectionId === undefined) return [];
        const approved = rows.map(({ party }) => party);
        await journalPlan(transaction, connectionId, { planId, who, outcome: "approved", parties: approved });
        await markOfPlan(transaction, connectionId, { planId, who, parties: approved });
        return approved;
      }),
  };
}

interface Steered {
  connectionId: ConnectionId;
  change: PlanChange;
  from: PlanState;
}

/** What a person does to a plan: one transaction with its journal row. False: the plan is not in a state for it. */
async function steering(
  database: Database,
  planId: number,
  event: keyof typeof words,
  who: string,
  work: (transaction: Executor, plan: Steered) => Promise<boolean>,
): Promise<boolean> {
  const steer = database.transaction().execute(async (transaction) => {
    const before = await transaction
      .selectFrom("plan")
      .select("state")
      .where("id", "=", planId)
      .forUpdate()
      .executeTakeFirst();
    if (!before || (await anotherIsUnderWay(transaction, planId, event))) return false;
    const plan = await move(transaction, planId, event, event === "approve" ? { approvedBy: who } : {});
    if (!plan) return false;
    if (!(await work(transaction, { ...plan, from: before.state as PlanState }))) throw new Refused();
    await journalPlan(transaction, plan.connectionId, { planId, who, outcome: words[event], parties: [] });
    return true;
  });
  return steer.catch((fault: unknown) => {
    if (fault instanceof Refused) return false;
    throw fault;
  });
}

/** Rolls back what a person cannot do to this plan. */
class Refused extends Error {
  override name = "Refused";
}

/** What the plan brought is not in force any more; after a first load nothing is delivered before somebody resumes and approves again. */
async function beginRestore(
  transaction: Executor,
  connectionId: ConnectionId,
  ofPlan: number,
  who: string,
): Promise<boolean> {
  const undone = await move(transaction, ofPlan, "restore");
  if (!undone) return false;
  await putBack(transaction, ofPlan);
  if (undone.change.kind === "first-load")
    await sql`update connection set state = 'paused', paused_by = ${`person:${who}`}
      where id = ${connectionId} and state <> 'disconnected'`.execute(transaction);
  return true;
}

/** Approving and trying need that nothing else of the connection is under way: the index `plan_under_way` refuses what this misses. */
async function anotherIsUnderWay(transaction: Executor, planId: number, event: PlanEvent): Promise<boolean> {
  if (event !== "approve" && event !== "try") return false;
  const { rows } = await sql`
    select from plan p join plan mine on mine.id = ${planId} and mine.connection_id = p.connection_id
    where p.id <> mine.id and p.id is distinct from (mine.change ->> 'ofPlan')::bigint and p.state in ('trying', 'approved', 'applying', 'stopped')`.execute(
    transaction,
  );
  return rows.length > 0;
}

export async function move(
  executor: Executor,
  planId: number,
  event: PlanEvent,
  also: { counts?: string; approvedBy?: string } = {},
): Promise<Omit<Steered, "from"> | undefined> {
  const { rows } = await sql<{ connection_id: ConnectionId; change: PlanChange }>`
    update plan set state = ${planStateAfter(event)}, counts = coalesce(${also.counts ?? null}::jsonb, counts),
      approved_by = coalesce(${also.approvedBy ?? null}, approved_by),
      approved_at = case when ${also.approvedBy !== undefined} then now() else approved_at end,
      ended_at = case when ${event === "finish" || event === "discard" || event === "undone"} then now() end
    where id = ${planId} and state = any(${planStatesBefore(event)}::text[])
    returning connection_id, change`.execute(executor);
  const row = rows[0];
  return row && { connectionId: row.connection_id, change: row.change };
}

async function discard(transaction: Executor, connectionId: ConnectionId, state: PlanState): Promise<void> {
  await sql`update plan set state = 'discarded', ended_at = now() where connection_id = ${connectionId} and state = ${state}`.execute(
    transaction,
  );
}

/** What the change replaces, for whoever stops or restores the plan. */
async function keepBefore(transaction: Executor, planId: number): Promise<void> {
  await sql`update plan p set before = jsonb_build_object('mappingVersion', c.mapping_version, 'settings', c.settings)
    from connection c where c.id = p.connection_id and p.id = ${planId}`.execute(transaction);
}

async function putInForce(transaction: Executor, connectionId: ConnectionId, change: PlanChange): Promise<void> {
  const set = inForce(change);
  if (set)
    await sql`update connection set ${set}, fields_ready_at = null where id = ${connectionId}`.execute(transaction);
}

function inForce(change: PlanChange): RawBuilder<unknown> | undefined {
  if (change.kind === "mapping") return sql`mapping_version = ${change.version}`;
  if (change.kind === "settings") return sql`settings = settings || ${JSON.stringify(change.patch)}::jsonb`;
  return undefined;
}

/** What the plan's change replaced is in force again; what was set since by other ways stays. */
export async function putBack(transaction: Executor, planId: number): Promise<void> {
  await sql`
    update connection c set
      mapping_version = case when p.kind = 'mapping' then (p.before ->> 'mappingVersion')::int else c.mapping_version end,
      settings = case when p.kind = 'settings' then (c.settings - array(select jsonb_object_keys(p.change -> 'patch')))
        || coalesce((select jsonb_object_agg(key, value) from jsonb_each(p.before -> 'settings') where p.change -> 'patch' ? key), '{}')
        else c.settings end
    from plan p where p.id = ${planId} and p.before is not null and c.id = p.connection_id`.execute(transaction);
}
