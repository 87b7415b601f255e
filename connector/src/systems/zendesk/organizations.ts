// Zendesk's organizations in our words, and what we send of one.
import { z } from "zod";
import {
  type FieldType,
  type FieldValue,
  type FieldValues,
  type Json,
  type JsonObject,
  organizationKey,
  parseOrganizationId,
  parseOrganizationKey,
} from "../../domain/index.ts";
import type { ListedOrganization } from "../../sync/directory/ports.ts";
import type { OrganizationWrite } from "../../sync/reconcile/ports.ts";
import { isObject } from "./json.ts";

/** The default fields, and the mapping's way of turning their canonical values from and to JSON. */
export interface FieldWire {
  fields: readonly { key: string; type: FieldType }[];
  canonical(type: FieldType, wire: unknown): FieldValue;
  toWire(type: FieldType, value: FieldValue): FieldValue;
  /** What of the notes is ours, and whether people wrote there, too. */
  readNotes(notes: string): { block: string | null; hasText: boolean };
  /** The notes with this block in them; people's text stays to the letter. */
  withBlock(notes: string, block: string | null): string;
}

/** The key under which our block in the notes goes with the fields. */
const noteKey = "notes";

/** Every field of ours, in any mapping. Values of other types than ours (lists of tags, say) are nobody's. */
const prefix = "qbo_";

/** Names the cards of an adopted organization (and of every linked one): our keys, joined by blanks. */
const keyField = "qbo_key";

const organizationSchema = z.object({
  id: z.union([z.number(), z.string()]),
  name: z.string(),
  external_id: z.union([z.string(), z.number()]).nullish(),
  domain_names: z.array(z.string()).nullish(),
  notes: z.string().nullish(),
  updated_at: z.string().nullish(),
});

/** Undefined where the answer is no organization. */
export function toOrganization(json: unknown, wire: FieldWire): ListedOrganization | undefined {
  const found = organizationSchema.safeParse(json);
  if (!found.success || !isObject(json)) return undefined;
  const { id, name, external_id, domain_names, notes, updated_at } = found.data;
  const { block, hasText } = wire.readNotes(notes ?? "");
  const organizationFields = isObject(json["organization_fields"]) ? json["organization_fields"] : {};
  const externalId =
    external_id === null || external_id === undefined || external_id === "" ? undefined : String(external_id);
  return {
    id: parseOrganizationId(id),
    name,
    externalId,
    domains: (domain_names ?? []).map((domain) => domain.toLowerCase()),
    fields: { ...fieldsOf(organizationFields, wire), ...(block === null ? {} : { [noteKey]: block }) },
    notesHaveText: hasText,
    notes: notes ?? "",
    keys: keysOf(externalId, organizationFields[keyField]),
    updatedAt: updated_at ?? undefined,
    ...mailAddressesOf(organizationFields),
  };
}

function fieldsOf(organizationFields: JsonObject, wire: FieldWire): FieldValues {
  const fields: FieldValues = {};
  for (const [key, found] of Object.entries(organizationFields)) {
    if (!key.startsWith(prefix)) continue;
    const type = wire.fields.find((field) => field.key === key)?.type;
    const value = type === undefined ? scalarOf(found) : wire.canonical(type, found);
    if (value !== null) fields[key] = value;
  }
  return fields;
}

/** Of a field whose type only the mapping knows: it is made canonical where it is compared. */
function scalarOf(found: Json): FieldValue {
  if (typeof found === "object" || found === "") return null;
  // Dates come back as date-times at midnight.
  return typeof found === "string" ? found.replace(/^(\d{4}-\d{2}-\d{2})T00:00:00(\.0+)?(Z|\+00:00)$/, "$1") : found;
}

const mostMailAddresses = 50;

/** What looks like an e-mail address in a field of the account's own; nothing else of these fields is kept. */
function mailAddressesOf(organizationFields: JsonObject): { mailAddresses?: string[] } {
  const found = Object.entries(organizationFields).flatMap(([key, value]) =>
    key.startsWith(prefix) || typeof value !== "string" || !value.includes("@")
      ? []
      : value
          .split(/[\s,;<>]+/, mostMailAddresses)
          .filter((word) => /^[^@]{1,64}@[^@.]+(?:\.[^@.]+)+$/.test(word))
          .map((address) => `${key} ${address.toLowerCase()}`),
  );
  return found.length === 0 ? {} : { mailAddresses: [...new Set(found)].slice(0, mostMailAddresses) };
}

function keysOf(externalId: string | undefined, field: Json | undefined): string[] {
  const texts = [externalId ?? "", ...(typeof field === "string" ? field.split(/\s+/) : [])];
  const keys = texts.flatMap((text) => {
    const found = parseOrganizationKey(text);
    return found === undefined ? [] : [organizationKey(found.realm, found.party)];
  });
  return [...new Set(keys)];
}

/** Only what the write names: every other part of the organization belongs to people. */
export function toWireOrganization(item: OrganizationWrite, wire: FieldWire): JsonObject {
  const { [noteKey]: block, ...ours } = item.fields;
  // Whoever forgets to read them first would write over what people wrote.
  if (item.id !== undefined && block !== undefined && item.notesBefore === undefined)
    throw new Error("notes are written only after they were read");
  const fields = Object.entries(ours).map(([key, value]) => {
    const field = [...(item.types ?? []), ...wire.fields].find((each) => each.key === key);
    return [key, field === undefined ? value : wire.toWire(field.type, value)] as const;
  });
  return {
    ...(item.id === undefined ? {} : { id: item.id }),
    ...(item.name === undefined ? {} : { name: item.name }),
    ...(item.externalId === undefined ? {} : { external_id: item.externalId }),
    ...(block === undefined || (block === null && item.notesBefore === undefined)
      ? {}
      : { notes: wire.withBlock(item.notesBefore ?? "", typeof block === "string" ? block : null) }),
    ...(fields.length === 0 ? {} : { organization_fields: Object.fromEntries(fields) }),
  };
}
