// The mapping: a card and its profile become values of organization fields and a note, by a document that a person may change.
// Not the profile's arithmetic (rules/profile), and not Zendesk's JSON: the client turns wire values into these and back by `canonical` and `toWire`.
// Called by reconcile/decide and deliver, by the directory (to keep known values canonical) and by whoever shows or changes a mapping.
export { canonical } from "./canonical.ts";
export type { CardToMap } from "./card-view.ts";
export { changedFields, clearedFields, noteField, type OwnedField } from "./changed-fields.ts";
export { checkMapping } from "./check.ts";
export { compileMapping, type MappedCard, type Mapping } from "./compile.ts";
export { defaultFields, defaultMapping } from "./default-mapping.ts";
export { readNotes, withBlock } from "./note-block.ts";
export { type Preset, presets } from "./presets.ts";
export { succeed } from "./succeed.ts";
export { toWire } from "./to-wire.ts";
