import type { FieldDefinition, FieldValues } from "../../domain/index.ts";
import { canonical } from "./canonical.ts";

/** The keys whose wanted value is not the known one, in the order of the definitions. Absent means empty, on either side. */
export function changedFields(
  definitions: readonly FieldDefinition[],
  wanted: FieldValues,
  known: FieldValues,
): string[] {
  return definitions
    .filter(
      ({ key, type }) => wanted[key] !== known[key] && canonical(type, wanted[key]) !== canonical(type, known[key]),
    )
    .map(({ key }) => key);
}

/** What is written where nothing of ours is to stay. */
export function clearedFields(definitions: readonly FieldDefinition[]): FieldValues {
  return Object.fromEntries(definitions.map(({ key, type }) => [key, canonical(type, null)]));
}
