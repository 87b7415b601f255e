import type { PartyKey } from "../../../domain/index.ts";
import { addDays } from "../../../rules/calendar.ts";
import type { Considered } from "../consider/facts.ts";
import type { ReconcilePorts } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import { lackingTicketFields } from "../ticket-fields/index.ts";
import type { PlanCounts } from "./ports.ts";

const jobItems = 100;
/** Seen of organizations, taken for records too; users are made one by one. */
const recordsPerSecond = 15;
const usersPerSecond = 1;

/** Families that will have a card. */
export function linkedTops(considered: readonly Considered[]): PartyKey[] {
  return considered.flatMap(({ decision, tops }) =>
    decision.kind === "create" || decision.kind === "update" || decision.kind === "unchanged" ? tops : [],
  );
}

/** Adds what these cards will have beside their organizations, as far as the settings ask for it. */
export async function countOfCards(
  ports: ReconcilePorts,
  connection: OwnedConnection,
  tops: readonly PartyKey[],
  counts: PlanCounts,
): Promise<void> {
  const { settings, zone, id } = connection;
  if (tops.length === 0) return;
  const grouping = { id, families: settings.families };
  if (settings.records === "objects") {
    const since = addDays(ports.today(zone), -settings.recordDays);
    counts.recordsToWrite += await ports.records.countDocuments(grouping, tops, { zone, since });
  }
  if (settings.contacts) counts.usersToCreate += await ports.contacts.countNew(grouping, connection.subdomain, tops);
}

/** What is there already is taken off, and the rest is counted as calls and seconds. */
export async function countBeside(
  ports: ReconcilePorts,
  connection: OwnedConnection,
  counts: PlanCounts,
): Promise<void> {
  const wanted = counts.recordsToWrite;
  const known = await ports.records.countKnown(connection.id);
  counts.recordsToWrite = Math.max(0, wanted - known);
  counts.recordsToRemove = Math.max(0, known - wanted);
  for (const { fields, options } of await lackingTicketFields(ports, connection)) {
    counts.ticketFieldsToCreate += fields;
    counts.ticketOptionsToAdd += options;
  }
  const records = counts.recordsToWrite + counts.recordsToRemove;
  counts.calls +=
    Math.ceil(counts.recordsToWrite / jobItems) +
    Math.ceil(counts.recordsToRemove / jobItems) +
    counts.usersToCreate +
    counts.ticketFieldsToCreate +
    // The options of a new field come with it.
    (counts.ticketFieldsToCreate > 0 ? 0 : counts.ticketOptionsToAdd);
  counts.expectedSeconds += Math.ceil(records / recordsPerSecond + counts.usersToCreate / usersPerSecond);
}
