// QuickBooks Online, all of it: requests, queries, limits, faults, records in our words, OAuth, webhook signatures and notifications.
// Not the replica and not intake: nothing is stored here, and nothing is ever written to QuickBooks.
// Called by boot, which hands the client to sync and connections as their ports.
export type { QuickbooksClient } from "./client.ts";
export { createQuickbooksClient } from "./client.ts";
export { quickbooksHosts } from "./hosts.ts";
export { companyRates, createCompanyLimits, noRates } from "./limits.ts";
export { parseNotification } from "./notification.ts";
export { createQuickbooksGrants } from "./oauth.ts";
export { verifyIntuitSignature } from "./signature.ts";
