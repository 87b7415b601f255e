import type { ConnectionStatus, NextThing } from "@ml-connector/contract";
import { counted, lasting } from "./words.ts";

export const nothingConnected: NextThing = {
  says: "Nothing is connected yet",
  command: "ml-connector connect SUBDOMAIN",
};

/** A poll this many cadences late is no hiccup any more: nobody polls. */
const latePolls = 3;

/** What the operator may do about this connection, the most pressing first. */
export function nextThings(
  status: Omit<ConnectionStatus, "next">,
  given: { now: Date; pollMinutes: number },
): NextThing[] {
  return [...ofState(status), ...ofFreshness(status, given), ...ofParked(status)];
}

function ofState({ state, connectionId, subdomain, incidents }: Omit<ConnectionStatus, "next">): NextThing[] {
  const connect = `ml-connector connect ${subdomain ?? "SUBDOMAIN"}`;
  switch (state) {
    case "connecting":
      return [{ says: "Finish connecting", command: connect }];
    case "loading":
      return [{ says: "Both systems are still being read: go on with", command: "ml-connector start" }];
    case "planned":
      return [
        {
          says: "Look at the plan and approve it",
          command: `ml-connector plan approve --connection ${connectionId}`,
        },
      ];
    case "paused":
      return [
        incidents.length > 0
          ? {
              says: "Nothing is written until the incident is mended; where a consent has ended, connect again",
              command: connect,
            }
          : { says: "Nothing is written while the connection is paused", command: null },
      ];
    case "active":
    case "disconnected":
      return [];
  }
}

function ofFreshness(
  { state, polledAt, sweptAt }: Omit<ConnectionStatus, "next">,
  { now, pollMinutes }: { now: Date; pollMinutes: number },
): NextThing[] {
  if (state !== "active" || pollMinutes === 0) return [];
  const latest = [polledAt, sweptAt].flatMap((at) => (at === null ? [] : Date.parse(at)));
  const silentMs = now.getTime() - Math.max(...latest);
  if (latest.length === 0 || silentMs <= latePolls * pollMinutes * 60_000) return [];
  return [
    {
      says: `QuickBooks was last asked ${lasting(silentMs)} ago. Is the service running?`,
      command: "ml-connector start",
    },
  ];
}

function ofParked({ parties, parkedByReason, connectionId }: Omit<ConnectionStatus, "next">): NextThing[] {
  const failed = parkedByReason.failed ?? 0;
  const questions = parties.parked - failed;
  const things: NextThing[] = [];
  if (questions > 0)
    things.push({
      says: `${counted(questions, "customer or vendor waits", "customers and vendors wait")} for an answer`,
      command: `ml-connector review list --connection ${connectionId}`,
    });
  if (failed > 0)
    things.push({
      says: `${counted(failed, "customer or vendor", "customers and vendors")} failed too often: try again`,
      command: `ml-connector replay --parked failed --connection ${connectionId}`,
    });
  return things;
}
