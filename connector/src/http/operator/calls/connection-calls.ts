import type { operations } from "@ml-connector/contract";
import type { z } from "zod";
import { roleOnDeployment, visibleOf } from "../../../access/index.ts";
import { parseSubdomain } from "../../../domain/index.ts";
import type { IncidentFilter } from "../../../oversight/incidents/index.ts";
import { incidentHistoryView, incidentView, readStatus } from "../../../views/index.ts";
import type { Calls } from "../call.ts";
import { numberOfCursor, pageOf } from "../cursor.ts";
import { liveEvents } from "../live-events.ts";
import type { OperatorApplication, TaskStore } from "../ports.ts";
import { notFound } from "../refusal.ts";
import { requirePaired } from "../require.ts";

export type ConnectionCalls = Calls<
  | "readStatus"
  | "listConnections"
  | "createConnection"
  | "readConnection"
  | "listIncidents"
  | "listPastIncidents"
  | "listAllPastIncidents"
  | "findOrganization"
  | "streamEvents"
>;

export function connectionCalls(application: OperatorApplication, store: TaskStore, now: () => Date): ConnectionCalls {
  type Asked = z.output<(typeof operations)["listAllPastIncidents"]["query"]>;
  async function past({ cause, since, open, before, limit }: Asked, of: Partial<IncidentFilter>) {
    const filter = {
      ...of,
      cause,
      since: since === undefined ? undefined : new Date(since),
      openOnly: open,
      before,
      limit,
    };
    return incidentHistoryView(await application.incidents.history(filter), limit);
  }

  return {
    async readStatus({ caller }) {
      const all = await application.connections.list();
      const seen = visibleOf(caller.grants, all);
      const read = await readStatus(
        application,
        seen.map(({ id }) => id),
        now(),
      );
      // What belongs to no connection is for those who see all of them.
      const seesAll = caller.grants.some(({ connectionId }) => connectionId === undefined);
      return seesAll ? read : { ...read, incidents: [], next: [] };
    },

    async listConnections({ caller, query }) {
      const from = numberOfCursor(query.after) ?? 0;
      const seen = visibleOf(caller.grants, await application.connections.list());
      const later = seen.filter(({ id }) => id > from).sort((one, other) => one.id - other.id);
      const { shown, next } = pageOf(later.slice(0, query.limit + 1), query.limit, ({ id }) => id);
      const { connections } = await readStatus(
        application,
        shown.map(({ id }) => id),
        now(),
      );
      return { connections, next };
    },

    async createConnection({ body }) {
      const subdomain = parseSubdomain(body.subdomain);
      const scope = body.settings?.scope;
      const begun = await application.beginConnect({
        subdomain,
        another: body.another,
        readOnly: body.readOnly,
        ...(scope ? { settings: { scope } } : {}),
      });
      return { ...begun, zendeskUrl: begun.zendeskUrl ?? null };
    },

    async readConnection({ connection }) {
      const { connections } = await readStatus(application, [connection.id], now());
      const [read] = connections;
      if (!read) throw notFound();
      return read;
    },

    async listIncidents({ connection, caller }) {
      const open = await application.incidents.open(connection.id);
      // What belongs to no connection may name companies of others: it is for those who see all of them.
      const seesAll = roleOnDeployment(caller.grants) !== undefined;
      const own = open.filter(({ connectionId, subdomain }) => connectionId !== undefined || subdomain !== undefined);
      return { incidents: (seesAll ? open : own).map(incidentView) };
    },

    async listPastIncidents({ connection, caller, query }) {
      const ofDeployment = roleOnDeployment(caller.grants) !== undefined;
      return past(query, { connectionId: connection.id, ofDeployment });
    },

    listAllPastIncidents: ({ query }) => past(query, {}),

    async findOrganization({ connection, query }) {
      const { subdomain } = requirePaired(connection);
      const found = await application.findOrganization(subdomain, query.text.trim());
      return { organizations: found ? [{ organizationId: found.id, name: found.name }] : [] };
    },

    async streamEvents({ caller, signal, renew }) {
      return liveEvents({ application, tasks: store }, { caller, signal, renew });
    },
  };
}
