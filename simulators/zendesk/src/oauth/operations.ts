import { isJsonObject } from "../records/input.ts";
import type { Call, Operation, Reply } from "../server/call.ts";
import { grantToken } from "./grant.ts";
import { tokenAdminOperations } from "./token-admin.ts";

const blank = {
  action: "oauth/tokens",
  resource: "oauth",
  access: "write",
  needs: "nobody",
  method: "POST",
  path: "/oauth/tokens",
  run: grant,
} as const;
const codeGrant: Operation = { ...blank, name: "oauth.token" };

/**
 * `POST /oauth/tokens` is one address and three operations, told apart by grant type once the body is read; see
 * `grantOperation`. https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
 */
const grants = new Map<unknown, Operation>([
  ["refresh_token", { ...blank, name: "oauth.refresh" }],
  ["client_credentials", { ...blank, name: "oauth.client-credentials" }],
]);

export const oauthOperations: Operation[] = [codeGrant, ...tokenAdminOperations];

/** The operation that a grant's body means. */
export function grantOperation(operation: Operation, body: unknown): Operation {
  if (operation !== codeGrant || !isJsonObject(body)) return operation;
  return grants.get(body.grant_type) ?? operation;
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
