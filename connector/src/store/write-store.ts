import { sql } from "kysely";
import type { ConnectionId, FieldValues, OrganizationId } from "../domain/index.ts";
import type { Fence } from "../sync/marks/ports.ts";
import type { ClosedWrite, IntendedWrite, OpenWrite, WriteLog } from "../sync/reconcile/ports.ts";
import { inFencedTransaction } from "./account-fence.ts";
import type { Database, Executor } from "./database.ts";

/** How long after the deadline a zombie's write may still be under way, and its card is looked at once more. */
const recheckAfter = sql`interval '30 seconds'`;
/** Rows that wait for that look carry this suffix in their outcome. */
const recheckSuffix = " (to be looked at again)";

export function createWriteLog(database: Database): WriteLog {
  return {
    intend: (fence, writes, deadlineMs) =>
      inFencedTransaction(database, fence, (executor) => insertWrites(executor, fence, writes, deadlineMs)),

    async submitted(ids, jobId, requestId) {
      if (ids.length === 0) return;
      await sql`
        update write set state = 'submitted', job_id = ${jobId}, request_id = ${requestId ?? null}, submitted_at = now()
        where id = any(${[...ids]}::bigint[])`.execute(database);
    },

    async openOfEarlierEpochs(fence) {
      const rows = await database
        .selectFrom("write")
        .selectAll()
        .select(sql<number>`ceil(extract(epoch from deadline_at - now()) * 1000)::bigint`.as("deadline_in_ms"))
        .where("subdomain", "=", fence.subdomain)
        .where("epoch", "<", fence.epoch)
        .where("closed_at", "is", null)
        .orderBy("id")
        .execute();
      return rows.map((row): OpenWrite => {
        const { name, userId, ...fields } = row.values as FieldValues & { name?: string; userId?: number };
        return {
          id: row.id,
          connectionId: row.connection_id,
          kind: row.kind,
          parties: row.parties,
          organizationId: row.organization_id ?? undefined,
          externalId: row.external_id ?? undefined,
          nameKey: row.name_key ?? undefined,
          name,
          fields,
          before: row.before as FieldValues, // insertWrites alone writes both columns
          causes: row.causes,
          mappingVersion: row.mapping_version,
          lane: row.lane,
          userId: userId as OpenWrite["userId"],
          jobId: row.job_id ?? undefined,
          deadlineInMs: row.deadline_in_ms,
        };
      });
    },

    async recentWrites(subdomain, organizations) {
      const { rows } = await sql<{ organization_id: OrganizationId; age_ms: number }>`
        select organization_id, floor(extract(epoch from now() - intended_at) * 1000)::bigint as age_ms
        from write
        where subdomain = ${subdomain} and organization_id = any(${[...organizations]}::bigint[]) and kind <> 'membership'
          and intended_at > now() - interval '60 seconds' and state <> 'lost'
        order by organization_id, intended_at desc`.execute(database);
      const recent = new Map<OrganizationId, number[]>();
      for (const row of rows) recent.set(row.organization_id, [...(recent.get(row.organization_id) ?? []), row.age_ms]);
      return recent;
    },

    async forgetClosed() {
      // In slices: no transaction over a whole table.
      await sql`delete from write where id in (
        select id from write where closed_at < now() - interval '7 days' order by id limit 10000)`.execute(database);
    },

    takeDueRechecks: (fence) =>
      inFencedTransaction(database, fence, async (executor) => {
        const { rows } = await sql<{
          connection_id: ConnectionId;
          parties: string[];
          organization_id: OrganizationId | null;
        }>`
          update write set outcome = replace(outcome, ${recheckSuffix}, '')
          where subdomain = ${fence.subdomain} and closed_at < now() - ${recheckAfter} and closed_at > now() - interval '1 day'
            and outcome like ${`%${recheckSuffix}`}
          returning connection_id, parties, organization_id`.execute(executor);
        return rows.map((row) => ({
          connectionId: row.connection_id,
          parties: row.parties,
          organizationIds: row.organization_id === null ? [] : [row.organization_id],
        }));
      }),
  };
}

/** `on conflict do nothing` against the unique indexes of open writes: a second write of one organization is never logged. */
async function insertWrites(
  executor: Executor,
  fence: Fence,
  writes: readonly IntendedWrite[],
  deadlineMs: number,
): Promise<(number | undefined)[]> {
  if (writes.length === 0) return [];
  const { rows } = await sql<{ id: number; position: number }>`
    insert into write (subdomain, connection_id, kind, parties, organization_id, external_id, name_key, "values", before, causes,
      mapping_version, lane, epoch, position, deadline_at)
    select ${fence.subdomain}, connection_id, kind, array(select jsonb_array_elements_text(parties::jsonb)), organization_id, external_id,
      name_key, given::jsonb, before::jsonb, causes::jsonb, mapping_version, lane, ${fence.epoch}, position,
      now() + ${deadlineMs} * interval '1 millisecond'
    from unnest(
      ${writes.map((write) => write.connectionId)}::bigint[], ${writes.map((write) => write.kind)}::text[],
      ${writes.map((write) => JSON.stringify(write.parties))}::text[], ${writes.map((write) => write.organizationId ?? null)}::bigint[],
      ${writes.map((write) => write.externalId ?? null)}::text[], ${writes.map((write) => write.nameKey ?? null)}::text[],
      ${writes.map(givenValues)}::text[], ${writes.map((write) => JSON.stringify(write.before))}::text[],
      ${writes.map((write) => JSON.stringify(write.causes))}::text[], ${writes.map((write) => write.mappingVersion)}::int[],
      ${writes.map((write) => write.lane)}::text[], ${writes.map((_, index) => index)}::smallint[]
    ) as n (connection_id, kind, parties, organization_id, external_id, name_key, given, before, causes, mapping_version, lane, position)
    order by position
    on conflict do nothing
    returning id, position`.execute(executor);
  const ids: (number | undefined)[] = writes.map(() => undefined);
  for (const { id, position } of rows) ids[position] = id;
  return ids;
}

function givenValues(write: IntendedWrite): string {
  return JSON.stringify({
    ...write.fields,
    ...(write.name === undefined ? {} : { name: write.name }),
    ...(write.userId === undefined ? {} : { userId: write.userId }),
  });
}

/** Closes writes, inside the transaction that settles what they were for. */
export async function closeWrites(executor: Executor, closed: readonly ClosedWrite[]): Promise<void> {
  if (closed.length === 0) return;
  await sql`
    update write w set state = n.state, outcome = n.outcome, request_id = coalesce(n.request_id, w.request_id), closed_at = now()
    from unnest(
      ${closed.map(({ id }) => id)}::bigint[], ${closed.map(({ state }) => state)}::text[],
      ${closed.map(({ outcome, recheck }) => (recheck ? `${outcome}${recheckSuffix}` : outcome))}::text[],
      ${closed.map(({ requestId }) => requestId ?? null)}::text[]
    ) as n (id, state, outcome, request_id)
    where w.id = n.id and w.closed_at is null`.execute(executor);
}
