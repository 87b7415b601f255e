import type { FieldDefinition } from "../../../domain/index.ts";
import type { Owner } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";

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

/**
 * Creates the organization fields that are missing, once per connection, after its plan was approved. A field of our key with another
 * type is never re-created (a deleted key is burned in Zendesk): that stops the connection with an incident.
 */
export async function ensureFields(owner: Owner, connection: OwnedConnection): Promise<boolean> {
  const { ports, subdomain } = owner;
  const { missing, otherType, missingOptions } = compareFields(
    connection.mapping.definitions,
    await ports.writers.bulk.listFields(subdomain),
  );
  const cause = "fields-differ";
  const problems = [
    ...otherType.map(({ key, type }) => `${key} has type ${type}`),
    ...missingOptions.map(({ key, values }) => `${key} lacks the options ${values.join(", ")}`),
  ];
  if (problems.length > 0) {
    await ports.incidents.note({
      cause,
      says: `Organization fields in Zendesk are not as ml-connector needs them: ${problems.join("; ")}. Nothing is written before they are.`,
      connectionId: connection.id,
    });
    return false;
  }
  for (const field of missing) await ports.writers.bulk.createField(subdomain, field);
  await ports.incidents.resolve(cause, { connectionId: connection.id });
  await ports.ownership.fieldsReady(connection.id);
  return true;
}
