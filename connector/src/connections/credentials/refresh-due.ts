import { RemoteFailure, type System } from "../../domain/index.ts";
import type { CredentialClock, CredentialStore } from "./ports.ts";
import { longestAheadMs, refreshAt } from "./refresh-at.ts";
import type { RefreshingTokenSource } from "./token-source.ts";

export interface DueRefreshes {
  refreshed: string[];
  failed: { subject: string; failure: RemoteFailure }[];
}

/**
 * For the tick: refreshes the credentials of one system that are due, one after the other. While a round is under way, a tick joins it.
 * Refusals are incidents by then (see CredentialAlarm); a system that is away is asked again when its put-off is over.
 */
export function createDueRefresher(options: {
  system: System;
  store: Pick<CredentialStore, "endingBefore">;
  tokens: Pick<RefreshingTokenSource, "refreshAhead">;
  clock: CredentialClock;
}): () => Promise<DueRefreshes> {
  const { store, clock } = options;
  let underWay: Promise<DueRefreshes> | undefined;

  async function round(): Promise<DueRefreshes> {
    const until = new Date(clock.wallMs() + longestAheadMs);
    const outcome: DueRefreshes = { refreshed: [], failed: [] };
    for (const credential of await store.endingBefore(options.system, until)) {
      const dueAt = refreshAt(credential);
      const waitsUntil = Math.max(dueAt?.getTime() ?? Infinity, credential.putOff?.until.getTime() ?? 0);
      if (waitsUntil > clock.wallMs()) continue;
      const { subject } = credential;
      try {
        await options.tokens.refreshAhead(credential);
        outcome.refreshed.push(subject);
      } catch (failure) {
        if (!(failure instanceof RemoteFailure)) throw failure;
        outcome.failed.push({ subject, failure });
      }
    }
    return outcome;
  }

  return () => {
    underWay ??= round().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
