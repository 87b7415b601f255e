// What agents may pick on a ticket: which fields there are, which options they have, and what is missing of them. Pure.
// Not the writing (sync/reconcile/ticket-fields), and not the fields of organizations (rules/mapping).
// Called by sync/reconcile/ticket-fields.
export { missingOptions, type ReferenceRecord, ticketField } from "./ticket-field.ts";
