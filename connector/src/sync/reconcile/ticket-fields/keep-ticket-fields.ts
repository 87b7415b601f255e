import type { TicketFieldDefinition } from "../../../domain/index.ts";
import { missingOptions, ticketField } from "../../../rules/ticket-fields/index.ts";
import type { Owner, ReconcilePorts } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import type { ListedTicketField } from "./ports.ts";

/**
 * Looks at the ticket fields of a connection whose items or accounts have changed, and adds what is missing. What is there is read first
 * each time, so that nothing is made twice, whatever an earlier try came to. Options are never taken away: tickets may have them.
 * True where something was looked at.
 */
export async function keepTicketFields(owner: Owner, connection: OwnedConnection): Promise<boolean> {
  const changed = await changedFields(owner.ports, connection);
  for (const { purpose, content, definition, left, found } of changed) {
    const unfit = left + (await keepOne(owner, definition, found));
    await tellUnfit(owner, connection, definition, unfit);
    await owner.ports.ticketFields.looked(connection.id, purpose, content);
  }
  return changed.length > 0;
}

/** What keeping them would make and add now. Nothing is written. */
export async function lackingTicketFields(
  ports: TicketFieldPorts,
  connection: OwnedConnection,
): Promise<{ fields: number; options: number }[]> {
  const changed = await changedFields(ports, connection);
  return changed.map(({ definition, found }) =>
    found
      ? { fields: 0, options: missingOptions(definition.options, found.options).add.length }
      : { fields: isWorthMaking(definition) ? 1 : 0, options: definition.options.length },
  );
}

type TicketFieldPorts = Pick<ReconcilePorts, "ticketFields" | "ticketFieldWriter">;

async function changedFields({ ticketFields, ticketFieldWriter }: TicketFieldPorts, connection: OwnedConnection) {
  const { id, subdomain, realm, settings, mapping } = connection;
  const changed = await ticketFields.changedPurposes(id, settings.ticketFields);
  if (changed.length === 0) return [];
  const existing = await ticketFieldWriter.listTicketFields(subdomain);
  const tagsVendors = mapping.definitions.some(({ key }) => key === "qbo_relation");
  return Promise.all(
    changed.map(async ({ purpose, content }) => {
      const records = await ticketFields.referenceRecords(id, purpose);
      const { definition, left } = ticketField(purpose, records, { realm, tagsVendors });
      const found = existing.find(({ description }) => description === definition.description);
      return { purpose, content, definition, left, found };
    }),
  );
}

/** Zendesk takes no drop-down without options: the first item makes the field. */
const isWorthMaking = ({ purpose, options }: TicketFieldDefinition) => purpose === "vendor" || options.length > 0;

/** How many options found no room. */
async function keepOne(
  { subdomain, ports }: Owner,
  definition: TicketFieldDefinition,
  found: ListedTicketField | undefined,
): Promise<number> {
  if (!found) {
    if (isWorthMaking(definition)) await ports.ticketFieldWriter.createTicketField(subdomain, definition);
    return 0;
  }
  const { add, rename, left } = missingOptions(definition.options, found.options);
  for (const option of [...rename, ...add])
    await ports.ticketFieldWriter.putTicketFieldOption(subdomain, found.id, option);
  return left;
}

async function tellUnfit(
  { ports }: Owner,
  connection: OwnedConnection,
  { purpose, title }: TicketFieldDefinition,
  unfit: number,
): Promise<void> {
  const cause = `ticket-field-full:${purpose}` as const;
  if (unfit === 0) await ports.incidents.resolve(cause, { connectionId: connection.id });
  else
    await ports.incidents.note({
      cause,
      says: `The ticket field "${title}" is full: ${unfit} do not fit beside the 500 that it holds. Remove options that no ticket needs, or make records in QuickBooks inactive.`,
      connectionId: connection.id,
      affectedNow: unfit,
    });
}
