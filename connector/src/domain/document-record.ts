import type { OrganizationId } from "./ids.ts";
import type { DocumentEntity } from "./keys.ts";
import type { FieldType, FieldValues } from "./organization.ts";

/** The documents that may become records in Zendesk, and the custom objects that hold them there. */
export const recordObjects = { Invoice: "qbo_invoice", Bill: "qbo_bill" } as const satisfies Partial<
  Record<DocumentEntity, string>
>;
export type RecordEntity = keyof typeof recordObjects;
export type RecordObject = (typeof recordObjects)[RecordEntity];

/** One document as the record that Zendesk should have of it. */
export interface DocumentRecord {
  object: RecordObject;
  externalId: string;
  name: string;
  /** Whose document it is, as Zendesk knows it. */
  organizationId: OrganizationId;
  /** Canonical values by field key. */
  values: FieldValues;
}

export interface RecordFieldDefinition {
  key: string;
  /** `organization`: a lookup to the organization. */
  type: FieldType | "organization";
  title: string;
  options?: readonly { name: string; value: string }[];
}

export interface RecordObjectDefinition {
  key: RecordObject;
  title: string;
  plural: string;
  fields: readonly RecordFieldDefinition[];
}
