// Zendesk, all of it: requests, limits, faults, organizations, users and jobs in our words, OAuth.
// Not the directory and not reconcile: nothing is stored here, and nobody decides here what is written.
// Called by boot, which hands the client to sync and connections as their ports.
export type { TokenFacts, ZendeskClient, ZendeskClientOptions } from "./client.ts";
export { createZendeskClient } from "./client.ts";
export type { ZendeskHosts } from "./hosts.ts";
export { zendeskHosts } from "./hosts.ts";
export type { AccountLimits, LimitReport } from "./limits.ts";
export { createAccountLimits } from "./limits.ts";
export type { ZendeskApp } from "./oauth.ts";
export { createZendeskGrants } from "./oauth.ts";
export type { FieldWire } from "./organizations.ts";
