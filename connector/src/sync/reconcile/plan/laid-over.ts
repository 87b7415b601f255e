import type { OwnedConnection } from "../ports.ts";
import type { PlanChange } from "./ports.ts";

/** The connection as it would be with this change in force, and nothing else different. `settings`: with the change's patch, read. */
export async function laidOver(
  ports: { mappingOf(id: OwnedConnection["id"], version: number): Promise<OwnedConnection["mapping"]> },
  connection: OwnedConnection,
  change: PlanChange,
  settings: OwnedConnection["settings"],
): Promise<OwnedConnection> {
  switch (change.kind) {
    case "mapping": {
      const mapping = await ports.mappingOf(connection.id, change.version);
      return { ...connection, mappingVersion: change.version, mapping };
    }
    case "settings":
      return { ...connection, settings };
    case "first-load":
    case "restore":
      return connection;
  }
}
