import type { OrganizationId } from "./ids.ts";

/** What the directory knows of one Zendesk organization. */
export interface Organization {
  id: OrganizationId;
  name: string;
  externalId: string | undefined;
  domains: string[];
  /** The last known values of our own fields (`qbo_` keys) and our block in the notes (`notes`), in canonical form; absent = null. */
  fields: FieldValues;
  /** People wrote something in the notes, around our block or without one. Undefined: not known yet. */
  notesHaveText?: boolean | undefined;
}

/** The canonical form of a field value: decides both "unchanged" and "did Zendesk store what we sent". Decimals and dates are text. */
export type FieldValue = string | number | boolean | null;
export type FieldValues = Record<string, FieldValue>;

export const fieldTypes = ["text", "textarea", "integer", "decimal", "checkbox", "date", "dropdown"] as const;
export type FieldType = (typeof fieldTypes)[number];

/** One organization field that we own. */
export interface FieldDefinition {
  key: string;
  type: FieldType;
  title: string;
  description: string;
  /** Drop-downs only. The value doubles as a Zendesk tag, so it carries our prefix. */
  options?: readonly { name: string; value: string }[];
}
