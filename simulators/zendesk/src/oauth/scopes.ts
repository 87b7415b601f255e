/**
 * `read` and `write` for everything, `resource:read|write` for one kind. The list is that of the OAuth tokens reference;
 * resources without a scope of their own are covered by the general ones only.
 */
const scopedResources = new Set([
  "tickets",
  "users",
  "organizations",
  "webhooks",
  "auditlogs",
  "triggers",
  "apps",
  "hc",
]);

export type Access = "read" | "write";

/** The scopes of which a token needs one; the first is the one that the refusal names. */
export function neededScopes(resource: string, access: Access): string[] {
  return scopedResources.has(resource) ? [access, `${resource}:${access}`] : [access];
}

export function isGranted(scopes: readonly string[], resource: string, access: Access): boolean {
  return neededScopes(resource, access).some((scope) => scopes.includes(scope));
}
