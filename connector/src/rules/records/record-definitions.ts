import type { RecordEntity, RecordFieldDefinition, RecordObjectDefinition } from "../../domain/index.ts";

/** The lookup by which Zendesk lists the records of an organization. */
const organizationField = "organization";

/** Worst first. Values carry our prefix, since Zendesk's options double as tags elsewhere. */
const statuses = [
  { name: "Overdue", value: "qbo_document_overdue" },
  { name: "Partly paid", value: "qbo_document_partly_paid" },
  { name: "Open", value: "qbo_document_open" },
  { name: "Paid", value: "qbo_document_paid" },
];

const fieldsOf = (party: string): RecordFieldDefinition[] => [
  { key: organizationField, type: "organization", title: "Organization" },
  { key: "party", type: "text", title: party },
  { key: "status", type: "dropdown", title: "Status", options: statuses },
  { key: "total", type: "decimal", title: "Total" },
  { key: "balance", type: "decimal", title: "Still open" },
  { key: "currency", type: "text", title: "Currency" },
  { key: "date", type: "date", title: "Date" },
  { key: "due_date", type: "date", title: "Due" },
  { key: "link", type: "text", title: "In QuickBooks" },
];

/** A currency field of Zendesk fixes one currency for all records: amounts are decimals with their code beside them. */
export const recordDefinitions: Record<RecordEntity, RecordObjectDefinition> = {
  Invoice: {
    key: "qbo_invoice",
    title: "QuickBooks invoice",
    plural: "QuickBooks invoices",
    fields: fieldsOf("Customer"),
  },
  Bill: { key: "qbo_bill", title: "QuickBooks bill", plural: "QuickBooks bills", fields: fieldsOf("Vendor") },
};
