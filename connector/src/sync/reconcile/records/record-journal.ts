import {
  type Cause,
  type ConnectionId,
  type FieldValue,
  type FieldValues,
  parseOrganizationId,
} from "../../../domain/index.ts";
import type { JournalEntry } from "../../../oversight/journal/index.ts";

/**
 * The row of one record that was written, or, without a text of it now, taken away. `before` and `after` are records in one text (see
 * `recordText`): what Zendesk had as far as we know, and what it has now. Pure.
 */
export function recordEntry(of: {
  connectionId: ConnectionId;
  party: string;
  externalId: string;
  causes: Cause[];
  before: string | undefined;
  after: string | undefined;
  requestId: string | undefined;
}): JournalEntry {
  const [was, is] = [readText(of.before), readText(of.after)];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => was[key] !== is[key]);
  const valuesIn = (values: FieldValues) => Object.fromEntries(keys.map((key) => [key, values[key] ?? null]));
  const organization = is["organization"] ?? was["organization"];
  return {
    connectionId: of.connectionId,
    action: of.after === undefined ? "record-removed" : "record-written",
    parties: [of.party],
    organizationId: typeof organization === "string" ? parseOrganizationId(organization) : undefined,
    who: "engine",
    causes: of.causes,
    before: of.before === undefined ? {} : valuesIn(was),
    after: of.after === undefined ? {} : valuesIn(is),
    outcome: `record ${of.externalId}`,
    writeId: undefined,
    requestIds: of.requestId === undefined ? {} : { zendesk: of.requestId },
  };
}

function readText(text: string | undefined): FieldValues {
  if (text === undefined) return {};
  const [name, organization, values] = JSON.parse(text) as [string, number, [string, FieldValue][]]; // recordText wrote it
  return { ...Object.fromEntries(values), name, organization: String(organization) };
}
