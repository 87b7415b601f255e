// Invoices and bills as records of custom objects in Zendesk: at rest equal to the documents of linked cards.
// Not what a record holds (rules/records), and not the cards themselves: those are decided in the lanes of their own.
// Called by the owner of an account, beside its lanes.
export { RecordsLane } from "./records-lane.ts";
