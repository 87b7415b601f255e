// Which of our clients a connection goes through: looked at, brought, removed.
import type { ClientsView } from "@ml-connector/contract";
import type { Upkeep } from "../cli/upkeep.ts";
import { bringClient } from "../connections/index.ts";
import { type ConnectionId, OperatorError } from "../domain/index.ts";
import type { Engine } from "./engine.ts";

const systems = ["quickbooks", "zendesk"] as const;

export function createClientDesk({ stores, ourClients, clientDesk }: Engine): Upkeep["clients"] {
  async function show(connectionId: ConnectionId): Promise<ClientsView> {
    const connection = await stores.connections.read(connectionId);
    if (connection === undefined) throw new OperatorError(`There is no connection ${connectionId}.`);
    const clients = [];
    for (const system of systems) {
      const { clientId, environment, broughtBy } = await ourClients.ofConnection(connection, system);
      const subject = system === "quickbooks" ? connection.realm : connection.subdomain;
      const speaking = subject === undefined ? undefined : await ourClients.speaking(system, subject);
      const own = broughtBy === undefined ? undefined : await stores.ownClients.read(broughtBy, system);
      const from = broughtBy === undefined ? "deployment" : broughtBy === connectionId ? "connection" : "shared";
      clients.push({
        system,
        clientId: clientId === "" ? null : clientId,
        from,
        environment: system === "quickbooks" ? environment : null,
        hasVerifiers: system === "quickbooks" && own ? own.sealedVerifiers !== undefined : null,
        monthlyReads: own?.monthlyReads ?? null,
        waitsForConsent: speaking !== undefined && speaking.clientId !== clientId,
      } satisfies ClientsView["clients"][number]);
    }
    return { connectionId, clients };
  }

  return {
    show,
    async bring(connectionId, system, client) {
      await bringClient({ connectionId, system }, client, clientDesk);
      return show(connectionId);
    },
    async remove(connectionId, system) {
      if (!(await stores.ownClients.remove(connectionId, system)))
        throw new OperatorError(`Connection ${connectionId} has brought no client for ${system}.`);
      return show(connectionId);
    },
  };
}
