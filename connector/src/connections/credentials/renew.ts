// One refresh, from the noted attempt to the committed pair. States and events: SPEC.md.
//
//   attempt noted (committed) -> row locked -> asked -> new pair committed -> used
//                                   |            |-- answer lost: asked once more with the token that is still stored
//                                   |            |-- refused: state `refused`, alarm, a person must connect again
//                                   |            `-- busy or away: put off for all processes
//                                   `-- somebody else was faster: their pair is used
import type { RemoteFailure } from "../../domain/index.ts";
import { askForTokens } from "./ask.ts";
import { notConnected, putOffFailure, refusedBefore } from "./credential-failures.ts";
import type {
  CredentialAlarm,
  CredentialClock,
  CredentialKey,
  CredentialStore,
  FreshTokens,
  GrantSource,
  HeldCredential,
  Seal,
  StoredCredential,
} from "./ports.ts";
import { openTokens, toFreshTokens } from "./tokens.ts";

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

export type IsGood = (usable: UsableToken, credential: StoredCredential) => boolean;

type Renewal =
  | { kind: "usable"; usable: UsableToken }
  | { kind: "refused"; failure: RemoteFailure; because: string }
  | { kind: "failed"; failure: RemoteFailure }
  /** Somebody concluded the attempt that we had joined: ours has to be noted anew. */
  | { kind: "note-again" }
  | { kind: "look-again"; rejected: string };

/** What has been issued and may not be committed yet. */
interface Issued {
  was: string;
  fresh: FreshTokens;
  usable: UsableToken;
}

/** A process that issued tokens and could not store them tries again every second: one that is rejected meanwhile gives it time. */
const lookAgainAfterMs = 2_500;

/**
 * A token for which `isGood` holds: the stored one if it is good by now, else a new one. Throws RemoteFailure: `reauthorize` once the grant
 * is refused, the system's own failure when it could not be asked.
 */
export async function renew(key: CredentialKey, isGood: IsGood, options: RenewOptions): Promise<UsableToken> {
  const { store, alarm, clock } = options;
  let rejected: string | undefined;
  for (;;) {
    const noted = await store.noteAttempt(key);
    let issued: Issued | undefined;
    let renewal: Renewal | undefined;
    try {
      renewal = await store.withLock(key, async (held) => {
        const known = await whatIsKnown(held, isGood, options);
        if (known !== undefined) return known;
        return renewHeld(held, { rejected, lostBefore: noted.unconcluded, onIssued: (of) => (issued = of) }, options);
      });
    } catch (fault) {
      // The database went away under a pair that the system has issued: the former one may be dead already, so this one must not get lost.
      if (issued === undefined || !(await rescue(key, issued, options))) throw fault;
      renewal = { kind: "usable", usable: issued.usable };
    }
    if (renewal === undefined) throw notConnected(key);
    switch (renewal.kind) {
      case "usable":
        if (issued !== undefined) await alarm.restored(key);
        return renewal.usable;
      case "note-again":
        continue;
      case "look-again":
        rejected = renewal.rejected;
        await clock.wait(lookAgainAfterMs);
        continue;
      case "refused":
        await alarm.refused(key, renewal.because);
        throw renewal.failure;
      case "failed":
        if (renewal.failure.code === "invalid_client") await alarm.clientRefused(key, renewal.failure.says);
        throw renewal.failure;
    }
  }
}

/** Undefined: the token endpoint has to be asked. */
async function whatIsKnown(
  held: HeldCredential,
  isGood: IsGood,
  { seal, clock }: RenewOptions,
): Promise<Renewal | undefined> {
  const { credential } = held;
  if (credential.state === "refused") return { kind: "failed", failure: refusedBefore(credential) };
  const { accessToken: token } = await openTokens(seal, credential);
  const stored = { token, expiresAtMs: credential.accessExpiresAt?.getTime() };
  if (isGood(stored, credential)) {
    await held.concludeAttempt();
    return { kind: "usable", usable: stored };
  }
  const { putOff } = credential;
  if (putOff !== undefined && putOff.until.getTime() > clock.wallMs())
    return { kind: "failed", failure: putOffFailure(credential, putOff, clock.wallMs()) };
  return credential.attemptStartedAt === undefined ? { kind: "note-again" } : undefined;
}

async function renewHeld(
  held: HeldCredential,
  attempt: { rejected: string | undefined; lostBefore: boolean; onIssued: (issued: Issued) => void },
  options: RenewOptions,
): Promise<Renewal> {
  const { credential } = held;
  const pair = await openTokens(options.seal, credential);
  const answer = await askForTokens({ credential, pair, ...attempt }, options);
  switch (answer.kind) {
    case "issued": {
      const key = { system: credential.system, clientId: credential.clientId, subject: credential.subject };
      const nowMs = options.clock.wallMs();
      const { grant } = answer;
      const fresh = await toFreshTokens({ seal: options.seal, key, grant, former: { pair, credential }, nowMs });
      const usable = { token: grant.accessToken, expiresAtMs: fresh.accessExpiresAt?.getTime() };
      attempt.onIssued({ was: credential.sealed, fresh, usable });
      await held.store(fresh);
      return { kind: "usable", usable };
    }
    case "look-again":
      return { kind: "look-again", rejected: credential.sealed };
    case "grant-refused":
      await held.refuse(answer.because);
      return { kind: "refused", failure: answer.failure, because: answer.because };
    case "put-off":
      await held.concludeAttempt({ putOff: answer.putOff, unanswered: answer.unanswered });
      return { kind: "failed", failure: answer.failure };
  }
}

const rescueTries = 60;
const rescueWaitMs = 1_000;

/** Tries for a minute. False when another process has stored other tokens meanwhile. */
async function rescue(key: CredentialKey, issued: Issued, { store, clock }: RenewOptions): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (await store.rescue(key, issued.was, issued.fresh)) return true;
      // The commit had happened; only its answer was lost.
      return (await store.read(key))?.sealed === issued.fresh.sealed;
    } catch (fault) {
      if (attempt >= rescueTries) throw fault;
      await clock.wait(rescueWaitMs);
    }
  }
}
