import { type ConnectionStatus, type Status, status } from "@ml-connector/contract";
import type { Command } from "commander";
import { OperatorError } from "../../domain/index.ts";
import type { Incident } from "../../oversight/incidents/index.ts";
import type { Application, ConnectionFacts } from "../application.ts";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { nextThings, nothingConnected } from "../next-things.ts";
import { incidentView, instantOrNull, layoutOf, statusText } from "../output/index.ts";
import type { Session } from "../session.ts";

export function registerStatus(program: Command, session: Session): void {
  program
    .command("status")
    .description("connections, freshness, what became of every customer and vendor, what to do next")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) =>
      session.withApplication(async (application) => {
        const { terminal } = session;
        const now = session.now();
        terminal.report(status, await readStatus(application, options, now), (read) =>
          statusText(read, now, layoutOf(terminal)),
        );
      }),
    );
}

async function readStatus(application: Application, options: SharedOptions, now: Date): Promise<Status> {
  const all = await application.connections.list();
  const shown = options.connection === undefined ? all : all.filter(({ id }) => id === options.connection);
  if (shown.length === 0 && options.connection !== undefined)
    throw new OperatorError(`There is no connection ${options.connection}. To see them all: ml-connector status`);
  const incidents = await application.incidents.open();
  const connections = await Promise.all(
    shown.map((connection) => readConnection(application, connection, incidents.filter(concerns(connection)), now)),
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
  application: Application,
  connection: ConnectionFacts,
  incidents: readonly Incident[],
  now: Date,
): Promise<ConnectionStatus> {
  const { id } = connection;
  const [standings, replica, backlog] = await Promise.all([
    application.links.countDispositions(id),
    application.replica.counts(id),
    application.marks.countDue([id]),
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
