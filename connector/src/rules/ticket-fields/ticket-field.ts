import type {
  JsonObject,
  Realm,
  TicketFieldDefinition,
  TicketFieldOption,
  TicketFieldPurpose,
} from "../../domain/index.ts";
import { canonical } from "../mapping/index.ts";

/** An item or an account as QuickBooks has it. */
export interface ReferenceRecord {
  id: string;
  record: JsonObject;
}

/** More make a list that nobody searches; Zendesk's own ceiling is said to be 2,000. */
const mostOptions = 500;

const titles: Record<TicketFieldPurpose, string> = {
  vendor: "QuickBooks vendor",
  item: "QuickBooks item",
  category: "QuickBooks category",
};

/** Those of the drop-down `qbo_relation`, which every mapping to begin with has. */
const vendorTags = ["qbo_relation_vendor", "qbo_relation_both"];

/**
 * The field as it should be. Items that only group others (type Category) are none that anybody sells; inactive records are not offered.
 * `left`: so many do not fit into one field.
 */
export function ticketField(
  purpose: TicketFieldPurpose,
  records: readonly ReferenceRecord[],
  { realm, tagsVendors }: { realm: Realm; tagsVendors: boolean },
): { definition: TicketFieldDefinition; left: number } {
  const options = records
    .filter(({ record }) => record["Active"] !== false && record["Type"] !== "Category")
    .flatMap(({ id, record }): TicketFieldOption[] => {
      const name = canonical("text", record["FullyQualifiedName"] ?? record["Name"]);
      return typeof name === "string" ? [{ name, value: `qbo_${purpose}_${realm}_${id}` }] : [];
    })
    .sort((one, other) => one.name.localeCompare(other.name, "en") || (one.value < other.value ? -1 : 1));
  return {
    definition: {
      purpose,
      title: titles[purpose],
      description: `Kept by ml-connector (qbo:${realm}:${purpose})`,
      tags: purpose === "vendor" && tagsVendors ? vendorTags : [],
      options: options.slice(0, mostOptions),
    },
    left: Math.max(0, options.length - mostOptions),
  };
}

/**
 * What has to be added, and what is called otherwise now; what is there stays, since tickets may have it. Never more than the field may
 * hold, what is no longer offered included.
 */
export function missingOptions(
  wanted: readonly TicketFieldOption[],
  existing: readonly (TicketFieldOption & { id: number })[],
): { add: TicketFieldOption[]; rename: (TicketFieldOption & { id: number })[]; left: number } {
  const byValue = new Map(existing.map((option) => [option.value, option]));
  const missing = wanted.filter(({ value }) => !byValue.has(value));
  const room = Math.max(0, mostOptions - existing.length);
  const rename = wanted.flatMap(({ name, value }) => {
    const found = byValue.get(value);
    return found && found.name !== name ? [{ id: found.id, name, value }] : [];
  });
  return { add: missing.slice(0, room), rename, left: missing.length - Math.min(room, missing.length) };
}
