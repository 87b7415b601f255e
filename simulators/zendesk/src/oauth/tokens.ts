import type { Account } from "../world/account.ts";

/** A client of the account (Admin Center > OAuth clients). Local clients work on their own subdomain only. */
export interface OauthClient {
  id: number;
  identifier: string;
  secret: string | null;
  kind: "confidential" | "public";
  /** None: any loopback address is accepted, which is the simulator's convenience. */
  redirectUris: readonly string[];
  /** Scopes that a request may ask for; none: any. */
  ceiling: readonly string[];
  userId: number | null;
}

export interface Token {
  id: number;
  clientId: number;
  userId: number;
  scopes: readonly string[];
  access: string;
  refresh: string | null;
  createdAt: number;
  usedAt: number | null;
  expiresAt: number | null;
  refreshExpiresAt: number | null;
}

export interface AuthorizationCode {
  code: string;
  clientId: number;
  userId: number;
  redirectUri: string;
  scopes: readonly string[];
  challenge: string | null;
  expiresAt: number;
}

/** A legacy API token of a person; see the timeline in the README. */
export interface ApiToken {
  email: string;
  token: string;
}

/** Credentials of one account; in memory only, like everything here. */
export interface Credentials {
  clients: Map<string, OauthClient>;
  codes: Map<string, AuthorizationCode>;
  byAccess: Map<string, Token>;
  byRefresh: Map<string, Token>;
  apiTokens: ApiToken[];
}

export function createCredentials(): Credentials {
  return { clients: new Map(), codes: new Map(), byAccess: new Map(), byRefresh: new Map(), apiTokens: [] };
}

export interface NewToken {
  clientId: number;
  userId: number;
  scopes: readonly string[];
  accessSeconds: number;
  /** None for client_credentials, which has no refresh token. */
  refreshSeconds: number | null;
}

export function issueToken(account: Account, credentials: Credentials, wanted: NewToken): Token {
  const now = account.clock.now();
  account.lastId += 128;
  const token: Token = {
    id: account.lastId,
    clientId: wanted.clientId,
    userId: wanted.userId,
    scopes: wanted.scopes,
    access: account.random.hex(64),
    refresh: wanted.refreshSeconds === null ? null : account.random.hex(64),
    createdAt: now,
    usedAt: null,
    expiresAt: now + wanted.accessSeconds * 1000,
    refreshExpiresAt: wanted.refreshSeconds === null ? null : now + wanted.refreshSeconds * 1000,
  };
  credentials.byAccess.set(token.access, token);
  if (token.refresh !== null) credentials.byRefresh.set(token.refresh, token);
  return token;
}

/** Both halves die at once: a refresh invalidates the pair that it replaces (grant-type tokens page). */
export function revokeToken(credentials: Credentials, token: Token): void {
  credentials.byAccess.delete(token.access);
  if (token.refresh !== null) credentials.byRefresh.delete(token.refresh);
}

export function liveToken(credentials: Credentials, access: string, now: number): Token | undefined {
  const token = credentials.byAccess.get(access);
  if (!token || (token.expiresAt !== null && token.expiresAt <= now)) return undefined;
  return token;
}

/** The person whose rights a client without a user of its own has: the account's first admin. */
export function ownerId(account: Account): number {
  return account.users.all().find((user) => user.role === "admin" && user.active)?.id ?? 0;
}
