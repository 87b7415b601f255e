import { sql } from "kysely";
import type { ConnectionId } from "../domain/index.ts";
import type { Incident, IncidentReport, IncidentStore } from "../oversight/incidents/ports.ts";
import type { Database } from "./database.ts";

export function createIncidentStore(database: Database): IncidentStore {
  return {
    async note(report: IncidentReport): Promise<void> {
      await sql`
        insert into incident (connection_id, subdomain, cause, says, affected)
        values (${report.connectionId ?? null}, ${report.subdomain ?? null}, ${report.cause}, ${report.says}, ${report.affected ?? 1})
        on conflict (cause, coalesce(connection_id, 0), coalesce(subdomain, '')) where resolved_at is null
        do update set last_seen_at = now(), says = excluded.says, affected = incident.affected + excluded.affected
      `.execute(database);
    },

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
      const rows = await query.execute();
      return rows.map((row) => ({
        id: row.id,
        cause: row.cause,
        says: row.says,
        affected: row.affected,
        openedAt: row.opened_at,
        lastSeenAt: row.last_seen_at,
        ...(row.connection_id === null ? {} : { connectionId: row.connection_id }),
        ...(row.subdomain === null ? {} : { subdomain: row.subdomain }),
      }));
    },
  };
}
