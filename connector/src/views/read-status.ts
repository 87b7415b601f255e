import type { ConnectionStatus, Status } from "@ml-connector/contract";
import type { ConnectionId } from "../domain/index.ts";
import type { Incident } from "../oversight/incidents/index.ts";
import { nextThings, nothingConnected } from "./next-things.ts";
import type { ConnectionFacts, ViewSources } from "./ports.ts";
import { incidentView, instantOrNull } from "./views.ts";

type Sources = Pick<ViewSources, "connections" | "incidents" | "links" | "marks" | "replica">;

/** Connections that are asked for and do not exist are left out; so are incidents of connections that are not asked for. */
export async function readStatus(sources: Sources, shown: readonly ConnectionId[] | "all", now: Date): Promise<Status> {
  const all = await sources.connections.list();
  const wanted = shown === "all" ? all : all.filter(({ id }) => shown.includes(id));
  const incidents = await sources.incidents.open();
  const connections = await Promise.all(
    wanted.map((connection) => readConnection(sources, connection, incidents.filter(concerns(connection)), now)),
  );
  return {
    connections,
    incidents: incidents.filter((incident) => !all.some((each) => concerns(each)(incident))).map(incidentView),
    next: all.length === 0 ? [nothingConnected] : [],
  };
}

/** An incident of an account concerns each of its connections. */
function concerns({ id, subdomain }: ConnectionFacts): (incident: Incident) => boolean {
  return (incident) =>
    incident.connectionId === undefined
      ? incident.subdomain !== undefined && incident.subdomain === subdomain
      : incident.connectionId === id;
}

async function readConnection(
  sources: Sources,
  connection: ConnectionFacts,
  incidents: readonly Incident[],
  now: Date,
): Promise<ConnectionStatus> {
  const { id } = connection;
  const [standings, replica, backlog] = await Promise.all([
    sources.links.countDispositions(id),
    sources.replica.counts(id),
    sources.marks.countDue([id]),
  ]);
  const parties = { total: 0, linked: 0, rolledUp: 0, parked: 0, ignored: 0, outOfScope: 0 };
  const parkedByReason: Record<string, number> = {};
  for (const { state, reason, count } of standings) {
    parties.total += count;
    parties[partyCount[state]] += count;
    if (state === "parked") parkedByReason[reason ?? "failed"] = (parkedByReason[reason ?? "failed"] ?? 0) + count;
  }
  const facts: Omit<ConnectionStatus, "next"> = {
    connectionId: id,
    company: connection.companyName ?? null,
    realm: connection.realm ?? null,
    subdomain: connection.subdomain ?? null,
    zone: connection.zone ?? null,
    state: connection.state,
    pausedBy: connection.pausedBy ?? null,
    polledAt: instantOrNull(connection.polledAt),
    sweptAt: instantOrNull(connection.sweptAt),
    parties,
    parkedByReason,
    replica: {
      customers: replica.customers,
      families: replica.families,
      vendors: replica.vendors,
      documents: Object.values(replica.documents).reduce((sum, count) => sum + count, 0),
    },
    backlog: {
      due: backlog.reduce((sum, { due }) => sum + due, 0),
      waiting: backlog.reduce((sum, { waiting }) => sum + waiting, 0),
      oldestDueAt: instantOrNull(
        backlog
          .flatMap(({ oldestDueAt }) => oldestDueAt ?? [])
          .sort((one, other) => one.getTime() - other.getTime())[0],
      ),
    },
    incidents: incidents.map(incidentView),
  };
  return { ...facts, next: nextThings(facts, { now, pollMinutes: connection.settings.pollMinutes }) };
}

const partyCount = {
  linked: "linked",
  "rolled-up": "rolledUp",
  parked: "parked",
  ignored: "ignored",
  "out-of-scope": "outOfScope",
} as const;
