import { createPayables, type Payables } from "./company-payables.ts";
import { beginPosting, type Documents } from "./company-posting.ts";
import { createSales, type Sales } from "./company-sales.ts";

export interface Ledger extends Sales, Payables {
  documents: Documents;
}

/**
 * Posts documents as QuickBooks does: balances of documents, links both ways, SyncToken of what a payment touches, and
 * `LastUpdatedTime` of the party without its SyncToken. Call it in the order of time: ids and numbers follow it.
 */
export function createLedger(): Ledger {
  const posting = beginPosting();
  return { documents: posting.documents, ...createSales(posting), ...createPayables(posting) };
}
