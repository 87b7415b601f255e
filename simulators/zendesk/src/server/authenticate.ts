import { timingSafeEqual } from "node:crypto";
import { isGranted, neededScopes } from "../oauth/scopes.ts";
import { liveToken } from "../oauth/tokens.ts";
import { forbidden, notAuthenticated, Refusal } from "../records/refusals.ts";
import type { Switches } from "../world/switches.ts";
import type { Caller, Operation } from "./call.ts";
import type { Tenant } from "./tenant.ts";

/**
 * Who calls. Without credentials, or with a password, nobody does: `users/me` then answers "Anonymous user" and everything
 * else 401. A wrong API token and a wrong bearer token are 401 everywhere (csa-zendesk API-SURFACE 5.1).
 */
export function authenticate(tenant: Tenant, authorization: string | undefined): Caller | undefined {
  if (authorization === undefined) return undefined;
  const bearer = /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return byToken(tenant, bearer);
  const basic = /^basic\s+(\S+)\s*$/i.exec(authorization)?.[1];
  if (basic === undefined) return undefined;
  const decoded = Buffer.from(basic, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  const [login, secret] = colon < 0 ? [decoded, ""] : [decoded.slice(0, colon), decoded.slice(colon + 1)];
  return login.endsWith("/token") ? byApiToken(tenant, login.slice(0, -"/token".length), secret) : undefined;
}

function byToken(tenant: Tenant, access: string): Caller {
  const { account, credentials } = tenant;
  const token = liveToken(credentials, access, account.clock.now());
  const user = token && account.users.get(token.userId);
  if (!token || !user?.active || user.suspended) {
    const description = "The access token provided is expired, revoked, malformed or invalid for other reasons.";
    throw new Refusal(
      401,
      { error: "invalid_token", error_description: description },
      { "www-authenticate": 'Bearer realm="OAuth API"' },
    );
  }
  token.usedAt = account.clock.now();
  return { user, scopes: token.scopes, token };
}

/** Basic `email/token:token`, accepted until 2027-04-30: https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/ */
function byApiToken(tenant: Tenant, email: string, secret: string): Caller {
  const { account, credentials } = tenant;
  const isOver = account.clock.now() >= Date.parse("2027-05-01T00:00:00Z");
  const sent = Buffer.from(secret);
  const known = credentials.apiTokens.find((one) => {
    const token = Buffer.from(one.token);
    return (
      one.email.toLowerCase() === email.toLowerCase() && token.length === sent.length && timingSafeEqual(token, sent)
    );
  });
  const identity = account.identities.first("value", email.toLowerCase());
  const user = identity && account.users.get(identity.user_id);
  if (!known || isOver || !account.switches.legacyTokens || !user?.active) throw notAuthenticated();
  return { user, scopes: ["read", "write"], token: null };
}

// What covers these is not documented; without the switch only the general scopes do.
const relatedToOrganizations = new Set(["organization_fields", "organization_memberships", "job_statuses"]);

/** Scopes first, then the person's role: a token reaches no further than either. */
export function authorize(operation: Operation, caller: Caller | undefined, switches: Switches): void {
  if (operation.needs === "nobody") return;
  if (!caller) throw notAuthenticated();
  const isRelated = switches.relatedScopes && relatedToOrganizations.has(operation.resource);
  const resource = isRelated ? "organizations" : operation.resource;
  if (!isGranted(caller.scopes, resource, operation.access)) {
    const missing = neededScopes(resource, operation.access)[0] ?? operation.access;
    throw new Refusal(403, {
      error: "Forbidden",
      description: `You are missing the following required scopes: ${missing}`,
    });
  }
  const { role } = caller.user;
  if (role === "end-user" || (operation.needs === "admin" && role !== "admin")) throw forbidden();
}
