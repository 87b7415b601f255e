// After a new current key: every sealed text is sealed again, while everything goes on working.
import type { CredentialKey, CredentialStore, Seal } from "./ports.ts";
import { SealBroken } from "./seal.ts";
import { openTokens, sealTokens } from "./tokens.ts";

/** Seals every credential again that names a former key. One that changes meanwhile seals itself. */
export async function resealCredentials(options: {
  store: CredentialStore;
  seal: Seal;
}): Promise<{ resealed: number; broken: CredentialKey[] }> {
  const { store, seal } = options;
  const outcome: Awaited<ReturnType<typeof resealCredentials>> = { resealed: 0, broken: [] };
  for (const credential of await store.all()) {
    if (seal.isCurrent(credential.sealed)) continue;
    try {
      const sealed = await sealTokens(seal, credential, await openTokens(seal, credential));
      if (await store.reseal(credential, credential.sealed, sealed)) outcome.resealed += 1;
    } catch (fault) {
      if (!(fault instanceof SealBroken)) throw fault;
      outcome.broken.push({ system: credential.system, clientId: credential.clientId, subject: credential.subject });
    }
  }
  return outcome;
}
