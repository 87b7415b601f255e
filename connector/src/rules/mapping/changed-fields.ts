import type { FieldType, FieldValues } from "../../domain/index.ts";
import { canonical } from "./canonical.ts";

/** A field whose values are ours. */
export interface OwnedField {
  key: string;
  type: FieldType;
}

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
