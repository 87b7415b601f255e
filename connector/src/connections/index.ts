// Connections: one company paired with one account; their settings, life, consents and what the company says of itself.
// Not the way of the data (see sync) and not the tokens themselves (see credentials).
// Called by http, the command line and the tick; pausing reaches oversight and reconcile as a port.
export type { AuthorizationOptions, AuthorizationOutcome } from "./authorization.ts";
export { beginAuthorization, completeAuthorization } from "./authorization.ts";
export { createCredentialAlarm } from "./credential-alarm.ts";
export type { DisconnectMode, DisconnectOptions, DisconnectPreview } from "./disconnect.ts";
export { disconnect, letGo, previewDisconnect } from "./disconnect.ts";
export { endFormerClients } from "./former-clients.ts";
export type { LifeOptions } from "./life.ts";
export {
  changeSettings,
  confirmZone,
  createConnection,
  pauseByPerson,
  pauseForFailure,
  refreshCompany,
  refusingSystem,
  resumeAfterFailure,
  resumeByPerson,
  startWhenReady,
  toConnection,
} from "./life.ts";
export { createMappingSource } from "./mappings.ts";
export type { MakeGrants, OwnClient } from "./own-clients.ts";
export { bringClient, createOurClients } from "./own-clients.ts";
export { ensureMayWrite, ensureReadOnlyFits, zendeskPermission } from "./permission.ts";
export type { ClientSeeker, MappingVersion, OurClient, OurClients, StoredConnection } from "./ports.ts";
export type { Reconnection } from "./reconnect.ts";
export { makeTicket, openTicket, reconnectionOf } from "./reconnect.ts";
export { checkSettings, isPlanned, readSettings, settingsJson } from "./settings.ts";
export { createFindSigner } from "./signers.ts";
export { ensureSubscription, secretBinding, webhookBase } from "./subscription.ts";
