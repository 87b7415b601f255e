import type { System } from "../../domain/index.ts";
import type { CredentialKey, StoredCredential, TokenSource } from "./ports.ts";
import { notConnected, type RenewOptions, refusedBefore, renew, type UsableToken } from "./renew.ts";
import { openTokens } from "./tokens.ts";

/** A token that ends sooner is not handed out any more: it might end under way. */
const leastLeftMs = 60_000;

export interface RefreshingTokenSource extends TokenSource {
  /** Refreshes where the stored token ends within `aheadMs`. For the tick. */
  refreshAhead(subject: string, aheadMs: number): Promise<void>;
  /** The credential was replaced, by a new consent for example: what this process remembers of it is void. */
  forget(subject: string): void;
}

/** The tokens of our client at one system. Remembers them until shortly before their end; the row in the store is the truth. */
export function createTokenSource(options: RenewOptions & { system: System; clientId: string }): RefreshingTokenSource {
  const { system, clientId, store, clock } = options;
  const remembered = new Map<string, UsableToken>();
  const underWay = new Map<string, Promise<UsableToken>>();
  const keyOf = (subject: string): CredentialKey => ({ system, clientId, subject });

  const lasts = ({ expiresAtMs }: UsableToken, ms: number) =>
    expiresAtMs === undefined || expiresAtMs - clock.wallMs() > ms;

  async function readStored(subject: string): Promise<{ credential: StoredCredential; usable: UsableToken }> {
    const credential = await store.read(keyOf(subject));
    if (credential === undefined) throw notConnected(keyOf(subject));
    if (credential.state === "refused") throw refusedBefore(credential);
    const { accessToken: token } = await openTokens(options.seal, credential);
    return { credential, usable: { token, expiresAtMs: credential.accessExpiresAt?.getTime() } };
  }

  /** Callers of one process share one refresh; across processes the row's lock does the same. */
  async function refreshed(subject: string, isGood: (usable: UsableToken) => boolean): Promise<UsableToken> {
    for (;;) {
      const running = underWay.get(subject);
      if (running === undefined) break;
      const usable = await running;
      if (isGood(usable)) return usable;
    }
    const mine = renew(keyOf(subject), isGood, options).finally(() => underWay.delete(subject));
    underWay.set(subject, mine);
    const usable = await mine;
    remembered.set(subject, usable);
    return usable;
  }

  return {
    async accessToken(subject) {
      const known = remembered.get(subject);
      if (known !== undefined && lasts(known, leastLeftMs)) return known.token;
      const { usable } = await readStored(subject);
      if (!lasts(usable, leastLeftMs)) return (await refreshed(subject, (usable) => lasts(usable, leastLeftMs))).token;
      remembered.set(subject, usable);
      return usable.token;
    },

    async refreshAfterRefusal(subject, refusedToken) {
      remembered.delete(subject);
      return (await refreshed(subject, (usable) => usable.token !== refusedToken && lasts(usable, leastLeftMs))).token;
    },

    async refreshAhead(subject, aheadMs) {
      await refreshed(subject, (usable) => lasts(usable, aheadMs));
    },

    forget(subject) {
      remembered.delete(subject);
    },
  };
}
