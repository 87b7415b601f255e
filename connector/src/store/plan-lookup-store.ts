import { sql } from "kysely";
import { type OrganizationId, partyKeyText, priorities } from "../domain/index.ts";
import { everyoneKey } from "../sync/marks/ports.ts";
import type { PlanLookup } from "../sync/reconcile/plan/ports.ts";
import type { EffectChange, IntendedWrite, Settlement } from "../sync/reconcile/ports.ts";
import type { Database, Executor } from "./database.ts";
import { effectFrom } from "./plan-rows.ts";
import { move } from "./plan-store.ts";
import type { PlanEffectTable } from "./schema/plan-tables.ts";

/** States in which a plan's effects are being carried out, or were. */
const carriedOut = sql`('trying', 'approved', 'applying', 'stopped', 'applied')`;

/** Of an effect `e`: at least one of those that share its card is not planned any more. */
const isBegun = sql<boolean>`exists (
  select from plan_effect g where g.plan_id = e.plan_id and g.card = e.card and g.state <> 'planned')`;

/** Is the card of effect `e` of plan `p` decided as the plan would have it? The same as in `partsOf`: the others are decided as before. */
const isCovered = sql<boolean>`case p.state when 'trying' then e.canary or ${isBegun} when 'stopped' then ${isBegun} else true end`;

export function createPlanLookup(database: Database): PlanLookup {
  return {
    async effectsOf(planId, connectionId, parties) {
      if (parties.length === 0) return new Map();
      const { rows } = await sql<EffectRow & { asked: string; begun: boolean }>`
        select distinct on (n.place) n.kind || ':' || n.id as asked, e.*, ${isBegun} as begun
        from unnest(${parties.map(({ kind }) => kind)}::text[], ${parties.map(({ id }) => id)}::text[])
          with ordinality as n (kind, id, place)
        left join party p on p.connection_id = ${connectionId} and p.kind = n.kind and p.id = n.id
        cross join lateral (values (n.kind || ':' || n.id, 1), (p.kind || ':' || p.project_id, 2), (p.kind || ':' || p.top_id, 3))
          as named (party, choice)
        join plan_effect e on e.plan_id = ${planId} and e.party = named.party
        order by n.place, named.choice`.execute(database);
      return new Map(rows.map((row) => [row.asked, { ...effectFrom(row), begun: row.begun }]));
    },

    tend: (planId) =>
      database.transaction().execute(async (transaction) => {
        await move(transaction, planId, "begin");
        await remark(transaction, planId);
        await finish(transaction, [planId]);
      }),
  };
}

type EffectRow = Parameters<typeof effectFrom>[0] & Pick<{ [Column in keyof PlanEffectTable]: unknown }, "plan_id">;

/** What is planned still and has no mark was passed over while the plan was stopped: it is looked at now. */
async function remark(executor: Executor, planId: number): Promise<void> {
  await sql`
    insert into mark (connection_id, kind, key, priority, causes)
    select p.connection_id, 'party', e.party, ${priorities.bulk},
      jsonb_build_array(jsonb_build_object('kind', 'healed', 'what', 'plan ' || p.id || ' goes on', 'at', now()))
    from plan p join plan_effect e on e.plan_id = p.id and e.state = 'planned'
    where p.id = ${planId} and p.state = 'applying'
      and not exists (select from mark m where m.connection_id = p.connection_id and m.kind = 'party' and m.key = e.party)
      and not exists (select from mark m where m.connection_id = p.connection_id and m.kind = 'party' and m.key = ${everyoneKey})
    order by p.connection_id, e.party collate "C"
    limit 1000
    on conflict do nothing`.execute(executor);
}

/** More effects than the batches of an owner hold at once: while so many are left, no settlement can be the last one. */
const farFromDone = 5_000;

/**
 * Plans of which nothing is left to be carried out are applied. Near the end their rows are taken first: of two settlements that end side by
 * side the later one sees what the other has done. Before, nobody waits for anybody.
 */
async function finish(executor: Executor, planIds: readonly number[]): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    select p.id from plan p
    where p.id = any(${planIds}::bigint[]) and p.state in ('approved', 'applying') and p.kind <> 'restore'
      and (select count(*) from (select from plan_effect e where e.plan_id = p.id and e.state = 'planned'
        limit ${farFromDone}) as left_over) < ${farFromDone}
    order by p.id for no key update of p`.execute(executor);
  if (rows.length === 0) return;
  await sql`
    update plan p set state = 'applied', ended_at = now()
    where p.id = any(${rows.map(({ id }) => id)}::bigint[]) and p.state in ('approved', 'applying')
      and not exists (select from plan_effect e where e.plan_id = p.id and e.state = 'planned')`.execute(executor);
}

/**
 * Effects whose cards have come to rest under their plan are done, with the settlement that says so: what was decided before it was approved, and
 * is settled afterwards, is none of its doing. What an organization held before is kept from its
 * first write on (`keepFormer`); one that the plan created is known from here on.
 */
export async function advanceEffects(executor: Executor, settlement: Settlement): Promise<void> {
  const rested = [
    ...settlement.standings.map(({ underPlan, party, disposition }) => ({
      underPlan,
      party: partyKeyText(party),
      organizationId: disposition.kind === "linked" ? disposition.organizationId : null,
      failed: disposition.kind === "parked" && disposition.reason === "failed",
    })),
    ...settlement.forgotten.map(({ underPlan, party }) => ({
      underPlan,
      party: partyKeyText(party),
      organizationId: null,
      failed: false,
    })),
  ].filter(({ underPlan }) => underPlan !== undefined);
  if (rested.length === 0) return;
  const { rows } = await sql<{ plan_id: number }>`
    with rested as (
      select * from unnest(${rested.map((one) => one.underPlan)}::bigint[], ${rested.map((one) => one.party)}::text[],
        ${rested.map((one) => one.organizationId)}::bigint[], ${rested.map((one) => one.failed)}::boolean[]
      ) as n (plan_id, party, organization_id, failed)
    ), moved as (
      update plan_effect e set state = case when r.failed then 'failed' else 'done' end,
        organization_id = coalesce(r.organization_id, e.organization_id), found = null
      from rested r join plan p on p.id = r.plan_id and p.kind <> 'restore' and p.state in ${carriedOut}
      where e.plan_id = p.id and e.party = r.party and e.state in ('planned', 'changed')
      returning e.plan_id, e.party, e.effect, r.organization_id
    ), kept as (
      insert into plan_former (plan_id, organization_id, party, created)
      select distinct on (m.plan_id, m.organization_id) m.plan_id, m.organization_id, m.party, m.effect = 'create'
        and exists (select from unnest(${createdBy(settlement)}::bigint[]) as made (id) where made.id = m.organization_id)
      from moved m where m.organization_id is not null order by m.plan_id, m.organization_id
      on conflict (plan_id, organization_id) do update set created = plan_former.created or excluded.created
    )
    select distinct plan_id from moved`.execute(executor);
  if (rows.length > 0)
    await finish(
      executor,
      rows.map(({ plan_id }) => plan_id),
    );
}

function createdBy(settlement: Settlement): OrganizationId[] {
  return settlement.links.flatMap(({ origin, organizationId }) => (origin === "created" ? [organizationId] : []));
}

/** Effects that are no longer what was approved wait, with what they would be now. */
export async function changeEffects(executor: Executor, changes: readonly EffectChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    update plan_effect e set state = 'changed', found = n.found::jsonb
    from unnest(${changes.map(({ planId }) => planId)}::bigint[], ${changes.map(({ party }) => party)}::text[],
      ${changes.map(({ found }) => JSON.stringify(found))}::text[]) as n (plan_id, party, found)
    where e.plan_id = n.plan_id and e.party = n.party`.execute(executor);
  await finish(
    executor,
    changes.map(({ planId }) => planId),
  );
}

/**
 * Before an organization is written: what it holds, for whoever undoes the plan. The first value kept of a field stays; later writes add
 * the fields that were not written before, as long as the plan may be undone.
 */
export async function keepFormer(executor: Executor, writes: readonly IntendedWrite[]): Promise<void> {
  const updates = writes.filter(({ kind, organizationId }) => kind === "update" && organizationId !== undefined);
  if (updates.length === 0) return;
  const columns = sql`unnest(${updates.map((write) => write.connectionId)}::bigint[],
    ${updates.map((write) => write.organizationId)}::bigint[], ${updates.map((write) => write.parties[0] ?? "")}::text[],
    ${updates.map((write) => JSON.stringify(write.parties))}::text[], ${updates.map((write) => JSON.stringify(write.before))}::text[],
    ${updates.map((write) => JSON.stringify(write.fields))}::text[], ${updates.map((write) => write.formerName ?? null)}::text[],
    ${updates.map((write) => write.name ?? null)}::text[], ${updates.map((write) => write.formerExternalId ?? null)}::text[]
  ) as n (connection_id, organization_id, party, parties, before, fields, former_name, name, former_external_id)`;
  await sql`
    insert into plan_former as f (plan_id, organization_id, party, former, written, former_name, written_name, former_external_id)
    select p.id, n.organization_id, n.party, n.before::jsonb, n.fields::jsonb, n.former_name, n.name, n.former_external_id
    from ${columns}
    join plan p on p.connection_id = n.connection_id and p.kind <> 'restore' and p.state in ${carriedOut}
    where exists (select from plan_former kept where kept.plan_id = p.id and kept.organization_id = n.organization_id)
      or exists (
        select from plan_effect e
        where e.plan_id = p.id and e.party = any(array(select jsonb_array_elements_text(n.parties::jsonb))) and e.state = 'planned'
          and ${isCovered})
    on conflict (plan_id, organization_id) do update set
      former = excluded.former || f.former,
      written = f.written || excluded.written,
      former_name = coalesce(f.former_name, excluded.former_name),
      former_external_id = coalesce(f.former_external_id, excluded.former_external_id),
      written_name = coalesce(excluded.written_name, f.written_name)`.execute(executor);
}
