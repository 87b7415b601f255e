import { createHash, timingSafeEqual } from "node:crypto";
import { isJsonObject, type JsonObject } from "../records/input.ts";
import { Refusal } from "../records/refusals.ts";
import type { Account } from "../world/account.ts";
import {
  type AuthorizationCode,
  type Credentials,
  issueToken,
  type OauthClient,
  ownerId,
  revokeToken,
  type Token,
} from "./tokens.ts";

// https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
const accessRange = { least: 300, most: 172_800 };
const refreshRange = { least: 604_800, most: 7_776_000 };

/** Errors of RFC 6749 section 5.2, which Zendesk's provider (Doorkeeper) follows. */
export function oauthError(status: number, error: string, description: string): Refusal {
  return new Refusal(status, { error, error_description: description });
}

export interface Granted {
  token: Token;
  body: JsonObject;
}

/** Answers `POST /oauth/tokens` by grant type. */
export function grantToken(account: Account, credentials: Credentials, body: unknown): Granted {
  if (!isJsonObject(body)) throw oauthError(400, "invalid_request", "The request is missing a required parameter.");
  switch (body.grant_type) {
    case "authorization_code":
      return exchangeCode(account, credentials, body);
    case "refresh_token":
      return rotateToken(account, credentials, body);
    case "client_credentials":
      return grantToClient(account, credentials, body);
    default:
      // `password` and the implicit grant were removed on 2025-02-17 (https://support.zendesk.com/hc/en-us/articles/8302546989466).
      throw oauthError(
        400,
        "unsupported_grant_type",
        "The authorization grant type is not supported by the authorization server.",
      );
  }
}

function exchangeCode(account: Account, credentials: Credentials, body: JsonObject): Granted {
  const client = findClient(credentials, body);
  // PKCE is mandatory for public clients, so that a code of theirs always has a challenge to be checked below.
  proveClient(client, body);
  const code = credentials.codes.get(text(body.code));
  const isBad =
    !code ||
    code.clientId !== client.id ||
    code.expiresAt <= account.clock.now() ||
    code.redirectUri !== body.redirect_uri;
  if (code) credentials.codes.delete(code.code);
  if (isBad || !isVerified(code, body.code_verifier)) throw invalidGrant();
  return answer(
    issueToken(account, credentials, {
      ...lives(account, body),
      clientId: client.id,
      userId: code.userId,
      scopes: code.scopes,
    }),
    account,
  );
}

/** The old pair is dead before the new one is answered; there is no second chance and no reuse detection (csa-zendesk 7.3). */
function rotateToken(account: Account, credentials: Credentials, body: JsonObject): Granted {
  const client = findClient(credentials, body);
  proveClient(client, body);
  const old = credentials.byRefresh.get(text(body.refresh_token));
  const now = account.clock.now();
  if (!old || old.clientId !== client.id || (old.refreshExpiresAt !== null && old.refreshExpiresAt <= now))
    throw invalidGrant();
  const wanted = readScopes(body.scope);
  if (wanted.some((scope) => !old.scopes.includes(scope))) throw invalidScope();
  const next = {
    ...lives(account, body),
    clientId: client.id,
    userId: old.userId,
    scopes: wanted.length > 0 ? wanted : old.scopes,
  };
  revokeToken(credentials, old);
  return answer(issueToken(account, credentials, next), account);
}

/** For confidential clients; the token acts as the client's own user and cannot be refreshed. */
function grantToClient(account: Account, credentials: Credentials, body: JsonObject): Granted {
  const client = findClient(credentials, body);
  if (client.kind !== "confidential")
    throw oauthError(401, "unauthorized_client", "The client is not authorized to use this grant.");
  proveClient(client, body);
  const scopes = readScopes(body.scope);
  checkCeiling(client, scopes);
  const { accessSeconds } = lives(account, { ...body, refresh_token_expires_in: undefined });
  const userId = client.userId ?? ownerId(account);
  const granted = scopes.length > 0 ? scopes : ["read", "write"];
  return answer(
    issueToken(account, credentials, {
      clientId: client.id,
      userId,
      scopes: granted,
      accessSeconds,
      refreshSeconds: null,
    }),
    account,
  );
}

export function readScopes(sent: unknown): string[] {
  return [
    ...new Set(
      text(sent)
        .split(/\s+/)
        .filter((scope) => scope !== ""),
    ),
  ];
}

/** A scope above the client's ceiling is refused; a name that Zendesk does not know is not (csa-zendesk 7.2b). */
export function checkCeiling(client: OauthClient, scopes: readonly string[]): void {
  if (client.ceiling.length > 0 && scopes.some((scope) => !client.ceiling.includes(scope))) throw invalidScope();
}

function findClient(credentials: Credentials, body: JsonObject): OauthClient {
  const client = credentials.clients.get(text(body.client_id));
  if (!client) throw invalidClient();
  return client;
}

/** A public client has no secret to show (verified for the refresh grant in csa-zendesk 7.3); a confidential one has. */
function proveClient(client: OauthClient, body: JsonObject): void {
  if (client.kind === "public") return;
  const sent = createHash("sha256").update(text(body.client_secret)).digest();
  const known = createHash("sha256")
    .update(client.secret ?? "")
    .digest();
  if (client.secret === null || !timingSafeEqual(sent, known)) throw invalidClient();
}

function isVerified(code: AuthorizationCode, verifier: unknown): boolean {
  if (code.challenge === null) return true;
  return createHash("sha256").update(text(verifier)).digest("base64url") === code.challenge;
}

function lives(account: Account, body: JsonObject): { accessSeconds: number; refreshSeconds: number } {
  const accessSeconds = inRange(body.expires_in, accessRange, account.switches.accessTokenSeconds, "expires_in");
  const refreshSeconds = inRange(
    body.refresh_token_expires_in,
    refreshRange,
    account.switches.refreshTokenSeconds,
    "refresh_token_expires_in",
  );
  if (accessSeconds >= refreshSeconds)
    throw oauthError(400, "invalid_request", "expires_in must be less than refresh_token_expires_in.");
  return { accessSeconds, refreshSeconds };
}

function inRange(sent: unknown, range: { least: number; most: number }, fallback: number, name: string): number {
  if (sent === undefined || sent === null) return fallback;
  const seconds = Number(sent);
  if (!Number.isInteger(seconds) || seconds < range.least || seconds > range.most) {
    throw oauthError(400, "invalid_request", `${name} must be between ${range.least} and ${range.most} seconds.`);
  }
  return seconds;
}

function answer(token: Token, account: Account): Granted {
  const now = account.clock.now();
  const seconds = (time: number | null): number | null => (time === null ? null : Math.round((time - now) / 1000));
  const refresh = token.refresh === null ? {} : { refresh_token: token.refresh };
  const refreshLife = token.refresh === null ? {} : { refresh_token_expires_in: seconds(token.refreshExpiresAt) };
  const body = {
    access_token: token.access,
    ...refresh,
    token_type: "bearer",
    scope: token.scopes.join(" "),
    expires_in: seconds(token.expiresAt),
    ...refreshLife,
  };
  return { token, body };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const invalidClient = (): Refusal =>
  oauthError(
    401,
    "invalid_client",
    "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
  );
const invalidGrant = (): Refusal =>
  oauthError(
    400,
    "invalid_grant",
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
  );
const invalidScope = (): Refusal =>
  oauthError(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.");
