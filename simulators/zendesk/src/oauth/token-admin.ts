import { type JsonObject, requireObject, textOf } from "../records/input.ts";
import { forbidden, recordNotFound } from "../records/refusals.ts";
import { type Call, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { listPage } from "../server/paging.ts";
import { presentToken } from "./present-token.ts";
import { issueToken, revokeToken, type Token } from "./tokens.ts";

/** https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_tokens/ and .../oauth_clients/ */
export const tokenAdminOperations: Operation[] = operationsOf("oauth", [
  ["ListOAuthTokens", "GET", "oauth/tokens", "oauth/tokens/index", listTokens],
  [
    "ShowOAuthToken",
    "GET",
    "oauth/tokens/{id}",
    "oauth/tokens/show",
    (call) => ok({ token: presentToken(requireToken(call), call.root) }),
  ],
  ["CreateOAuthToken", "POST", "oauth/tokens", "oauth/tokens/create", createToken, "admin"],
  ["RevokeOAuthToken", "DELETE", "oauth/tokens/{id}", "oauth/tokens/destroy", revoke],
  [
    "oauth.token-current",
    "GET",
    "oauth/tokens/current",
    "oauth/tokens/current",
    (call) => ok({ token: presentToken(currentToken(call), call.root) }),
  ],
  ["oauth.token-revoke", "DELETE", "oauth/tokens/current", "oauth/tokens/revoke", revokeCurrent],
  ["ListOAuthClients", "GET", "oauth/clients", "oauth/clients/index", listClients, "admin"],
]);

function tokensOf(call: Call): Token[] {
  const all = [...call.tenant.credentials.byAccess.values()].sort((a, b) => a.id - b.id);
  const isAdmin = call.caller?.user.role === "admin";
  return isAdmin && call.query.get("all") === "true"
    ? all
    : all.filter((token) => token.userId === call.caller?.user.id);
}

function listTokens(call: Call): Reply {
  return listPage({ call, key: "tokens", source: tokensOf(call), present: (token) => presentToken(token, call.root) });
}

function requireToken(call: Call): Token {
  const token = [...call.tenant.credentials.byAccess.values()].find((one) => String(one.id) === call.params.id);
  if (!token) throw recordNotFound();
  if (token.userId !== call.caller?.user.id && call.caller?.user.role !== "admin") throw forbidden();
  return token;
}

function currentToken(call: Call): Token {
  const token = call.caller?.token;
  if (!token) throw recordNotFound();
  return token;
}

/** Made by an admin for a client: without refresh token, shown in full this once. */
function createToken(call: Call): Reply {
  const { account, credentials } = call.tenant;
  const sent = requireObject(call.body, "token", call.operation.action);
  const client = [...credentials.clients.values()].find((one) => one.id === Number(sent.client_id));
  if (!client) throw recordNotFound();
  const scopes = Array.isArray(sent.scopes) ? sent.scopes.map(textOf) : ["read"];
  const userId = call.caller?.user.id ?? 0;
  const token = issueToken(account, credentials, {
    clientId: client.id,
    userId,
    scopes,
    accessSeconds: account.switches.accessTokenSeconds,
    refreshSeconds: null,
  });
  return { status: 201, body: { token: { ...presentToken(token, call.root), full_token: token.access } } };
}

function revoke(call: Call): Reply {
  revokeToken(call.tenant.credentials, requireToken(call));
  return noContent;
}

function revokeCurrent(call: Call): Reply {
  revokeToken(call.tenant.credentials, currentToken(call));
  return noContent;
}

function listClients(call: Call): Reply {
  const source = [...call.tenant.credentials.clients.values()];
  const present = (client: (typeof source)[number]): JsonObject => ({
    id: client.id,
    url: `${call.root}/oauth/clients/${client.id}.json`,
    name: client.identifier,
    identifier: client.identifier,
    kind: client.kind,
    global: false,
    redirect_uri: client.redirectUris,
    secret: client.secret === null ? null : client.secret.slice(0, 10),
    user_id: client.userId,
  });
  return listPage({ call, key: "clients", source, present });
}
