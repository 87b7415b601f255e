import type { ConnectionStatus, IncidentView, NextThing, Status } from "@ml-connector/contract";
import { ago, counted, grouped, lasting, oneLine } from "../../views/index.ts";
import type { Layout } from "./layout.ts";
import { pairs, paragraphs, section } from "./sections.ts";
import { reasonWords } from "./terms.ts";

export function statusText(status: Status, now: Date, layout: Layout): string {
  return paragraphs([
    ...status.connections.map((connection) => connectionText(connection, now, layout)),
    incidentsText(status.incidents, now, layout),
    nextText([...status.next, ...status.connections.flatMap(({ next }) => next)], layout),
  ]);
}

function connectionText(connection: ConnectionStatus, now: Date, layout: Layout): string {
  const { connectionId, company, subdomain, parties, replica, backlog } = connection;
  const title = `Connection ${connectionId}: ${oneLine(company ?? "company not known yet")} -> Zendesk account ${subdomain ?? "not known yet"}`;
  const facts = pairs([
    ["State", stateWords(connection)],
    ["Changes read", ago(connection.polledAt, now)],
    ["Read whole", ago(connection.sweptAt, now)],
    ["Zone", oneLine(connection.zone ?? "not known yet")],
    [
      "Our copy",
      `${counted(replica.customers, "customer")} in ${counted(replica.families, "family", "families")}, ${counted(replica.vendors, "vendor")}, ${counted(replica.documents, "document")}`,
    ],
    [
      "Parties",
      `${grouped(parties.total)}: ${grouped(parties.linked)} linked, ${grouped(parties.rolledUp)} rolled up, ${grouped(parties.parked)} parked, ${grouped(parties.ignored)} ignored, ${grouped(parties.outOfScope)} out of scope`,
    ],
    ...parkedPairs(connection),
    ["Backlog", backlogWords(backlog, now)],
  ]);
  return paragraphs([section(title, facts, layout), incidentsText(connection.incidents, now, layout)]);
}

function stateWords({ state, pausedBy }: ConnectionStatus): string {
  switch (state) {
    case "connecting":
      return "waiting for the two systems to agree";
    case "loading":
      return "reading both systems for the first time";
    case "planned":
      return "the plan waits for approval; nothing is written";
    case "active":
      return "active";
    case "paused":
      return `paused: ${oneLine(pausedBy ?? "no reason noted")}`;
    case "disconnected":
      return "disconnected";
  }
}

function parkedPairs({ parkedByReason }: ConnectionStatus): [string, string][] {
  const words = Object.entries(parkedByReason).map(
    ([reason, count]) => `${grouped(count)} because ${reasonWords(reason)}`,
  );
  return words.length === 0 ? [] : [["Parked", words.join("; ")]];
}

function backlogWords({ due, waiting, oldestDueAt }: ConnectionStatus["backlog"], now: Date): string {
  const later = waiting === 0 ? "" : `, ${grouped(waiting)} put off to a later time`;
  if (due === 0) return `nothing due${later}`;
  const oldest = oldestDueAt === null ? "" : `, the oldest for ${lasting(now.getTime() - Date.parse(oldestDueAt))}`;
  return `${grouped(due)} due${oldest}${later}`;
}

function incidentsText(incidents: readonly IncidentView[], now: Date, layout: Layout): string | undefined {
  if (incidents.length === 0) return undefined;
  const lines = incidents.map(({ says, affected, openedAt, lastSeenAt }) => {
    const count = affected > 1 ? `, ${counted(affected, "time")}` : "";
    return `- ${oneLine(says)} (opened ${ago(openedAt, now)}, last seen ${ago(lastSeenAt, now)}${count})`;
  });
  return section(layout.style.bad("Incidents"), lines.join("\n"), layout);
}

function nextText(next: readonly NextThing[], layout: Layout): string {
  const lines = next.map(({ says, command }) => (command === null ? `- ${says}` : `- ${says}: ${command}`));
  return section("Next", lines.length === 0 ? "Nothing to do." : lines.map(oneLine).join("\n"), layout);
}
