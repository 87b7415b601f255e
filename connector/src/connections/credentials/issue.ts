// How a credential comes into the store: a consent, our client's own credentials, a legacy API token. And how it stays good while it lies there.
import type {
  CredentialAlarm,
  CredentialClock,
  CredentialKey,
  CredentialStore,
  Grant,
  GrantSource,
  Seal,
  StoredCredential,
} from "./ports.ts";
import { SealBroken } from "./seal.ts";
import { openTokens, sealTokens, toFreshTokens } from "./tokens.ts";

/** Stores what a consent brought. */
export async function storeGrant(
  key: CredentialKey,
  grant: Grant,
  options: {
    store: CredentialStore;
    seal: Seal;
    clock: CredentialClock;
    way: "authorization-code" | "client-credentials";
  },
): Promise<void> {
  const fresh = await toFreshTokens({
    seal: options.seal,
    key,
    grant,
    former: undefined,
    nowMs: options.clock.wallMs(),
  });
  await options.store.save(key, options.way, fresh);
}

/** Our client speaks for itself: Zendesk's grant for installations of one account. Throws RemoteFailure. */
export async function useClientCredentials(
  key: CredentialKey,
  options: {
    store: CredentialStore;
    seal: Seal;
    clock: CredentialClock;
    grants: GrantSource;
    /** Hears that a client that was refused before is accepted again. */
    alarm?: Pick<CredentialAlarm, "restored">;
  },
): Promise<void> {
  const grant = await options.grants.issue({ subject: key.subject });
  await storeGrant(key, grant, { ...options, way: "client-credentials" });
  await options.alarm?.restored(key);
}

/** Zendesk's legacy way; all API tokens stop on 2027-04-30. It is sent as a whole Basic header and never refreshed. */
export async function useApiToken(
  key: CredentialKey,
  apiToken: { email: string; token: string },
  options: { store: CredentialStore; seal: Seal },
): Promise<void> {
  const basic = Buffer.from(`${apiToken.email}/token:${apiToken.token}`).toString("base64");
  const sealed = await sealTokens(options.seal, key, { accessToken: `Basic ${basic}`, refreshToken: undefined });
  await options.store.save(key, "api-token", {
    sealed,
    accessExpiresAt: undefined,
    refreshExpiresAt: undefined,
    hardExpiresAt: undefined,
    scopes: undefined,
  });
}

/** What a person should hear before it happens: consent that ends, by disuse or after five years. */
export interface EndingCredential extends CredentialKey {
  what: "unused" | "five-years";
  endsAt: Date;
}

const warnBeforeMs = 30 * 24 * 60 * 60 * 1000;

/** Sooner than 30 days. A credential that is refreshed rolls its unused end forward, so that one only shows when refreshing fails. */
export function endingSoon(credentials: readonly StoredCredential[], now: Date): EndingCredential[] {
  const isNear = (end: Date | undefined): end is Date =>
    end !== undefined && end.getTime() - now.getTime() < warnBeforeMs;
  return credentials
    .filter(({ state }) => state === "valid")
    .flatMap(({ system, clientId, subject, refreshExpiresAt, hardExpiresAt, accessExpiresAt }) => {
      const key = { system, clientId, subject };
      const ends: EndingCredential[] = [];
      if (isNear(hardExpiresAt)) ends.push({ ...key, what: "five-years", endsAt: hardExpiresAt });
      // Lives of 30 days or less are always near: warn only once the access token has ended, too, i.e. nothing refreshes it.
      if (isNear(refreshExpiresAt) && accessExpiresAt !== undefined && accessExpiresAt < now)
        ends.push({ ...key, what: "unused", endsAt: refreshExpiresAt });
      return ends;
    });
}

/** After a new current key: seals every row again that names a former one. Rows that change meanwhile seal themselves. */
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
      if (await store.replace(credential, credential.sealed, { ...credential, sealed })) outcome.resealed += 1;
    } catch (fault) {
      if (!(fault instanceof SealBroken)) throw fault;
      outcome.broken.push({ system: credential.system, clientId: credential.clientId, subject: credential.subject });
    }
  }
  return outcome;
}
