// Mappings: which organization fields are written, and from what.
import { z } from "zod";
import { planView } from "./plan.ts";
import { connectionId, fieldValue, instant, organizationId, partyText } from "./values.ts";

/** As files have it: see the page on mappings. */
const document = z.record(z.string(), z.unknown());
const version = z.int().positive();

/** `source`, `expression` or `template`, and its text. */
const row = z.object({
  key: z.string(),
  type: z.string(),
  title: z.string(),
  from: z.object({ kind: z.enum(["source", "expression", "template"]), text: z.string() }),
  when: z.string().nullable(),
  /** `clear`, `keep`, or the constant. */
  empty: z.string(),
});

export const mappingShown = z.object({
  connectionId,
  version,
  /** The version that is in force: this one, perhaps. */
  inForce: version,
  who: z.string(),
  at: instant,
  note: z.string().nullable(),
  rows: z.array(row),
  noteTemplate: z.string().nullable(),
  document,
});
export type MappingShown = z.infer<typeof mappingShown>;

export const mappingPresets = z.object({
  presets: z.array(z.object({ name: z.string(), says: z.string(), fields: z.int().positive(), note: z.boolean() })),
});
export type MappingPresets = z.infer<typeof mappingPresets>;

/** Lines and columns count from 1, within the text at `at`. */
const problem = z.object({
  at: z.string(),
  key: z.string().nullable(),
  line: z.int().positive().nullable(),
  column: z.int().positive().nullable(),
  says: z.string(),
  suggestion: z.string().nullable(),
});
export type MappingProblemView = z.infer<typeof problem>;

/** `comparedWith`: the account whose fields were looked at, too. */
export const mappingChecked = z.object({
  file: z.string(),
  problems: z.array(problem),
  comparedWith: z.string().nullable(),
});
export type MappingChecked = z.infer<typeof mappingChecked>;

/** `organizationId`: null where the party has no organization yet. Values before and after, by field; the note under `notes`. */
export const mappingPreview = z.object({
  connectionId,
  party: partyText,
  displayName: z.string(),
  organizationId: organizationId.nullable(),
  values: z.array(
    z.object({ key: z.string(), title: z.string(), now: fieldValue, wanted: fieldValue, fault: z.string().nullable() }),
  ),
});
export type MappingPreview = z.infer<typeof mappingPreview>;

/** `plan`: what it would change, for approval; null where it is in force already. */
export const mappingSaved = z.object({ connectionId, version, plan: planView.nullable() });

export const mappingHistory = z.object({
  connectionId,
  inForce: version,
  versions: z.array(
    z.object({ version, who: z.string(), at: instant, note: z.string().nullable(), fields: z.int().nonnegative() }),
  ),
});
export type MappingHistory = z.infer<typeof mappingHistory>;

export const mappingExported = z.object({ connectionId, version, file: z.string() });
