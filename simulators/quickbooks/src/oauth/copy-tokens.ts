import type { Grant, Tokens } from "./grants.ts";

/** A copy that shares nothing that changes: grants are copied, and codes and tokens point at the copies. */
export function copyTokens(tokens: Tokens): Tokens {
  const copies = new Map<Grant, Grant>();
  for (const grant of tokens.grants) copies.set(grant, { ...grant, retired: new Set(grant.retired) });
  const copyOf = (grant: Grant): Grant => copies.get(grant) ?? grant;
  return {
    codes: new Map(
      [...tokens.codes].map(([key, code]) => [
        key,
        Object.assign({ ...code }, { grant: code.grant && copyOf(code.grant) }),
      ]),
    ),
    grants: new Set(copies.values()),
    byRefreshToken: new Map([...tokens.byRefreshToken].map(([key, grant]) => [key, copyOf(grant)])),
    access: new Map(
      [...tokens.access].map(([key, access]) => [key, Object.assign({ ...access }, { grant: copyOf(access.grant) })]),
    ),
    refreshing: new Map(tokens.refreshing),
  };
}
