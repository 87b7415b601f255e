import { sql } from "kysely";
import type { FieldValues, OrganizationId } from "../domain/index.ts";
import type { Fence } from "../sync/marks/ports.ts";
import {
  type ClosedWrite,
  type IntendedWrite,
  type OpenWrite,
  statesBefore,
  type WriteLog,
  type WriteState,
} from "../sync/reconcile/ports.ts";
import { inFencedTransaction } from "./account-fence.ts";
import type { Database, Executor } from "./database.ts";
import { keepFormer } from "./plan-lookup-store.ts";

/** How long after the deadline a zombie's write may still be under way, and its card is looked at once more. */
const recheckAfter = sql`interval '30 seconds'`;

export function createWriteLog(database: Database): WriteLog {
  return {
    intend: (fence, writes, deadlineMs) =>
      inFencedTransaction(database, fence, async (executor) => {
        const ids = await insertWrites(executor, fence, writes, deadlineMs);
        await keepFormer(
          executor,
          writes.filter((_, index) => ids[index] !== undefined),
        );
        return ids;
      }),

    async submitted(ids, jobId, requestId) {
      if (ids.length === 0) return;
      await sql`
        update write w set state = 'submitted', job_id = ${jobId}, request_id = ${requestId ?? null}, submitted_at = now(),
          position = n.place - 1
        from unnest(${[...ids]}::bigint[]) with ordinality as n (id, place)
        where w.id = n.id and w.state = any(${statesBefore("job-known")}::text[])`.execute(database);
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
        // as `intend` wrote them
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
          userId: userId as OpenWrite["userId"], // a number that was an id when it was written
          jobId: row.job_id ?? undefined,
          jobPlace: row.position ?? 0,
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

    async dueRechecks(subdomain) {
      const rows = await database
        .selectFrom("write")
        .select(["id", "connection_id", "parties", "organization_id", "external_id"])
        .where("subdomain", "=", subdomain)
        .where("recheck_at", "<=", sql<Date>`now()`)
        .orderBy("id")
        .execute();
      return rows.map((row) => ({
        id: row.id,
        connectionId: row.connection_id,
        parties: row.parties,
        organizationId: row.organization_id ?? undefined,
        externalId: row.external_id ?? undefined,
      }));
    },

    async recheckDone(ids) {
      await sql`update write set recheck_at = null where id = any(${[...ids]}::bigint[])`.execute(database);
    },
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

/** Closes writes, inside the transaction that settles what they were for. A write that is closed already stays as it is. */
export async function closeWrites(executor: Executor, closed: readonly ClosedWrite[]): Promise<void> {
  await closeAs(executor, "done", statesBefore("in-effect"), closed);
  await closeAs(executor, "lost", statesBefore("not-in-effect"), closed);
}

async function closeAs(
  executor: Executor,
  state: ClosedWrite["state"],
  before: readonly WriteState[],
  all: readonly ClosedWrite[],
): Promise<void> {
  const closed = all.filter((write) => write.state === state);
  if (closed.length === 0) return;
  await sql`
    update write w set state = ${state}, outcome = n.outcome, request_id = coalesce(n.request_id, w.request_id), closed_at = now(),
      recheck_at = case when n.recheck then now() + ${recheckAfter} end
    from unnest(
      ${closed.map(({ id }) => id)}::bigint[], ${closed.map(({ outcome }) => outcome)}::text[],
      ${closed.map(({ requestId }) => requestId ?? null)}::text[], ${closed.map(({ recheck }) => recheck ?? false)}::boolean[]
    ) as n (id, outcome, request_id, recheck)
    where w.id = n.id and w.state = any(${[...before]}::text[])`.execute(executor);
}
