import { type ConnectionId, OperatorError, type Realm, type Subdomain } from "../domain/index.ts";
import type { ConnectionFacts } from "../views/index.ts";
import { oneLine } from "../views/index.ts";
import type { Application } from "./application.ts";

/** A connection whose two systems are known. */
export type PairedConnection = ConnectionFacts & { realm: Realm; subdomain: Subdomain };

/** The connection that a command works on: the one that is asked for, else the only one. */
export async function chooseConnection(
  connections: Pick<Application["connections"], "list">,
  wanted: ConnectionId | undefined,
): Promise<PairedConnection> {
  return pickConnection(await connections.list(), wanted);
}

export function pickConnection(all: readonly ConnectionFacts[], wanted: ConnectionId | undefined): PairedConnection {
  if (all.length === 0) throw new OperatorError("Nothing is connected yet. Begin with: ml-connector connect SUBDOMAIN");
  const living = all.filter(({ state }) => state !== "disconnected");
  if (living.length === 0 && wanted === undefined)
    throw new OperatorError("All connections are disconnected. Connect again with: ml-connector connect SUBDOMAIN");
  const chosen = wanted === undefined ? (living.length === 1 ? living[0] : undefined) : findWanted(all, wanted);
  if (!chosen)
    throw new OperatorError(
      `There are ${living.length} connections: add --connection and the number of one of them: ${living.map(named).join(", ")}.`,
    );
  const { realm, subdomain } = chosen;
  if (realm === undefined || subdomain === undefined)
    throw new OperatorError(
      `Connection ${chosen.id} is not finished. Begin again with: ml-connector connect ${subdomain ?? "SUBDOMAIN"}`,
    );
  return { ...chosen, realm, subdomain };
}

/** Refuses work whose outcome would not come: a plan that is not approved, a pause. */
export function requireWorking({ id, state, pausedBy, subdomain }: PairedConnection): void {
  switch (state) {
    case "active":
      return;
    case "paused":
      throw new OperatorError(
        `Connection ${id} is paused (${oneLine(pausedBy ?? "no reason noted")}). What to do is in: ml-connector status`,
      );
    case "connecting":
    case "disconnected":
      throw new OperatorError(`Connection ${id} is not connected. Connect it with: ml-connector connect ${subdomain}`);
    case "loading":
      throw new OperatorError(
        `Connection ${id} is being read for the first time. See how far it is: ml-connector status`,
      );
    case "planned":
      throw new OperatorError(
        `The plan of connection ${id} waits for approval: ml-connector plan approve --connection ${id}`,
      );
  }
}

/** Refuses a comparison where there is nothing to compare with yet, or nobody may ask. */
export function requireCompared(connection: PairedConnection): void {
  if (connection.state !== "planned") requireWorking(connection);
}

function findWanted(all: readonly ConnectionFacts[], wanted: ConnectionId): ConnectionFacts {
  const found = all.find(({ id }) => id === wanted);
  if (!found) throw new OperatorError(`There is no connection ${wanted}. There are: ${all.map(named).join(", ")}.`);
  return found;
}

function named({ id, companyName, subdomain }: ConnectionFacts): string {
  return `${id} (${oneLine(companyName ?? "company not known yet")}, ${subdomain ?? "account not known yet"})`;
}
