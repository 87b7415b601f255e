import { RemoteFailure, type System } from "../../domain/index.ts";
import type { CredentialClock, CredentialStore } from "./ports.ts";
import type { RefreshingTokenSource } from "./token-source.ts";

export interface DueRefreshes {
  refreshed: string[];
  failed: { subject: string; failure: RemoteFailure }[];
}

/** After a failure, so long until the next try; the server's wait, if longer. */
const againAfterMs = 60_000;

/**
 * For the tick: refreshes the credentials of one system that end within `aheadMs`, one after the other. While a round is under way, a tick joins
 * it. Refusals are incidents by then (see CredentialAlarm); a system that is away is asked again a minute later.
 */
export function createDueRefresher(options: {
  system: System;
  clientId: string;
  store: Pick<CredentialStore, "dueBefore">;
  tokens: RefreshingTokenSource;
  clock: CredentialClock;
  aheadMs: number;
}): () => Promise<DueRefreshes> {
  const { store, clock, aheadMs } = options;
  const notBeforeMs = new Map<string, number>();
  let underWay: Promise<DueRefreshes> | undefined;

  async function round(): Promise<DueRefreshes> {
    const due = await store.dueBefore(options.system, options.clientId, new Date(clock.wallMs() + aheadMs));
    const outcome: DueRefreshes = { refreshed: [], failed: [] };
    for (const { subject } of due) {
      if ((notBeforeMs.get(subject) ?? 0) > clock.wallMs()) continue;
      try {
        await options.tokens.refreshAhead(subject, aheadMs);
        notBeforeMs.delete(subject);
        outcome.refreshed.push(subject);
      } catch (failure) {
        if (!(failure instanceof RemoteFailure)) throw failure;
        notBeforeMs.set(subject, clock.wallMs() + Math.max(againAfterMs, failure.retryAfterMs ?? 0));
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
