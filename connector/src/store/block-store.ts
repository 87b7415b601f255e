import { sql } from "kysely";
import type { ConnectionId, Subdomain } from "../domain/index.ts";
import type { IncidentStore } from "../oversight/incidents/ports.ts";
import type { Blocks } from "../systems/ports.ts";
import type { Database } from "./database.ts";

/** Whom the incidents of a pause are about. */
type About = { connectionId: ConnectionId } | { subdomain: Subdomain };

/** When a company may be asked again. Its incidents stand with its connections. */
export function createCompanyBlocks(database: Database, incidents: Pick<IncidentStore, "note" | "resolve">): Blocks {
  return createBlocks(database, incidents, {
    table: "company",
    key: "realm",
    about: async (realm) => {
      const { rows } = await sql<{ connectionId: ConnectionId }>`
        select id as "connectionId" from connection where realm = ${realm} and state <> 'disconnected'`.execute(
        database,
      );
      return rows;
    },
  });
}

/** When an account may be asked again. Its ownership is in ownership-store.ts. */
export function createAccountBlocks(database: Database, incidents: Pick<IncidentStore, "note" | "resolve">): Blocks {
  return createBlocks(database, incidents, {
    table: "account",
    key: "subdomain",
    about: (subdomain) => Promise.resolve([{ subdomain: subdomain as Subdomain }]), // a subject of this system's limits is one
  });
}

function createBlocks(
  database: Database,
  incidents: Pick<IncidentStore, "note" | "resolve">,
  of: { table: "company" | "account"; key: string; about(subject: string): Promise<About[]> },
): Blocks {
  const table = sql.table(of.table);
  const key = sql.ref(of.key);

  /** The cause of the incident that its refusals have opened. */
  async function toldOf(subject: string): Promise<string | undefined> {
    const { rows } = await sql<{ refused_for: string | null }>`
      select refused_for from ${table} where ${key} = ${subject}`.execute(database);
    return rows[0]?.refused_for ?? undefined;
  }

  return {
    async standing(subject) {
      const { rows } = await sql<{ blocked_until: Date | null; refused_since: Date | null; refusals: number }>`
        select blocked_until, refused_since, refusals from ${table} where ${key} = ${subject}`.execute(database);
      const [row] = rows;
      return {
        blockedUntil: row?.blocked_until ?? undefined,
        refusedSince: row?.refused_since ?? undefined,
        refusals: row?.refusals ?? 0,
      };
    },

    async block(subject, { until, incident }) {
      if (incident) {
        const former = await toldOf(subject);
        for (const about of await of.about(subject)) {
          await incidents.note({ ...incident, ...about });
          if (former !== undefined && former !== incident.cause) await incidents.resolve(former, about);
        }
      }
      await sql`update ${table} set blocked_until = greatest(blocked_until, ${until}), refusals = refusals + 1,
          refused_since = coalesce(refused_since, now()), refused_for = coalesce(${incident?.cause ?? null}, refused_for)
        where ${key} = ${subject}`.execute(database);
    },

    async unblock(subject) {
      // What it was told for is read first: a crash in between leaves it to the next answer.
      const cause = await toldOf(subject);
      if (cause !== undefined) for (const about of await of.about(subject)) await incidents.resolve(cause, about);
      await sql`update ${table} set blocked_until = null, refusals = 0, refused_since = null, refused_for = null
        where ${key} = ${subject}`.execute(database);
    },
  };
}
