// A deployment with one client at each system, where no connection brings its own.
import type { GrantSource } from "../../src/connections/credentials/index.ts";
import type { OurClients } from "../../src/connections/index.ts";
import type { System } from "../../src/domain/index.ts";

export function oneClient(grants: Record<System, GrantSource>): OurClients {
  const client = (system: System) =>
    Promise.resolve({
      clientId: "simulator-client",
      grants: grants[system],
      environment: "production" as const,
      broughtBy: undefined,
    });
  return { ofConnection: (_, system) => client(system), speaking: client, named: client, forget: () => undefined };
}
