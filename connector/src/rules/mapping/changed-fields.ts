import type { FieldValues } from "../../domain/index.ts";
import { canonical, type OwnedType } from "./canonical.ts";

/** A value of an organization that is ours: one of its fields, or the block in its notes. */
export interface OwnedField {
  key: string;
  type: OwnedType;
}

/** The block in the notes goes with the fields wherever values are compared, written, journalled, cleared and restored. */
export const noteField = { key: "notes", type: "note" } as const satisfies OwnedField;

/** The keys whose wanted value is not the known one, in the order of `owned`. Absent means: stays as it is (wanted), empty (known). */
export function changedFields(owned: readonly OwnedField[], wanted: FieldValues, known: FieldValues): string[] {
  return owned
    .filter(
      ({ key, type }) =>
        Object.hasOwn(wanted, key) &&
        wanted[key] !== known[key] &&
        canonical(type, wanted[key]) !== canonical(type, known[key]),
    )
    .map(({ key }) => key);
}

/** What is written where nothing of ours is to stay. */
export function clearedFields(owned: readonly OwnedField[]): FieldValues {
  return Object.fromEntries(owned.map(({ key, type }) => [key, canonical(type, null)]));
}
