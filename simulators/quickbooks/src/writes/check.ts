import { type EntityName, entityOf } from "../company/index.ts";
import { faults } from "../faults.ts";
import { type JsonRecord, recordAt, textAt } from "../json.ts";

/** Field lengths of the API reference (2050) and what it says of names and addresses. */
export function checkLengths(entity: EntityName, given: JsonRecord): void {
  for (const [field, limit] of Object.entries(entityOf(entity).lengths)) {
    const value = textAt(given, field);
    if (value !== undefined && value.length > limit) throw faults.tooLong(field, limit, value.length);
  }
}

/** The reference wants `@` and `.`; a person's form takes what is typed, and so invalid addresses reach the API. */
export function checkEmail(given: JsonRecord): void {
  const address = textAt(recordAt(given, "PrimaryEmailAddr") ?? {}, "Address");
  if (address === undefined || address === "") return;
  if (address.length > 100) throw faults.tooLong("PrimaryEmailAddr.Address", 100, address.length);
  if (!address.includes("@") || !address.includes(".")) throw faults.badEmail("PrimaryEmailAddr");
}

/** No colon, tab or line break: the colon separates the levels of a full name (all-entities/customer). */
export function checkName(field: string, name: string): void {
  if (/[:\t\n\r]/.test(name)) {
    throw faults.business(`${field} must not contain a colon, a tab or a line break.`);
  }
}
