// Credentials: sealed tokens, one refresher across all processes, the new pair committed before its use, rotation of keys.
// Not the systems' OAuth calls (a port, see GrantSource) and not consent flows (see ../authorization).
// Called by the system clients through TokenSource, by connections when somebody consents, and by the tick.
export type { EndingCredential } from "./issue.ts";
export {
  endingSoon,
  resealCredentials,
  storeGrant,
  useApiToken,
  useClientCredentials,
} from "./issue.ts";
export type {
  CredentialAlarm,
  CredentialClock,
  CredentialKey,
  CredentialStore,
  CredentialWay,
  FreshTokens,
  Grant,
  GrantSource,
  HeldCredential,
  Seal,
  SealBinding,
  StoredCredential,
  TokenSource,
} from "./ports.ts";
export type { DueRefreshes } from "./refresh-due.ts";
export { createDueRefresher } from "./refresh-due.ts";
export type { KeyRing } from "./seal.ts";
export { createSeal, SealBroken } from "./seal.ts";
export type { RefreshingTokenSource } from "./token-source.ts";
export { createTokenSource } from "./token-source.ts";
