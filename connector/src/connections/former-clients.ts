import { RemoteFailure } from "../domain/index.ts";
import { type CredentialKey, type CredentialStore, openTokens, type Seal } from "./credentials/index.ts";
import type { OurClient, OurClients } from "./ports.ts";

/**
 * Somebody consented through another client of ours: what the former one was granted ends, there and here. The new consent does not depend on
 * whether the system takes the former tokens back.
 */
export async function endFormerClients(
  now: CredentialKey,
  options: { credentials: CredentialStore; clients: OurClients; seal: Seal },
): Promise<void> {
  const { system, subject } = now;
  for (const former of await options.credentials.ofSubject(system, subject)) {
    if (former.clientId === now.clientId) continue;
    const client = await options.clients.named(system, subject, former.clientId);
    if (client) await revokeTokens(former, client, options);
    else await options.credentials.remove(former);
  }
}

/** False: the system did not take it. The tokens are gone here in any case. */
export async function revokeTokens(
  { system, clientId, subject }: CredentialKey,
  { grants }: Pick<OurClient, "grants">,
  { credentials, seal }: { credentials: CredentialStore; seal: Seal },
): Promise<boolean> {
  const key = { system, clientId, subject };
  const credential = await credentials.read(key);
  let done = true;
  if (credential !== undefined && credential.state === "valid" && credential.way !== "api-token") {
    const pair = await openTokens(seal, credential);
    done = await grants.revoke({ subject, ...pair }).then(
      () => true,
      (failure: unknown) => {
        if (failure instanceof RemoteFailure) return false;
        throw failure;
      },
    );
  }
  await credentials.remove(key);
  return done;
}
