// What callers hear where there is no token.
import { RemoteFailure } from "../../domain/index.ts";
import type { CredentialKey, PutOff, StoredCredential } from "./ports.ts";

const names = { quickbooks: "QuickBooks", zendesk: "Zendesk" } as const;
const operation = "oauth.refresh";

/** The code of a dead grant, and the cause of its incident. */
export const grantRefused = "grant-refused";

export function whyRefused(credential: StoredCredential, lost: boolean, failure: RemoteFailure): string {
  const of = `${names[credential.system]} (${credential.subject})`;
  if (lost && credential.way === "authorization-code")
    return `The answer to a token refresh of ${of} was lost, and the former token is no longer accepted: connect it again.`;
  return `${of}: ${failure.says}`;
}

export function refusedBefore({ system, refusedBecause }: StoredCredential): RemoteFailure {
  const says = refusedBecause ?? `${names[system]} no longer accepts our token: connect again.`;
  return new RemoteFailure({ system, operation, code: grantRefused, action: "reauthorize", says });
}

export function notConnected({ system, subject }: CredentialKey): RemoteFailure {
  const says = `${names[system]} (${subject}) is not connected: connect it.`;
  return new RemoteFailure({ system, operation, code: "not-connected", action: "reauthorize", says });
}

/** What the token endpoint said last, until it may be asked again. */
export function putOffFailure({ system }: StoredCredential, putOff: PutOff, nowMs: number): RemoteFailure {
  const { code, action, says, until } = putOff;
  return new RemoteFailure({ system, operation, code, action, says, retryAfterMs: until.getTime() - nowMs });
}

export function cannotRefresh({ system, way }: StoredCredential): RemoteFailure {
  const says =
    way === "api-token"
      ? `${names[system]} no longer accepts the API token: connect by OAuth.`
      : `${names[system]} gave no refresh token: connect again.`;
  return new RemoteFailure({ system, operation, code: "no-refresh-token", action: "reauthorize", says });
}
