// One refresh, from the lock to the committed pair.
//
//   attempt noted (committed) -> row locked -> asked -> new pair committed -> used
//                                   |            |-- answer lost: asked once more with the token that is still stored
//                                   |            |-- refused: state `refused`, alarm, a person must connect again
//                                   |            `-- busy or away: nothing changes, later
//                                   `-- somebody else was faster: their pair is used
import { RemoteFailure } from "../../domain/index.ts";
import type {
  CredentialAlarm,
  CredentialClock,
  CredentialKey,
  CredentialStore,
  FreshTokens,
  Grant,
  GrantSource,
  HeldCredential,
  Seal,
  StoredCredential,
} from "./ports.ts";
import { openTokens, type TokenPair, toFreshTokens } from "./tokens.ts";

export interface RenewOptions {
  store: CredentialStore;
  seal: Seal;
  grants: GrantSource;
  alarm: CredentialAlarm;
  clock: CredentialClock;
}

export interface UsableToken {
  token: string;
  /** Milliseconds since 1970; undefined = it does not end. */
  expiresAtMs: number | undefined;
}

type Renewal =
  | { kind: "usable"; usable: UsableToken }
  | { kind: "refused"; failure: RemoteFailure; because: string }
  | { kind: "failed"; failure: RemoteFailure };

/**
 * A token for which `isGood` holds: the stored one if it is good by now, else a new one. Throws RemoteFailure: `reauthorize` once the grant
 * is refused, the system's own failure when it could not be asked.
 */
export async function renew(
  key: CredentialKey,
  isGood: (usable: UsableToken) => boolean,
  options: RenewOptions,
): Promise<UsableToken> {
  const { store, alarm } = options;
  const { unconcluded } = await store.noteAttempt(key);
  let issued: { was: string; fresh: FreshTokens; usable: UsableToken } | undefined;
  let renewal: Renewal | undefined;
  try {
    renewal = await store.withLock(key, async (held): Promise<Renewal> => {
      const { credential } = held;
      const pair = await openTokens(options.seal, credential);
      const stored = { token: pair.accessToken, expiresAtMs: credential.accessExpiresAt?.getTime() };
      if (credential.state === "valid" && isGood(stored)) {
        await held.concludeAttempt();
        return { kind: "usable", usable: stored };
      }
      if (credential.state === "refused") return { kind: "failed", failure: refusedBefore(credential) };
      const asked = await askForTokens({ held, pair, lostBefore: unconcluded }, options);
      if ("failure" in asked) return asked;
      const fresh = await toFreshTokens({
        seal: options.seal,
        key,
        grant: asked.grant,
        former: { pair, credential },
        nowMs: options.clock.wallMs(),
      });
      const usable = { token: asked.grant.accessToken, expiresAtMs: fresh.accessExpiresAt?.getTime() };
      issued = { was: credential.sealed, fresh, usable };
      await held.store(fresh);
      return { kind: "usable", usable };
    });
  } catch (fault) {
    // The database went away under a pair that the system has issued: the former one may be dead already, so this one must not get lost.
    if (issued === undefined || !(await rescue(key, issued, options))) throw fault;
    return issued.usable;
  }
  if (renewal === undefined) throw notConnected(key);
  if (renewal.kind === "usable") {
    if (issued !== undefined) await alarm.restored(key);
    return renewal.usable;
  }
  if (renewal.kind === "refused") await alarm.refused(key, renewal.because);
  else if (renewal.failure.code === "invalid_client") await alarm.clientRefused(key, renewal.failure.says);
  throw renewal.failure;
}

/** Asks for new tokens; after a lost answer once more with the token that is still stored, which works unless it was replaced already. */
async function askForTokens(
  { held, pair, lostBefore }: { held: HeldCredential; pair: TokenPair; lostBefore: boolean },
  { grants }: RenewOptions,
): Promise<{ grant: Grant } | Extract<Renewal, { failure: RemoteFailure }>> {
  const { credential } = held;
  let lost = false;
  for (;;) {
    try {
      return { grant: await ask(credential, pair, grants) };
    } catch (failure) {
      if (!(failure instanceof RemoteFailure)) throw failure;
      if (failure.action === "reauthorize" && failure.code !== "invalid_client") {
        const because = whyRefused(credential, lost || lostBefore, failure);
        await held.refuse(because);
        return { kind: "refused", failure, because };
      }
      if (failure.outcomeUnknown && !lost) {
        lost = true;
        continue;
      }
      if (!lost && !failure.outcomeUnknown) await held.concludeAttempt();
      return { kind: "failed", failure };
    }
  }
}

function ask(credential: StoredCredential, pair: TokenPair, grants: GrantSource): Promise<Grant> {
  const { subject, way } = credential;
  if (way === "client-credentials") return grants.issue({ subject });
  if (pair.refreshToken === undefined) throw cannotRefresh(credential);
  return grants.refresh({ subject, refreshToken: pair.refreshToken });
}

const rescueTries = 60;
const rescueWaitMs = 1_000;

/** Tries for a minute. False when another process has stored other tokens meanwhile. */
async function rescue(
  key: CredentialKey,
  issued: { was: string; fresh: FreshTokens },
  { store, clock }: RenewOptions,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.replace(key, issued.was, issued.fresh);
    } catch (fault) {
      if (attempt >= rescueTries) throw fault;
      await clock.wait(rescueWaitMs);
    }
  }
}

const names = { quickbooks: "QuickBooks", zendesk: "Zendesk" } as const;

function whyRefused(credential: StoredCredential, lost: boolean, failure: RemoteFailure): string {
  const of = `${names[credential.system]} (${credential.subject})`;
  if (lost && credential.way === "authorization-code")
    return `The answer to a token refresh of ${of} was lost, and the former token is no longer accepted: connect it again.`;
  return `${of}: ${failure.says}`;
}

export function refusedBefore(credential: StoredCredential): RemoteFailure {
  return new RemoteFailure({
    system: credential.system,
    operation: "oauth.refresh",
    code: "refused",
    action: "reauthorize",
    says: credential.refusedBecause ?? `${names[credential.system]} no longer accepts our token: connect again.`,
  });
}

export function notConnected(key: CredentialKey): RemoteFailure {
  return new RemoteFailure({
    system: key.system,
    operation: "oauth.refresh",
    code: "not-connected",
    action: "reauthorize",
    says: `${names[key.system]} (${key.subject}) is not connected: connect it.`,
  });
}

function cannotRefresh(credential: StoredCredential): RemoteFailure {
  return new RemoteFailure({
    system: credential.system,
    operation: "oauth.refresh",
    code: "no-refresh-token",
    action: "reauthorize",
    says:
      credential.way === "api-token"
        ? `${names[credential.system]} no longer accepts the API token: connect by OAuth.`
        : `${names[credential.system]} gave no refresh token: connect again.`,
  });
}
