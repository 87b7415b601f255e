import type { Considered } from "../consider/facts.ts";
import { mostRestores, nameField } from "../consider/futile-writes.ts";
import type { OwnedConnection } from "../ports.ts";
import type { Owner } from "./owner.ts";

/** What a person should know of cards that are kept current all the same: another writer, a name that cannot be given. */
export async function tell(
  owner: Owner,
  connection: OwnedConnection,
  considered: readonly Considered[],
): Promise<void> {
  const { incidents } = owner.ports;
  for (const { upkeep, nameConflict } of considered) {
    for (const field of upkeep?.leftAlone ?? [])
      await incidents.note({
        cause: `another-writer:${upkeep?.organizationId}:${field}`,
        says: `Something else in Zendesk writes ${field === nameField ? "the name" : `field ${field}`} of organization ${upkeep?.organizationId}, too: it was restored ${mostRestores} times in 24 hours and is left alone now. Find what writes it (a trigger, an app, another integration), then replay the client.`,
        connectionId: connection.id,
      });
    if (nameConflict)
      await incidents.note({
        cause: `rename-conflict:${nameConflict.organizationId}`,
        says: renameConflict(nameConflict.wanted),
        connectionId: connection.id,
      });
  }
}

export function renameConflict(wanted: string): string {
  return `An organization cannot be renamed to "${wanted}": another one has this name in Zendesk. Its figures are kept current under the old name.`;
}
