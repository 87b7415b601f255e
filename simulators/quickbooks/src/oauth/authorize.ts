import { escapeHtml, page } from "../html.ts";
import { issueCode } from "./grants.ts";
import type { OAuthApp, OAuthWorld } from "./token-endpoint.ts";

export interface AuthorizeRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string;
  readonly responseType: string;
  readonly codeChallenge: string;
}

export type AuthorizeReply =
  | { readonly kind: "redirect"; readonly location: string }
  | { readonly kind: "page"; readonly status: number; readonly html: string };

export function authorizeRequest(fields: Readonly<Record<string, string>>): AuthorizeRequest {
  return {
    clientId: fields["client_id"] ?? "",
    redirectUri: fields["redirect_uri"] ?? "",
    scope: fields["scope"] ?? "",
    state: fields["state"] ?? "",
    responseType: fields["response_type"] ?? "",
    codeChallenge: fields["code_challenge"] ?? "",
  };
}

/** What is wrong with the request, in the words of a person; wrong requests never redirect. */
export function authorizeFault(
  apps: readonly OAuthApp[],
  request: AuthorizeRequest,
  pkce: "tolerated" | "refused",
): string | undefined {
  if (request.codeChallenge !== "" && pkce === "refused") return "The code_challenge query parameter is invalid.";
  const app = apps.find(({ clientId }) => clientId === request.clientId);
  if (app === undefined) return "The client_id is not that of a known app.";
  if (request.responseType !== "code") return "The response_type must be code.";
  if (request.scope.trim() === "") return "The scope query parameter is missing.";
  const unknown = request.scope.split(" ").find((scope) => scope !== "" && !scopes.has(scope));
  if (unknown !== undefined) return `Invalid permissions requested: ${unknown}`;
  if (request.state === "") return "The state query parameter is missing.";
  if (!isRegistered(app, request.redirectUri)) return "The redirect_uri query parameter value is invalid.";
  return undefined;
}

const scopes = new Set([
  "com.intuit.quickbooks.accounting",
  "com.intuit.quickbooks.payment",
  "openid",
  "profile",
  "email",
  "phone",
  "address",
]);

/** Exact match with a registered URI, without query (docs/develop/authentication-and-authorization/faq). */
function isRegistered(app: OAuthApp, redirectUri: string): boolean {
  if (app.redirectUris.length > 0) return app.redirectUris.includes(redirectUri);
  if (!URL.canParse(redirectUri)) return false;
  const { protocol, hostname, search } = new URL(redirectUri);
  const isLocal = hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]";
  return (protocol === "http:" || protocol === "https:") && isLocal && search === "";
}

export function consentPage(request: AuthorizeRequest, companies: readonly { realm: string; name: string }[]): string {
  const keep = Object.entries({
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: request.scope,
    state: request.state,
    response_type: request.responseType,
  })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join("");
  const options = companies
    .map(
      ({ realm, name }) => `<option value="${escapeHtml(realm)}">${escapeHtml(name)} (${escapeHtml(realm)})</option>`,
    )
    .join("");
  return page(
    "Connect an app",
    `<p>The app <strong>${escapeHtml(request.clientId)}</strong> asks for: <code>${escapeHtml(request.scope)}</code></p>
<form method="post" action="/connect/oauth2">${keep}
<p><label>Company <select name="realm">${options}</select></label></p>
<p><button name="decision" value="allow">Connect</button> <button name="decision" value="deny">No, thanks</button></p></form>`,
  );
}

export function refusedPage(reason: string): AuthorizeReply {
  return { kind: "page", status: 400, html: page("Sorry, but this did not connect", `<p>${escapeHtml(reason)}</p>`) };
}

/** Back to the app: `code`, `state` and `realmId`, or `error=access_denied` and `state`. */
export function decide(world: OAuthWorld, request: AuthorizeRequest, realm: string | undefined): AuthorizeReply {
  const target = new URL(request.redirectUri);
  if (realm === undefined) target.searchParams.set("error", "access_denied");
  else {
    const { code } = issueCode(world.tokens, world.randomness, {
      redirectUri: request.redirectUri,
      realm,
      clientId: request.clientId,
      scopes: request.scope.split(" ").filter((scope) => scope !== ""),
      issuedAtMs: world.nowMs,
    });
    target.searchParams.set("code", code);
  }
  target.searchParams.set("state", request.state);
  if (realm !== undefined) target.searchParams.set("realmId", realm);
  return { kind: "redirect", location: target.href };
}
