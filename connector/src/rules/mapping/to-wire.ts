import type { FieldDefinition, FieldValue } from "../../domain/index.ts";

/** A canonical value as Zendesk wants it: decimals as JSON numbers, everything else as it is; null clears. */
export function toWire(definition: FieldDefinition, value: FieldValue): FieldValue {
  return definition.type === "decimal" && typeof value === "string" ? Number(value) : value;
}
