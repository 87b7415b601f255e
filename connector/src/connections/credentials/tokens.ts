// A pair of tokens into its sealed row and back.
import type { CredentialKey, FreshTokens, Grant, Seal, StoredCredential } from "./ports.ts";

export interface TokenPair {
  accessToken: string;
  refreshToken: string | undefined;
}

function bindingOf(key: CredentialKey) {
  return { table: "credential", row: `${key.system}:${key.clientId}:${key.subject}`, field: "tokens" };
}

export async function openTokens(seal: Seal, credential: CredentialKey & { sealed: string }): Promise<TokenPair> {
  const pair = JSON.parse(await seal.open(credential.sealed, bindingOf(credential))) as {
    accessToken: string;
    refreshToken?: string;
  };
  return { accessToken: pair.accessToken, refreshToken: pair.refreshToken };
}

export function sealTokens(seal: Seal, key: CredentialKey, pair: TokenPair): Promise<string> {
  return seal.seal(JSON.stringify(pair), bindingOf(key));
}

/**
 * A grant as the row keeps it. Lifetimes count from the answer. A refresh that brings no refresh token leaves the former one in force, and an
 * answer without an end leaves the former end: neither was said to have changed.
 */
export async function toFreshTokens(options: {
  seal: Seal;
  key: CredentialKey;
  grant: Grant;
  former: { pair: TokenPair; credential: StoredCredential } | undefined;
  nowMs: number;
}): Promise<FreshTokens> {
  const { seal, key, grant, former, nowMs } = options;
  const end = (seconds: number | undefined) => (seconds === undefined ? undefined : new Date(nowMs + seconds * 1000));
  return {
    sealed: await sealTokens(seal, key, {
      accessToken: grant.accessToken,
      refreshToken: grant.refreshToken ?? former?.pair.refreshToken,
    }),
    issuedAt: new Date(nowMs),
    accessExpiresAt: end(grant.expiresInSeconds),
    refreshExpiresAt: end(grant.refreshExpiresInSeconds) ?? former?.credential.refreshExpiresAt,
    hardExpiresAt: end(grant.hardExpiresInSeconds) ?? former?.credential.hardExpiresAt,
    scopes: grant.scopes ?? former?.credential.scopes,
  };
}
