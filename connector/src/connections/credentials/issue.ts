// How a credential comes into the store: a consent, our client's own credentials, a legacy API token.
import type {
  CredentialAlarm,
  CredentialClock,
  CredentialKey,
  CredentialStore,
  Grant,
  GrantSource,
  Permission,
  Seal,
} from "./ports.ts";
import { sealTokens, toFreshTokens } from "./tokens.ts";

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
    permission: Permission;
    /** Hears that a client that was refused before is accepted again. */
    alarm?: Pick<CredentialAlarm, "restored">;
  },
): Promise<void> {
  const grant = await options.grants.issue({ subject: key.subject, permission: options.permission });
  await storeGrant(key, grant, { ...options, way: "client-credentials" });
  await options.alarm?.restored(key);
}

/** Zendesk's legacy way; all API tokens stop on 2027-04-30. It is sent as a whole Basic header and never refreshed. */
export async function useApiToken(
  key: CredentialKey,
  apiToken: { email: string; token: string },
  options: { store: CredentialStore; seal: Seal; clock: CredentialClock },
): Promise<void> {
  const basic = Buffer.from(`${apiToken.email}/token:${apiToken.token}`).toString("base64");
  const sealed = await sealTokens(options.seal, key, { accessToken: `Basic ${basic}`, refreshToken: undefined });
  await options.store.save(key, "api-token", {
    sealed,
    issuedAt: new Date(options.clock.wallMs()),
    accessExpiresAt: undefined,
    refreshExpiresAt: undefined,
    hardExpiresAt: undefined,
    scopes: undefined,
  });
}
