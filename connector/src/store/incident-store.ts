import { type Selectable, sql } from "kysely";
import type { ConnectionId } from "../domain/index.ts";
import {
  type Incident,
  type IncidentFilter,
  type IncidentReport,
  type IncidentStore,
  severityOf,
} from "../oversight/incidents/ports.ts";
import type { Database, Executor } from "./database.ts";
import type { IncidentTable } from "./schema/work-tables.ts";

/** One that comes back so soon is the same: nobody is told twice. */
const reopens = sql`now() - interval '2 minutes'`;

export function createIncidentStore(database: Database): IncidentStore {
  return {
    note: (report) => database.transaction().execute((transaction) => note(transaction, report)),

    async resolve(cause, of) {
      await database
        .updateTable("incident")
        .set({ resolved_at: sql`now()` })
        .where("cause", "=", cause)
        .where("connection_id", of.connectionId === undefined ? "is" : "=", of.connectionId ?? null)
        .where("subdomain", of.subdomain === undefined ? "is" : "=", of.subdomain ?? null)
        .where("resolved_at", "is", null)
        .execute();
    },

    keepTrue: (kinds, holding) =>
      database.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ mine: boolean }>`
          select pg_try_advisory_xact_lock(hashtext('ml-connector watch')) as mine`.execute(transaction);
        if (rows[0]?.mine !== true) return false;
        const open = await transaction
          .selectFrom("incident")
          .selectAll()
          .where("resolved_at", "is", null)
          .where(sql`split_part(cause, ':', 1)`, "in", kinds)
          .execute();
        const openByKey = new Map(open.map((row) => [keyOf(toIncident(row)), row]));
        const held = new Set(holding.map(keyOf));
        const over = open.filter((row) => !held.has(keyOf(toIncident(row)))).map(({ id }) => id);
        if (over.length > 0)
          await transaction.updateTable("incident").set({ resolved_at: sql`now()` }).where("id", "in", over).execute();
        for (const report of holding) {
          const known = openByKey.get(keyOf(report));
          if (known?.says !== report.says || known.affected !== report.affectedNow) await note(transaction, report);
        }
        return true;
      }),

    async fade(fading) {
      for (const { kind, afterMinutes } of fading)
        await sql`update incident set resolved_at = now()
          where resolved_at is null and split_part(cause, ':', 1) = ${kind}
            and last_seen_at < now() - ${afterMinutes} * interval '1 minute'`.execute(database);
    },

    async open(connectionId?: ConnectionId): Promise<Incident[]> {
      let query = database.selectFrom("incident").selectAll().where("resolved_at", "is", null).orderBy("opened_at");
      if (connectionId !== undefined)
        query = query.where((either) =>
          either.or([
            either("connection_id", "=", connectionId),
            either(
              "subdomain",
              "=",
              either.selectFrom("connection").select("subdomain").where("connection.id", "=", connectionId),
            ),
            either.and([either("connection_id", "is", null), either("subdomain", "is", null)]),
          ]),
        );
      return (await query.execute()).map(toIncident);
    },

    async history(filter) {
      const fits = fitting(filter);
      const [incidents, causes] = await Promise.all([
        sql<Selectable<IncidentTable>>`
          select * from incident i where ${fits} and (${filter.before === undefined} or id < ${filter.before ?? 0})
          order by id desc limit ${filter.limit}`.execute(database),
        sql<{ cause: string; times: number; open: number; affected: number }>`
          select split_part(cause, ':', 1) as cause, count(*) as times, count(*) filter (where resolved_at is null) as open,
            sum(affected)::bigint as affected
          from incident i where ${fits} group by 1 order by 2 desc, 1`.execute(database),
      ]);
      return {
        incidents: incidents.rows.map((row) => ({ ...toIncident(row), resolvedAt: row.resolved_at ?? undefined })),
        causes: causes.rows,
      };
    },
  };
}

function fitting({ connectionId, ofDeployment, cause, since, openOnly }: IncidentFilter) {
  const id = connectionId ?? null;
  return sql`(${id}::bigint is null or i.connection_id = ${id}
      or i.subdomain = (select c.subdomain from connection c where c.id = ${id})
      or (${ofDeployment === true} and i.connection_id is null and i.subdomain is null))
    and (${cause ?? null}::text is null or i.cause = ${cause ?? null} or split_part(i.cause, ':', 1) = ${cause ?? null})
    and (${since ?? null}::timestamptz is null or i.resolved_at is null or i.resolved_at >= ${since ?? null})
    and (${openOnly !== true} or i.resolved_at is null)`;
}

/** In the caller's transaction, with the alerts that its opening calls for. */
async function note(executor: Executor, report: IncidentReport): Promise<void> {
  const { cause, says, connectionId = null, subdomain = null } = report;
  const affected = report.affectedNow ?? report.affected ?? 1;
  const reopened = await sql<{ id: number }>`
    update incident set resolved_at = null, last_seen_at = now(), says = ${says}, affected = ${affected}
    where id = (select id from incident i where cause = ${cause} and connection_id is not distinct from ${connectionId}
        and subdomain is not distinct from ${subdomain} and resolved_at > ${reopens}
        and not exists (select from incident o where o.cause = i.cause and o.resolved_at is null
          and o.connection_id is not distinct from i.connection_id and o.subdomain is not distinct from i.subdomain)
      order by resolved_at desc limit 1)
    returning id`.execute(executor);
  const [again] = reopened.rows;
  if (again) {
    await sql`delete from alert where incident_id = ${again.id} and event = 'resolved' and state = 'waiting'`.execute(
      executor,
    );
    return;
  }
  const severity = severityOf(cause);
  const count = report.affectedNow === undefined ? sql`incident.affected + excluded.affected` : sql`excluded.affected`;
  // xmax is 0 in a row that this statement inserted: it has opened, and people are told of it in this very transaction.
  await sql`
    with noted as (
      insert into incident (connection_id, subdomain, cause, says, affected, severity)
      values (${connectionId}, ${subdomain}, ${cause}, ${says}, ${affected}, ${severity})
      on conflict (cause, coalesce(connection_id, 0), coalesce(subdomain, '')) where resolved_at is null
      do update set last_seen_at = now(), says = excluded.says, affected = ${count}
      returning id, xmax = 0 as opened)
    insert into alert (incident_id, target_id, event)
    select noted.id, t.id, 'opened' from noted, alert_target t
    where noted.opened and array_position(${severities}, ${severity}::text) >= array_position(${severities}, t.least)
  `.execute(executor);
}

const severities = sql`array['notice', 'degraded', 'stopped']`;

function keyOf({ cause, connectionId, subdomain }: Pick<Incident, "cause" | "connectionId" | "subdomain">): string {
  return JSON.stringify([cause, connectionId ?? null, subdomain ?? null]);
}

function toIncident(row: Selectable<IncidentTable>): Incident {
  return {
    id: row.id,
    cause: row.cause,
    says: row.says,
    severity: row.severity,
    affected: row.affected,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    ...(row.connection_id === null ? {} : { connectionId: row.connection_id }),
    ...(row.subdomain === null ? {} : { subdomain: row.subdomain }),
  };
}
