import type { Account } from "../world/account.ts";
import { checkCeiling, readScopes } from "./grant.ts";
import { type Credentials, type OauthClient, ownerId } from "./tokens.ts";

export interface AuthorizationRequest {
  client: OauthClient;
  redirectUri: string;
  state: string | null;
  scopes: string[];
  challenge: string | null;
}

export type Understood =
  | { kind: "ask"; request: AuthorizationRequest }
  /** Told to the person: there is no address that could be trusted with a redirect. */
  | { kind: "refuse"; reason: string }
  | { kind: "redirect"; to: string };

const codeLifeMs = 120_000;

/**
 * Reads `GET /oauth/authorizations/new`. Errors before the redirect address is known to belong to the client are shown,
 * later ones are sent there (RFC 6749 section 4.1.2.1).
 * https://developer.zendesk.com/documentation/api-basics/authentication/using-oauth-to-authenticate/
 */
export function readAuthorization(credentials: Credentials, query: URLSearchParams): Understood {
  const client = credentials.clients.get(query.get("client_id") ?? "");
  if (!client)
    return { kind: "refuse", reason: "Invalid client: there is no OAuth client with this identifier in this account." };
  const redirectUri = query.get("redirect_uri") ?? client.redirectUris[0] ?? "";
  if (!isRedirectAllowed(client, redirectUri))
    return { kind: "refuse", reason: "Invalid redirect URI: it is not registered with this client." };
  const state = query.get("state");
  const fail = (error: string, description: string): Understood => ({
    kind: "redirect",
    to: failureAddress(redirectUri, state, error, description),
  });
  if (query.get("response_type") !== "code") {
    return fail("unsupported_response_type", "The authorization server does not support this response type.");
  }
  const challenge = query.get("code_challenge");
  const method = query.get("code_challenge_method") ?? "plain";
  if (challenge === null && client.kind === "public") return fail("invalid_request", "Code challenge is required.");
  if (challenge !== null && (method !== "S256" || !/^[\w-]{43}$/.test(challenge))) {
    return fail("invalid_request", "The code challenge method must be S256.");
  }
  const scopes = readScopes(query.get("scope"));
  try {
    checkCeiling(client, scopes);
  } catch {
    return fail("invalid_scope", "The requested scope is invalid, unknown, or malformed.");
  }
  return {
    kind: "ask",
    request: { client, redirectUri, state, scopes: scopes.length > 0 ? scopes : ["read"], challenge },
  };
}

/** Registered addresses match exactly; a client without any takes loopback addresses (a convenience of the simulator). */
function isRedirectAllowed(client: OauthClient, redirectUri: string): boolean {
  if (client.redirectUris.length > 0) return client.redirectUris.includes(redirectUri);
  return (
    URL.canParse(redirectUri) &&
    /^https?:$/.test(new URL(redirectUri).protocol) &&
    /^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(new URL(redirectUri).hostname)
  );
}

/** The person agreed: a code that lives 120 s, works once, and acts as that person. */
export function allow(
  account: Account,
  credentials: Credentials,
  request: AuthorizationRequest,
  userId: number | null,
): string {
  const now = account.clock.now();
  for (const [key, code] of credentials.codes) if (code.expiresAt <= now) credentials.codes.delete(key);
  const code = account.random.hex(64);
  credentials.codes.set(code, {
    code,
    clientId: request.client.id,
    userId: userId ?? ownerId(account),
    redirectUri: request.redirectUri,
    scopes: request.scopes,
    challenge: request.challenge,
    expiresAt: now + codeLifeMs,
  });
  return withParameters(request.redirectUri, { code, state: request.state });
}

export function deny(request: AuthorizationRequest): string {
  return failureAddress(
    request.redirectUri,
    request.state,
    "access_denied",
    "The end-user or authorization server denied the request.",
  );
}

function failureAddress(redirectUri: string, state: string | null, error: string, description: string): string {
  return withParameters(redirectUri, { error, error_description: description, state });
}

function withParameters(redirectUri: string, parameters: Record<string, string | null>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return url.toString();
}
