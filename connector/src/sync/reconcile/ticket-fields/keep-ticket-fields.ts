import { type FieldValues, RemoteFailure, type TicketFieldDefinition } from "../../../domain/index.ts";
import type { JournalEntry } from "../../../oversight/journal/index.ts";
import { missingOptions, ticketField } from "../../../rules/ticket-fields/index.ts";
import type { Owner, ReconcilePorts } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import type { ListedTicketField, WrittenTicketField } from "./ports.ts";

/**
 * Looks at the ticket fields of a connection whose items or accounts have changed, and adds what is missing. What is there is read first
 * each time, so that nothing is made twice, whatever an earlier try came to. Options are never taken away: tickets may have them.
 * True where something was looked at.
 */
export async function keepTicketFields(owner: Owner, connection: OwnedConnection): Promise<boolean> {
  const changed = await changedFields(owner.ports, connection);
  for (const { purpose, content, definition, left, found } of changed) {
    const unfit = left + (await keepOne(owner, connection, definition, found));
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
  owner: Owner,
  { id: connectionId }: OwnedConnection,
  definition: TicketFieldDefinition,
  found: ListedTicketField | undefined,
): Promise<number> {
  const { subdomain, ports } = owner;
  const { ticketFieldWriter } = ports;
  const told = { connectionId, definition };
  if (!found) {
    if (isWorthMaking(definition))
      await write(owner, { ...told, before: {}, after: { options: definition.options.length } }, () =>
        ticketFieldWriter.createTicketField(subdomain, definition),
      );
    return 0;
  }
  const { add, rename, left } = missingOptions(definition.options, found.options);
  const nameOf = new Map(found.options.map(({ value, name }) => [value, name]));
  for (const option of [...rename, ...add]) {
    const before = nameOf.get(option.value);
    await write(
      owner,
      { ...told, before: before === undefined ? {} : { option: before }, after: { option: option.name } },
      () => ticketFieldWriter.putTicketFieldOption(subdomain, found.id, option),
    );
  }
  return left;
}

interface ToldWrite {
  connectionId: OwnedConnection["id"];
  definition: TicketFieldDefinition;
  before: FieldValues;
  after: FieldValues;
}

/** Writes, and tells of it in the journal. Where nobody knows what a write came to, the field is read: the row is of what is there. */
async function write(owner: Owner, told: ToldWrite, send: () => Promise<WrittenTicketField>): Promise<void> {
  try {
    await owner.ports.ticketFields.journal(entryOf(told, await send()));
  } catch (fault) {
    if (fault instanceof RemoteFailure && fault.outcomeUnknown && (await isThere(owner, told)))
      await owner.ports.ticketFields.journal(entryOf(told, { requestId: fault.requestId }));
    throw fault;
  }
}

async function isThere({ ports, subdomain }: Owner, { definition, after }: ToldWrite): Promise<boolean> {
  const fields = await ports.ticketFieldWriter.listTicketFields(subdomain);
  const found = fields.find(({ description }) => description === definition.description);
  return (
    found !== undefined && (after["option"] === undefined || found.options.some(({ name }) => name === after["option"]))
  );
}

function entryOf(
  { connectionId, definition: { purpose, title }, before, after }: ToldWrite,
  { requestId }: WrittenTicketField,
): JournalEntry {
  return {
    connectionId,
    action: "ticket-field-written",
    parties: [],
    organizationId: undefined,
    who: "engine",
    causes: [],
    before,
    after: { field: title, ...after },
    outcome: `ticket field of ${purpose}s`,
    writeId: undefined,
    requestIds: requestId === undefined ? {} : { zendesk: requestId },
  };
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
