// The mapping: a card and its profile become values of organization fields, in one canonical form per field type.
// Not the profile's arithmetic (rules/profile), and not Zendesk's JSON: the client turns wire values into these and back by `canonical` and `toWire`.
// Called by reconcile/decide and deliver, by the directory (to keep known values canonical) and by connecting (to create the fields).
export { canonical } from "./canonical.ts";
export { changedFields, clearedFields } from "./changed-fields.ts";
export { defaultFields } from "./default-fields.ts";
export { mapFields } from "./map-fields.ts";
export { toWire } from "./to-wire.ts";
