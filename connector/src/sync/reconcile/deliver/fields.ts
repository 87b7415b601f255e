import { type FieldDefinition, priorities, RemoteFailure, type Subdomain } from "../../../domain/index.ts";
import type { IncidentStore } from "../../../oversight/incidents/index.ts";
import { everyoneKey, type MarkStore } from "../../marks/index.ts";
import { Slots } from "../own/slots.ts";
import type { BrokenField, OrganizationWriter, OwnedConnection, OwnershipStore } from "../ports.ts";

/** Where Zendesk puts a field that names no place (recorded: accounts list their custom fields with it). Ours come after everybody else's. */
const newFieldPosition = 9_999;
const fieldsAtOnce = 4;

/** What Zendesk lacks of our fields, and what stands in the way. Pure. */
export function compareFields(
  wanted: readonly FieldDefinition[],
  existing: readonly { key: string; type: string; options: { name: string; value: string }[] }[],
): {
  missing: FieldDefinition[];
  otherType: { key: string; type: string }[];
  missingOptions: { key: string; values: string[] }[];
} {
  const byKey = new Map(existing.map((field) => [field.key, field]));
  const missing: FieldDefinition[] = [];
  const otherType: { key: string; type: string }[] = [];
  const missingOptions: { key: string; values: string[] }[] = [];
  for (const field of wanted) {
    const found = byKey.get(field.key);
    if (!found) missing.push(field);
    else if (found.type !== field.type) otherType.push({ key: field.key, type: found.type });
    else {
      const values = new Set(found.options.map(({ value }) => value));
      const lacking = (field.options ?? []).filter(({ value }) => !values.has(value)).map(({ value }) => value);
      if (lacking.length > 0) missingOptions.push({ key: field.key, values: lacking });
    }
  }
  return { missing, otherType, missingOptions };
}

/** What has to be left alone of a mapping, whatever the reason. Pure. */
export function brokenFields({ missing, otherType, missingOptions }: ReturnType<typeof compareFields>): BrokenField[] {
  return [
    ...missing.map(({ key }) => ({ key })),
    ...otherType.map(({ key }) => ({ key })),
    ...missingOptions.map(({ key, values }) => ({ key, options: values })),
  ];
}

/**
 * Creates the organization fields that are missing, once per connection and mapping, after a plan was approved. A field of our key with
 * another type is never re-created (a deleted key is burned in Zendesk): it is left alone with an incident, and the other fields go on.
 */
export async function ensureFields(
  ports: FieldPorts & { ownership: Pick<OwnershipStore, "fieldsReady"> },
  connection: OwnedConnection,
): Promise<boolean> {
  const { subdomain } = connection;
  const existing = await ports.writers.bulk.listFields(subdomain);
  const { missing } = compareFields(connection.mapping.definitions, existing);
  const last = Math.max(newFieldPosition, ...existing.map(({ position }) => position));
  const slots = new Slots(fieldsAtOnce);
  await Promise.all(
    missing.map((field, index) => slots.run(() => createOrLeave(ports, subdomain, field, last + 1 + index))),
  );
  await lookAtFields(ports, connection);
  await ports.ownership.fieldsReady(connection.id);
  return true;
}

async function createOrLeave(
  ports: FieldPorts,
  subdomain: Subdomain,
  field: FieldDefinition,
  position: number,
): Promise<void> {
  try {
    await ports.writers.bulk.createField(subdomain, field, position);
  } catch (fault) {
    // A key that somebody deleted is never free again: the field stays missing, and is told of as that.
    if (!(fault instanceof RemoteFailure) || (fault.action !== "park" && fault.action !== "bug")) throw fault;
  }
}

export interface FieldPorts {
  writers: Record<"bulk", Pick<OrganizationWriter, "listFields" | "createField">>;
  ownership: Pick<OwnershipStore, "connections" | "leaveFields">;
  incidents: Pick<IncidentStore, "note" | "resolve">;
  marks: Pick<MarkStore, "mark">;
  now(): Date;
}

/** Looks at the fields of every connection of the account that is at work: people change fields at any time. */
export async function recheckFields(ports: FieldPorts, subdomain: Subdomain): Promise<void> {
  for (const connection of await ports.ownership.connections(subdomain))
    if (connection.state === "active" && connection.fieldsReady) await lookAtFields(ports, connection);
}

async function lookAtFields(ports: FieldPorts, connection: OwnedConnection): Promise<void> {
  const existing = await ports.writers.bulk.listFields(connection.subdomain);
  const compared = compareFields(connection.mapping.definitions, existing);
  const broken = brokenFields(compared);
  const cause = "fields-differ";
  const of = { connectionId: connection.id };
  if (broken.length === 0) await ports.incidents.resolve(cause, of);
  else await ports.incidents.note({ cause, says: sayBroken(compared), affectedNow: broken.length, ...of });
  if (!(await ports.ownership.leaveFields(connection.id, broken))) return;
  // What came back is written again, on every card.
  const causes = [{ kind: "zendesk" as const, what: "organization fields changed", at: ports.now().toISOString() }];
  await ports.marks.mark([
    { connectionId: connection.id, kind: "party", key: everyoneKey, priority: priorities.background, causes },
  ]);
}

function sayBroken({ missing, otherType, missingOptions }: ReturnType<typeof compareFields>): string {
  const problems = [
    ...missing.map(
      ({ key }) =>
        `${key} is not there any more (Zendesk never frees a deleted key: choose another one in the mapping)`,
    ),
    ...otherType.map(({ key, type }) => `${key} has type ${type} (choose another key in the mapping)`),
    ...missingOptions.map(({ key, values }) => `${key} lacks the options ${values.join(", ")} (add them in Zendesk)`),
  ];
  return `Organization fields in Zendesk are not as the mapping needs them: ${problems.join("; ")}. These are left alone, the others go on.`;
}
