// Invoices and bills as records of custom objects: which fields they have, and what a document's record holds.
// Not the engine that keeps them (sync/reconcile/records), and not the fields of organizations (rules/mapping).
// Called by sync/reconcile/records and by the client that writes them.
export { documentRecord, type KeptDocument, nextLook, recordText } from "./document-record.ts";
export { recordDefinitions } from "./record-definitions.ts";
