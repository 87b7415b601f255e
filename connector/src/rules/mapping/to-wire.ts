import type { FieldType, FieldValue } from "../../domain/index.ts";

/** A canonical value as Zendesk wants it: decimals as JSON numbers, everything else as it is; null clears. */
export function toWire(type: FieldType, value: FieldValue): FieldValue {
  return type === "decimal" && typeof value === "string" ? Number(value) : value;
}
