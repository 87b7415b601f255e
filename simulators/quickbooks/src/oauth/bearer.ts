import { faults } from "../faults.ts";
import type { Grant, Tokens } from "./grants.ts";

/** Whose call it is, or the gateway's 401 (3200) or 403 (3100); recorded bodies are quoted in README. */
export function authenticate(
  tokens: Tokens,
  authorization: string | undefined,
  nowMs: number,
): { grant: Grant; token: string } {
  const token = /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) throw faults.authentication("");
  const access = tokens.access.get(token);
  if (access === undefined) throw faults.authentication("Token invalid");
  if (access.grant.revoked) throw faults.authentication(`Token revoked: ${access.label}`);
  if (nowMs >= access.expiresAtMs) throw faults.authentication(`Token expired: ${access.label}`);
  return { grant: access.grant, token };
}

/** The app must have been connected to this very company, with a scope that reads its books. */
export function authorizeRealm(grant: Grant, realm: string): void {
  if (grant.realm !== realm || !grant.scopes.includes("com.intuit.quickbooks.accounting")) throw faults.wrongRealm();
}
