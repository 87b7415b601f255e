// Zendesk, all of it: requests, limits, faults, organizations, users and jobs in our words, OAuth.
// Not the directory and not reconcile: nothing is stored here, and nobody decides here what is written.
// Called by boot, which hands the client to sync and connections as their ports.
export type { ZendeskClient } from "./client.ts";
export { createZendeskClient } from "./client.ts";
export { zendeskHosts } from "./hosts.ts";
export { createAccountLimits } from "./limits.ts";
export { createZendeskGrants } from "./oauth.ts";
export { parseZendeskEvent, verifyZendeskSignature } from "./webhooks.ts";
