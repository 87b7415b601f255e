import { type RawBuilder, sql } from "kysely";
import type { ConnectionId, FieldValues, OrganizationId } from "../domain/index.ts";
import { parseUserId, priorities } from "../domain/index.ts";
import { everyoneKey } from "../sync/marks/ports.ts";
import type { FormerOrganization, RestoreStore } from "../sync/reconcile/plan/restore-ports.ts";
import type { RestoredEffect } from "../sync/reconcile/ports.ts";
import type { Database, Executor } from "./database.ts";
import { causeTime } from "./database-time.ts";
import { insertMarks } from "./mark-store.ts";
import { move } from "./plan-store.ts";

interface FormerRow {
  organization_id: OrganizationId;
  party: string;
  created: boolean;
  former: FieldValues;
  written: FieldValues;
  former_name: string | null;
  former_external_id: string | null;
  written_name: string | null;
  applied: FieldValues | null;
  applied_name: string | null;
  parties: string[];
}

export function createRestoreStore(database: Database): RestoreStore {
  return {
    async formerOf(planId, after, limit) {
      const { rows } = await sql<FormerRow>`
        ${formerColumns} where f.plan_id = ${planId} and f.organization_id > ${after ?? 0}
        order by f.organization_id limit ${limit}`.execute(database);
      return rows.map(formerFrom);
    },

    async withUsers(subdomain, organizations) {
      const { rows } = await sql<{ organization_id: OrganizationId }>`
        select distinct u.organization_id from zendesk_user u where u.subdomain = ${subdomain} and u.gone_at is null
          and u.organization_id = any(${[...organizations]}::bigint[])
          and not exists (select from journal j where j.organization_id = u.organization_id and j.action = 'member-added'
            and j.after ->> 'user' = u.id::text)`.execute(database);
      return rows.map((row) => row.organization_id);
    },

    async membersMade(organizations) {
      // The journal is kept for more than a year: an older membership counts as somebody's, and its organization stays.
      const { rows } = await sql<{ organization_id: OrganizationId; users: string[] }>`
        select organization_id, array_agg(distinct after ->> 'user') as users from journal
        where organization_id = any(${[...organizations]}::bigint[]) and action = 'member-added' group by organization_id`.execute(
        database,
      );
      return new Map(rows.map((row) => [row.organization_id, row.users.map(parseUserId)]));
    },

    async due(subdomain) {
      const { rows } = await sql<{
        id: number;
        of_plan: number;
        connection_id: ConnectionId;
        mapping_version: number;
        approved_by: string;
        approved_at: Date;
      }>`
        select p.id, (p.change ->> 'ofPlan')::bigint as of_plan, p.connection_id, c.mapping_version, p.approved_by, p.approved_at
        from plan p join connection c on c.id = p.connection_id
        where c.subdomain = ${subdomain} and p.kind = 'restore' and p.state in ('approved', 'applying') order by p.id`.execute(
        database,
      );
      return rows.map((row) => ({
        planId: row.id,
        ofPlan: row.of_plan,
        connectionId: row.connection_id,
        mappingVersion: row.mapping_version,
        approvedBy: row.approved_by,
        approvedAt: row.approved_at,
      }));
    },

    async next({ planId, ofPlan }, limit) {
      const { rows } = await sql<FormerRow>`
        ${formerColumns} join plan_effect r on r.plan_id = ${planId} and r.organization_id = f.organization_id and r.state = 'planned'
        where f.plan_id = ${ofPlan} order by r.position limit ${limit}`.execute(database);
      return rows.map(formerFrom);
    },

    begin: async (planId) => {
      await move(database, planId, "begin");
    },

    finish: ({ planId, ofPlan, connectionId }) =>
      database.transaction().execute(async (transaction) => {
        const { rows } = await sql`
          select from plan p where p.id = ${planId} and p.state in ('approved', 'applying')
            and not exists (select from plan_effect e where e.plan_id = p.id and e.state = 'planned') for update`.execute(
          transaction,
        );
        if (rows.length === 0) return;
        await move(transaction, planId, "finish");
        await move(transaction, ofPlan, "undone");
        const causes = [
          { kind: "healed" as const, what: `plan ${ofPlan} was undone`, at: await causeTime(transaction) },
        ];
        await insertMarks(transaction, [
          { connectionId, kind: "party", key: everyoneKey, priority: priorities.background, causes },
        ]);
      }),
  };
}

const formerColumns: RawBuilder<unknown> = sql`
  select f.organization_id, f.party, f.created, f.former, f.written, f.former_name, f.former_external_id,
    coalesce(f.written_name, (select e.organization from plan_effect e
      where e.plan_id = f.plan_id and e.party = f.party and e.effect = 'create')) as written_name, k.applied, k.applied_name,
    array(select e.party from plan_effect e where e.plan_id = f.plan_id and e.organization_id = f.organization_id
      and e.effect in ('create', 'adopt') order by e.position) as parties
  from plan_former f join plan of on of.id = f.plan_id join connection c on c.id = of.connection_id
  left join card k on k.subdomain = c.subdomain and k.organization_id = f.organization_id`;

function formerFrom(row: FormerRow): FormerOrganization {
  return {
    organizationId: row.organization_id,
    party: row.party,
    created: row.created,
    linked: row.parties.length > 0,
    parties: row.parties,
    former: row.former,
    formerName: row.former_name ?? undefined,
    formerExternalId: row.former_external_id ?? undefined,
    ours: { ...row.written, ...row.applied },
    ourName: row.applied_name ?? row.written_name ?? undefined,
  };
}

/** What became of the effects of a restore, in the transaction that settles their writes. */
export async function settleRestored(executor: Executor, restored: readonly RestoredEffect[]): Promise<void> {
  if (restored.length === 0) return;
  await sql`
    update plan_effect e set state = n.state, because = coalesce(n.because, e.because)
    from unnest(${restored.map(({ planId }) => planId)}::bigint[], ${restored.map(({ organizationId }) => organizationId)}::bigint[],
      ${restored.map(({ state }) => state)}::text[], ${restored.map(({ because }) => because ?? null)}::text[]
    ) as n (plan_id, organization_id, state, because)
    where e.plan_id = n.plan_id and e.organization_id = n.organization_id and e.state = 'planned'`.execute(executor);
}
