// Credentials: sealed tokens, one refresher across all processes, the new pair committed before its use, rotation of keys.
// Not the systems' OAuth calls (a port, see GrantSource) and not consent flows (see ../authorization).
// Called by the system clients through TokenSource, by connections when somebody consents, and by the tick.
export { grantRefused } from "./credential-failures.ts";
export { storeGrant, useApiToken, useClientCredentials } from "./issue.ts";
export { permissionOf } from "./permission.ts";
export type {
  CredentialAlarm,
  CredentialClock,
  CredentialKey,
  CredentialStore,
  Grant,
  GrantSource,
  Permission,
  Seal,
  SealedTextStore,
  TokenSource,
} from "./ports.ts";
export { createDueRefresher } from "./refresh-due.ts";
export type { KeyUse, Resealed } from "./reseal.ts";
export { explainKeys, readKeyUse, resealAll } from "./reseal.ts";
export type { KeyRing } from "./seal.ts";
export { createSeal } from "./seal.ts";
export { createTokenSource } from "./token-source.ts";
export { openTokens } from "./tokens.ts";
