import type { Randomness } from "../randomness.ts";

/** One consent of one company to one app, and every token that came of it. */
export interface Grant {
  readonly realm: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly consentedAtMs: number;
  refreshToken: string;
  refreshIssuedAtMs: number;
  refreshedAtMs: number;
  revoked: boolean;
  /** Refresh token values that were replaced: dead at once. */
  readonly retired: Set<string>;
}

export interface Code {
  readonly code: string;
  readonly redirectUri: string;
  readonly realm: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly issuedAtMs: number;
  grant: Grant | undefined;
}

export interface AccessToken {
  readonly grant: Grant;
  readonly expiresAtMs: number;
  /** Shown in the 401 of an expired token instead of the token. */
  readonly label: string;
}

export interface Tokens {
  readonly codes: Map<string, Code>;
  readonly grants: Set<Grant>;
  readonly byRefreshToken: Map<string, Grant>;
  readonly access: Map<string, AccessToken>;
  /** Refreshes under way and the last one, per token: for the switch that takes concurrent ones for a compromise. */
  readonly refreshing: Map<string, { open: number; lastMs: number }>;
}

export function createTokens(): Tokens {
  return { codes: new Map(), grants: new Set(), byRefreshToken: new Map(), access: new Map(), refreshing: new Map() };
}

// Lives: oauth-jsclient README and the token response of docs/develop/authentication-and-authorization.
export const accessLifeS = 3600;
export const refreshLifeS = 8_726_400;
const hardLifeS = 5 * 365 * 86_400 + 86_400;
const rotationMs = 24 * 3_600_000;
const codeLifeMs = 10 * 60_000;

export function issueCode(tokens: Tokens, randomness: Randomness, given: Omit<Code, "code" | "grant">): Code {
  const code: Code = { ...given, code: `AB1${randomness.bytes(36).toString("base64url")}`, grant: undefined };
  tokens.codes.set(code.code, code);
  return code;
}

export function isCodeAlive(code: Code, nowMs: number): boolean {
  return code.grant === undefined && nowMs - code.issuedAtMs <= codeLifeMs;
}

export function openGrant(tokens: Tokens, randomness: Randomness, code: Code, nowMs: number): Grant {
  const grant: Grant = {
    realm: code.realm,
    clientId: code.clientId,
    scopes: code.scopes,
    consentedAtMs: nowMs,
    refreshToken: newRefreshToken(randomness),
    refreshIssuedAtMs: nowMs,
    refreshedAtMs: nowMs,
    revoked: false,
    retired: new Set(),
  };
  code.grant = grant;
  tokens.grants.add(grant);
  tokens.byRefreshToken.set(grant.refreshToken, grant);
  return grant;
}

function newRefreshToken(randomness: Randomness): string {
  return `RT1-${randomness.bytes(2).readUInt16BE(0) % 300}-H0-${randomness.bytes(24).toString("base64url")}`;
}

export function hardEndMs(grant: Grant): number {
  return grant.consentedAtMs + hardLifeS * 1000;
}

/** Soft life of 101 days, rolling with every refresh, never past the five years after consent. */
export function softEndMs(grant: Grant): number {
  return Math.min(grant.refreshedAtMs + refreshLifeS * 1000, hardEndMs(grant));
}

/**
 * Refreshes: the value changes when it is at least 24 hours old and the old one is dead at once
 * (Intuit's FAQ quoted in spinen/laravel-quickbooks-client issue 46; QuickBooks-V3-PHP-SDK issue 324).
 */
export function refreshGrant(
  tokens: Tokens,
  randomness: Randomness,
  grant: Grant,
  when: { nowMs: number; always: boolean },
): "rotated" | "kept" {
  const { nowMs } = when;
  grant.refreshedAtMs = nowMs;
  if (!when.always && nowMs - grant.refreshIssuedAtMs < rotationMs) return "kept";
  grant.retired.add(grant.refreshToken);
  grant.refreshToken = newRefreshToken(randomness);
  grant.refreshIssuedAtMs = nowMs;
  tokens.byRefreshToken.set(grant.refreshToken, grant);
  return "rotated";
}

/** An access token is an encrypted JWT well over 1,000 characters. */
export function issueAccess(tokens: Tokens, randomness: Randomness, grant: Grant, nowMs: number): string {
  const header = Buffer.from('{"alg":"dir","enc":"A128CBC-HS256"}').toString("base64url");
  const token = `${header}..${randomness.bytes(12).toString("base64url")}.${randomness.bytes(750).toString("base64url")}`;
  const label = `AB0${Math.floor(nowMs / 1000)}${randomness.bytes(12).toString("base64url")}`;
  tokens.access.set(token, { grant, expiresAtMs: nowMs + accessLifeS * 1000, label });
  prune(tokens, nowMs);
  return token;
}

const mostAccessTokens = 50_000;

function prune(tokens: Tokens, nowMs: number): void {
  if (tokens.access.size <= mostAccessTokens) return;
  for (const [token, { expiresAtMs }] of tokens.access) {
    if (expiresAtMs < nowMs - 86_400_000 || tokens.access.size > mostAccessTokens) tokens.access.delete(token);
  }
}

export function revokeGrant(grant: Grant): void {
  grant.revoked = true;
}
