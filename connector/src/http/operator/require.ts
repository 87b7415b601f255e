import type { Realm, Subdomain } from "../../domain/index.ts";
import { type ConnectionFacts, oneLine } from "../../views/index.ts";
import { Refusal } from "./refusal.ts";

/** A connection whose two systems are known. */
export type PairedConnection = ConnectionFacts & { realm: Realm; subdomain: Subdomain };

export function requirePaired(connection: ConnectionFacts): PairedConnection {
  const { id, realm, subdomain } = connection;
  if (realm === undefined || subdomain === undefined)
    throw refused(`Connection ${id} is not finished.`, "Open both addresses that connecting gave, and consent.");
  return { ...connection, realm, subdomain };
}

/** Refuses work whose outcome would not come: a plan that is not approved, a pause. */
export function requireWorking({ id, state, pausedBy }: ConnectionFacts): void {
  switch (state) {
    case "active":
      return;
    case "paused":
      throw refused(
        `Connection ${id} is paused (${oneLine(pausedBy ?? "no reason noted")}).`,
        "Its open incidents say what to do.",
      );
    case "connecting":
    case "disconnected":
      throw refused(`Connection ${id} is not connected.`, "Connect it first.");
    case "loading":
      throw refused(`Connection ${id} is being read for the first time.`, "Its status says how far it is.");
    case "planned":
      throw refused(`The plan of connection ${id} waits for approval.`, "Look at the plan and approve it.");
  }
}

/** Refuses a comparison where there is nothing to compare with yet, or nobody may ask. */
export function requireCompared(connection: ConnectionFacts): void {
  if (connection.state !== "planned") requireWorking(connection);
}

function refused(says: string, whatToDo: string): Refusal {
  return new Refusal(409, "refused", says, { whatToDo });
}
