import { isJsonObject, type JsonObject } from "../records/input.ts";
import { recordNotFound } from "../records/refusals.ts";
import { type Call, noContent, type Operation, ok, type Reply } from "../server/call.ts";
import { grantToken } from "./grant.ts";
import { revokeToken, type Token } from "./tokens.ts";

const blank = { action: "oauth/tokens", resource: "oauth", access: "write", needs: "nobody", run: grant } as const;
const grants = ["oauth.token", "oauth.refresh", "oauth.client-credentials"] as const;

/**
 * `POST /oauth/tokens` is one address and three operations, told apart by grant type before the router is asked; see
 * `grantOperation`. https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
 */
const tokenOperations = new Map<string, Operation>(
  grants.map((name) => [name, { ...blank, name, method: "POST", path: "/oauth/tokens" }]),
);

export const oauthOperations: Operation[] = [
  ...[...tokenOperations.values()].slice(0, 1),
  {
    name: "oauth.token-current",
    method: "GET",
    path: "/api/v2/oauth/tokens/current",
    action: "oauth/tokens/current",
    resource: "oauth",
    access: "read",
    needs: "agent",
    run: showCurrent,
  },
  {
    name: "oauth.token-revoke",
    method: "DELETE",
    path: "/api/v2/oauth/tokens/current",
    action: "oauth/tokens/revoke",
    resource: "oauth",
    access: "write",
    needs: "agent",
    run: revokeCurrent,
  },
];

/** The operation that a grant's body means. */
export function grantOperation(operation: Operation, body: unknown): Operation {
  if (operation.path !== "/oauth/tokens" || !isJsonObject(body)) return operation;
  const name =
    body.grant_type === "refresh_token"
      ? "oauth.refresh"
      : body.grant_type === "client_credentials"
        ? "oauth.client-credentials"
        : "oauth.token";
  return tokenOperations.get(name) ?? operation;
}

/** Answers 200: Zendesk's own zcli takes nothing else, although the reference prints 201. */
function grant(call: Call): Reply {
  const { account, credentials } = call.tenant;
  return {
    status: 200,
    body: grantToken(account, credentials, call.body).body,
    headers: { "cache-control": "no-store", pragma: "no-cache" },
  };
}

function currentToken(call: Call): Token {
  const token = call.caller?.token;
  if (!token) throw recordNotFound();
  return token;
}

function showCurrent(call: Call): Reply {
  return ok({ token: presentToken(call, currentToken(call)) });
}

function revokeCurrent(call: Call): Reply {
  revokeToken(call.tenant.credentials, currentToken(call));
  return noContent;
}

/** Only the first characters of the secrets are shown (OAuth tokens reference, JSON format). */
function presentToken(call: Call, token: Token): JsonObject {
  const iso = (time: number | null): string | null =>
    time === null ? null : `${new Date(time).toISOString().slice(0, 19)}Z`;
  return {
    url: `${call.root}/oauth/tokens/${token.id}.json`,
    id: token.id,
    user_id: token.userId,
    client_id: token.clientId,
    token: token.access.slice(0, 10),
    refresh_token: token.refresh === null ? null : token.refresh.slice(0, 10),
    created_at: iso(token.createdAt),
    expires_at: iso(token.expiresAt),
    refresh_token_expires_at: iso(token.refreshExpiresAt),
    used_at: iso(token.usedAt),
    scopes: token.scopes,
  };
}
