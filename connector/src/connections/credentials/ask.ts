// One question to the token endpoint, and what its answer means for the credential.
import { RemoteFailure } from "../../domain/index.ts";
import { cannotRefresh, whyRefused } from "./credential-failures.ts";
import { permissionOf } from "./permission.ts";
import type { CredentialClock, Grant, GrantSource, PutOff, StoredCredential } from "./ports.ts";
import type { TokenPair } from "./tokens.ts";

export type TokenAnswer =
  | { kind: "issued"; grant: Grant }
  | { kind: "grant-refused"; failure: RemoteFailure; because: string }
  /** Rejected, but a process that asked before us may hold newer tokens: the row is read once more before the grant is given up. */
  | { kind: "look-again" }
  | { kind: "put-off"; failure: RemoteFailure; putOff: PutOff; unanswered: boolean };

interface Question {
  credential: StoredCredential;
  pair: TokenPair;
  /** An earlier attempt was never concluded. */
  lostBefore: boolean;
  /** The sealed tokens that were rejected just before. */
  rejected: string | undefined;
}

/**
 * Intuit may take two refreshes at one time for a theft (intuit/oauth-jsclient issue 138): the first one, whose answer was lost, must be over
 * before the stored token is tried again.
 */
const againAfterLostMs = 2_000;

export async function askForTokens(
  question: Question,
  { grants, clock }: { grants: GrantSource; clock: CredentialClock },
): Promise<TokenAnswer> {
  const { credential, pair, lostBefore, rejected } = question;
  let lost = false;
  if (rejected === credential.sealed) return refuse(rejectedAgain(credential));
  for (;;) {
    try {
      return { kind: "issued", grant: await ask(credential, pair, grants) };
    } catch (failure) {
      if (!(failure instanceof RemoteFailure)) throw failure;
      if (failure.action === "reauthorize" && failure.code !== "invalid_client") {
        const mayBeElsewhere = lostBefore && rejected === undefined && pair.refreshToken !== undefined;
        return mayBeElsewhere ? { kind: "look-again" } : refuse(failure);
      }
      if (failure.outcomeUnknown && !lost) {
        lost = true;
        await clock.wait(againAfterLostMs);
        continue;
      }
      const unanswered = lost || lostBefore || failure.outcomeUnknown;
      return { kind: "put-off", failure, putOff: putOff(credential, failure, clock.wallMs()), unanswered };
    }
  }

  function refuse(failure: RemoteFailure): TokenAnswer {
    return { kind: "grant-refused", failure, because: whyRefused(credential, lost || lostBefore, failure) };
  }
}

function ask(credential: StoredCredential, pair: TokenPair, grants: GrantSource): Promise<Grant> {
  const { subject, way } = credential;
  const permission = permissionOf(credential.scopes);
  if (way === "client-credentials") return grants.issue({ subject, permission });
  if (pair.refreshToken === undefined) throw cannotRefresh(credential);
  return grants.refresh({ subject, refreshToken: pair.refreshToken, permission });
}

function rejectedAgain({ system }: StoredCredential): RemoteFailure {
  const name = system === "quickbooks" ? "Intuit" : "Zendesk";
  return new RemoteFailure({
    system,
    operation: "oauth.refresh",
    code: "invalid_grant",
    action: "reauthorize",
    says: `${name} no longer accepts our grant: connect again.`,
  });
}

const firstPutOffMs = 2_000;
/** Not the quarter of an hour of other calls: one question a minute for each credential costs nobody anything, and all work waits for it. */
const longestPutOffMs = 60_000;

/** Doubles from try to try; the system's own wait, if longer. */
function putOff({ putOff }: StoredCredential, failure: RemoteFailure, nowMs: number): PutOff {
  const times = (putOff?.times ?? 0) + 1;
  const waitMs = Math.max(failure.retryAfterMs ?? 0, Math.min(longestPutOffMs, firstPutOffMs * 2 ** (times - 1)));
  const { code, action, says } = failure;
  return { until: new Date(nowMs + waitMs), times, code, action, says };
}
