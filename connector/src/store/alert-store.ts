import { sql } from "kysely";
import type { ConnectionId } from "../domain/index.ts";
import type { AlertOutcome, AlertStore, DueAlert } from "../oversight/alerts/ports.ts";
import type { Database } from "./database.ts";

type Severity = DueAlert["target"]["least"];

export function createAlertStore(database: Database): AlertStore {
  return {
    async targets() {
      const rows = await database.selectFrom("alert_target").selectAll().orderBy("id").execute();
      return rows.map(({ id, kind, name, sealed, least }) => ({ id, kind, name, sealed, least }));
    },

    addTarget: ({ kind, name, least }, seal) =>
      database.transaction().execute(async (transaction) => {
        const { id } = await transaction
          .insertInto("alert_target")
          .values({ kind, name, least, sealed: "" })
          .returning("id")
          .executeTakeFirstOrThrow();
        await transaction
          .updateTable("alert_target")
          .set({ sealed: await seal(id) })
          .where("id", "=", id)
          .execute();
        return id;
      }),

    async removeTarget(id) {
      const [result] = await database.deleteFrom("alert_target").where("id", "=", id).execute();
      return result?.numDeletedRows === 1n;
    },

    async addTests(targets) {
      const rows = await database
        .insertInto("alert")
        .values(targets.map((target) => ({ target_id: target, event: "test" as const })))
        .returning("id")
        .execute();
      return rows.map(({ id }) => id);
    },

    async announceResolved() {
      await sql`
        with over as (
          select a.id, a.incident_id, a.target_id, a.state from alert a join incident i on i.id = a.incident_id
          where a.event = 'opened' and i.resolved_at < now() - interval '2 minutes' and i.resolved_at > now() - interval '2 days'
            and not exists (select from alert r where r.incident_id = i.id and r.target_id = a.target_id and r.event = 'resolved')
        ), told as (
          insert into alert (incident_id, target_id, event)
          select incident_id, target_id, 'resolved' from over where state = 'sent'
          on conflict do nothing)
        update alert set state = 'given-up', last_fault = 'the incident was over first'
        where id in (select id from over where state = 'waiting')`.execute(database);
    },

    async claimDue(limit, leaseMs) {
      const { rows } = await sql<{
        id: string;
        event: DueAlert["event"];
        attempts: number;
        created_at: Date;
        target_id: number;
        kind: DueAlert["target"]["kind"];
        name: string;
        sealed: string;
        least: Severity;
        incident_id: number | null;
        cause: string;
        says: string;
        severity: Severity;
        affected: number;
        opened_at: Date;
        resolved_at: Date | null;
        connection_id: ConnectionId | null;
        subdomain: string | null;
        company: string | null;
      }>`
        with due as (
          select id from alert where state = 'waiting' and due_at <= now() order by due_at limit ${limit} for update skip locked
        ), claimed as (
          update alert set due_at = now() + ${leaseMs} * interval '1 millisecond', attempts = attempts + 1
          where id in (select id from due) returning *)
        select a.id, a.event, a.attempts - 1 as attempts, a.created_at, a.target_id, t.kind, t.name, t.sealed, t.least, a.incident_id,
          i.cause, i.says, i.severity, i.affected, i.opened_at, i.resolved_at, i.connection_id,
          coalesce(i.subdomain, c.subdomain) as subdomain, o.name as company
        from claimed a join alert_target t on t.id = a.target_id
        left join incident i on i.id = a.incident_id
        left join connection c on c.id = i.connection_id
        left join company o on o.realm = c.realm`.execute(database);
      return rows.map((row) => ({
        id: row.id,
        event: row.event,
        attempts: row.attempts,
        createdAt: row.created_at,
        target: { id: row.target_id, kind: row.kind, name: row.name, sealed: row.sealed, least: row.least },
        incident:
          row.incident_id === null
            ? undefined
            : {
                id: row.incident_id,
                cause: row.cause,
                says: row.says,
                severity: row.severity,
                affected: row.affected,
                openedAt: row.opened_at,
                resolvedAt: row.resolved_at ?? undefined,
                connectionId: row.connection_id ?? undefined,
                subdomain: row.subdomain ?? undefined,
                company: row.company ?? undefined,
              },
      }));
    },

    async sent(id) {
      await database
        .updateTable("alert")
        .set({ state: "sent", sent_at: sql`now()`, last_fault: null })
        .where("id", "=", id)
        .execute();
    },

    async failed(id, because, againInMs) {
      await database
        .updateTable("alert")
        .set({
          last_fault: because,
          ...(againInMs === undefined
            ? { state: "given-up" as const }
            : { due_at: sql<Date>`now() + ${againInMs} * interval '1 millisecond'` }),
        })
        .where("id", "=", id)
        .execute();
    },

    async outcomes(ids): Promise<AlertOutcome[]> {
      const rows = await database
        .selectFrom("alert")
        .innerJoin("alert_target", "alert_target.id", "alert.target_id")
        .select(["alert.id", "name", "kind", "state", "attempts", "last_fault"])
        .where("alert.id", "in", ids)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        target: row.name,
        kind: row.kind,
        state: row.state,
        attempts: row.attempts,
        because: row.last_fault ?? undefined,
      }));
    },
  };
}
