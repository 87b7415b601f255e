import type { MappingDocument } from "../../domain/index.ts";
import { defaultMapping } from "./default-mapping.ts";
import fullAging from "./presets/full-aging.json" with { type: "json" };
import receivables from "./presets/receivables.json" with { type: "json" };
import statusOnly from "./presets/status-only.json" with { type: "json" };
import vendorDesk from "./presets/vendor-desk.json" with { type: "json" };

export interface Preset {
  name: string;
  /** For whom it is, in one sentence. */
  says: string;
  document: MappingDocument;
}

/** Mappings to begin with. A test proves that each file is one. */
export const presets: readonly Preset[] = [
  { name: "default", says: "Customers and vendors at a glance: 23 fields, no note.", document: defaultMapping },
  {
    name: "receivables",
    says: "For who asks clients to pay: status, amounts, credit, last invoice and payment, whom to write to.",
    document: receivables as MappingDocument, // see above
  },
  {
    name: "full-aging",
    says: "For collections: what is late by how long, and the open invoices in the notes.",
    document: fullAging as MappingDocument, // see above
  },
  {
    name: "vendor-desk",
    says: "For who talks to suppliers: what we owe, what is late, whom to write to.",
    document: vendorDesk as MappingDocument, // see above
  },
  {
    name: "status-only",
    says: "For desks that must not see money: statuses, relation and the link; no amount anywhere.",
    document: statusOnly as MappingDocument, // see above
  },
];
