import type { FieldDefinition } from "../../domain/index.ts";

// Titles and descriptions are what an agent reads. Keys are for good: Zendesk burns the key of a deleted field.
// Option values double as tags in Zendesk, hence our prefix on each.
const fields = [
  {
    key: "qbo_status",
    type: "dropdown",
    title: "QuickBooks status",
    description:
      "The worst status of this organization's customers in QuickBooks. Overdue counts only beyond the tolerance and the grace days, and after credit that is not applied yet.",
    options: [
      { name: "Overdue", value: "qbo_status_overdue" },
      { name: "Credit", value: "qbo_status_credit" },
      { name: "Open", value: "qbo_status_open" },
      { name: "Paid", value: "qbo_status_paid" },
      { name: "No documents", value: "qbo_status_none" },
      { name: "Merged", value: "qbo_status_merged" },
    ],
  },
  {
    key: "qbo_open_count",
    type: "integer",
    title: "QuickBooks open invoices",
    description: "How many invoices are not fully paid.",
  },
  {
    key: "qbo_overdue_count",
    type: "integer",
    title: "QuickBooks overdue invoices",
    description: "How many open invoices are past their due date.",
  },
  {
    key: "qbo_open_amount",
    type: "decimal",
    title: "QuickBooks open amount",
    description: "What is still to be paid on all open invoices, before credit.",
  },
  {
    key: "qbo_overdue_amount",
    type: "decimal",
    title: "QuickBooks overdue amount",
    description: "What is still to be paid on invoices past their due date, before credit.",
  },
  {
    key: "qbo_balance",
    type: "decimal",
    title: "QuickBooks balance",
    description: "Open amount less credit that is not applied yet. Below zero: we owe the client.",
  },
  {
    key: "qbo_currency",
    type: "text",
    title: "QuickBooks currency",
    description: "The currency of the amounts. MIXED: several currencies, and all amounts are in our home currency.",
  },
  {
    key: "qbo_overdue_since",
    type: "date",
    title: "QuickBooks overdue since",
    description: "The oldest due date that has passed without full payment.",
  },
  {
    key: "qbo_age_bucket",
    type: "dropdown",
    title: "QuickBooks age of debt",
    description: "How many days the oldest overdue invoice is past its due date.",
    options: [
      { name: "Current", value: "qbo_age_current" },
      { name: "1 to 30 days", value: "qbo_age_1_30" },
      { name: "31 to 60 days", value: "qbo_age_31_60" },
      { name: "61 to 90 days", value: "qbo_age_61_90" },
      { name: "91 days and more", value: "qbo_age_91_plus" },
    ],
  },
  {
    key: "qbo_contact",
    type: "text",
    title: "QuickBooks billing contact",
    description: "The person named on the customer or vendor in QuickBooks.",
  },
  {
    key: "qbo_email",
    type: "text",
    title: "QuickBooks billing e-mail",
    description: "Where the latest invoices went; without any, the addresses of the customer or vendor.",
  },
  {
    key: "qbo_phone",
    type: "text",
    title: "QuickBooks phone",
    description: "The phone number of the customer or vendor in QuickBooks.",
  },
  {
    key: "qbo_address",
    type: "textarea",
    title: "QuickBooks billing address",
    description: "The billing address of the customer or vendor in QuickBooks.",
  },
  {
    key: "qbo_terms",
    type: "text",
    title: "QuickBooks terms",
    description: "The payment terms agreed with the customer or vendor.",
  },
  {
    key: "qbo_last_payment_on",
    type: "date",
    title: "QuickBooks last payment on",
    description: "The date of the latest payment or sales receipt.",
  },
  {
    key: "qbo_last_payment_amount",
    type: "decimal",
    title: "QuickBooks last payment amount",
    description: "The amount of the latest payment or sales receipt.",
  },
  {
    key: "qbo_relation",
    type: "dropdown",
    title: "QuickBooks relation",
    description: "Whether this organization buys from us, sells to us, or both.",
    options: [
      { name: "Customer", value: "qbo_relation_customer" },
      { name: "Vendor", value: "qbo_relation_vendor" },
      { name: "Customer and vendor", value: "qbo_relation_both" },
    ],
  },
  {
    key: "qbo_vendor_status",
    type: "dropdown",
    title: "QuickBooks vendor status",
    description: "Whether we owe this organization's vendors anything, and whether we are late.",
    options: [
      { name: "We are late", value: "qbo_vendor_we_are_late" },
      { name: "We owe", value: "qbo_vendor_we_owe" },
      { name: "Settled", value: "qbo_vendor_settled" },
      { name: "No documents", value: "qbo_vendor_none" },
    ],
  },
  {
    key: "qbo_vendor_owed",
    type: "decimal",
    title: "QuickBooks owed to vendor",
    description: "Open bills less vendor credit that is not applied yet.",
  },
  {
    key: "qbo_active",
    type: "checkbox",
    title: "QuickBooks active",
    description: "Checked while at least one of the customers or vendors is active in QuickBooks.",
  },
  {
    key: "qbo_link",
    type: "text",
    title: "QuickBooks link",
    description: "Opens the customer or vendor in QuickBooks.",
  },
  {
    key: "qbo_key",
    type: "text",
    title: "QuickBooks key",
    description: "Ties this organization to QuickBooks. Please leave it as it is.",
  },
  {
    key: "qbo_changed_on",
    type: "date",
    title: "QuickBooks data last changed",
    description: "The day on which anything of the billing data last changed in QuickBooks.",
  },
] as const satisfies readonly FieldDefinition[];

export type DefaultKey = (typeof fields)[number]["key"];

/** The fields that every linked organization gets, in the order in which agents see them. */
export const defaultFields: readonly FieldDefinition[] = fields;
