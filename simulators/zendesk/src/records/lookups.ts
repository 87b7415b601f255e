import { type Account, recordsOf } from "../world/account.ts";
import type { CustomField, FieldValue, ObjectField } from "../world/entities.ts";
import type { Problem } from "./refusals.ts";

// https://developer.zendesk.com/api-reference/ticketing/lookup_relationships/lookup_relationships/
const objectTarget = /^zen:custom_object:(\w+)$/;

/** The custom object that a target type names. */
export function objectOfTarget(target: string | null): string | undefined {
  return objectTarget.exec(target ?? "")?.[1];
}

/** Whether there is such a thing as this field points at. */
export function isTargetType(account: Account, target: string | null): boolean {
  const key = objectOfTarget(target);
  if (key !== undefined) return account.customObjects.first("key", key) !== undefined;
  return ["zen:user", "zen:organization", "zen:ticket"].includes(target ?? "");
}

function hasTarget(account: Account, target: string | null, value: string): boolean {
  const key = objectOfTarget(target);
  if (key !== undefined) return account.objectRecords.get(key)?.first("ulid", value) !== undefined;
  if (target === "zen:user") return account.users.get(Number(value))?.active === true;
  if (target === "zen:ticket") return account.tickets.has(Number(value));
  return account.organizations.has(Number(value));
}

/** Lookups among these values that point at nothing. Whether the vendor looks is not documented: a switch. */
export function danglingLookups(
  account: Account,
  fields: readonly CustomField[],
  changed: Readonly<Record<string, FieldValue>>,
): Problem[] {
  if (!account.switches.checkLookups) return [];
  return fields.flatMap((field): Problem[] => {
    const value = changed[field.key];
    if (field.type !== "lookup" || typeof value !== "string") return [];
    return hasTarget(account, field.relationship_target_type, value)
      ? []
      : [{ field: field.key, code: "InvalidValue", value }];
  });
}

/** Records of one object that point at this target by this field. */
export function sourcesOf(account: Account, field: ObjectField, target: string) {
  return recordsOf(account, field.object_key)
    .all()
    .filter((record) => record.values[field.key] === target);
}

/** What pointed at a record that is gone points at nothing, or keeps its id: not documented, a switch. */
export function clearLookups(account: Account, target: string, id: string): void {
  if (account.switches.deletedTargets === "kept") return;
  for (const field of account.objectFields.all()) {
    if (field.type !== "lookup" || field.relationship_target_type !== target) continue;
    for (const record of sourcesOf(account, field, id)) {
      const { [field.key]: _gone, ...values } = record.values;
      recordsOf(account, field.object_key).put({ ...record, values });
    }
  }
  for (const field of account.ticketFields.all()) {
    if (field.type !== "lookup" || field.relationship_target_type !== target) continue;
    for (const ticket of account.tickets.all())
      if (ticket.custom_fields[field.key] === id)
        account.tickets.put({ ...ticket, custom_fields: { ...ticket.custom_fields, [field.key]: null } });
  }
}
