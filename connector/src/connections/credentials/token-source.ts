import type { System } from "../../domain/index.ts";
import { notConnected, refusedBefore } from "./credential-failures.ts";
import type { CredentialKey, StoredCredential, TokenSource } from "./ports.ts";
import { type IsGood, type RenewOptions, renew, type UsableToken } from "./renew.ts";
import { openTokens } from "./tokens.ts";

/** A token that ends sooner is not handed out any more: it might end under way. */
const leastLeftMs = 60_000;

export interface RefreshingTokenSource extends TokenSource {
  /** Refreshes these tokens, unless somebody has done so. For the tick. */
  refreshAhead(due: Pick<StoredCredential, "subject" | "sealed" | "clientId">): Promise<void>;
  /** The credential was replaced, by a new consent for example: what this process remembers of it is void. */
  forget(subject: string): void;
}

/** The tokens of our client at one system. Remembers them until shortly before their end; the row in the store is the truth. */
export function createTokenSource(options: RenewOptions & { system: System; clientId: string }): RefreshingTokenSource {
  const { system, clientId, store, clock } = options;
  const remembered = new Map<string, UsableToken>();
  const underWay = new Map<string, Promise<UsableToken>>();
  const keyOf = (subject: string): CredentialKey => ({ system, clientId, subject });

  const lasts = ({ expiresAtMs }: UsableToken) =>
    expiresAtMs === undefined || expiresAtMs - clock.wallMs() > leastLeftMs;

  async function readStored(subject: string): Promise<UsableToken> {
    const credential = await store.read(keyOf(subject));
    if (credential === undefined) throw notConnected(keyOf(subject));
    if (credential.state === "refused") throw refusedBefore(credential);
    const { accessToken: token } = await openTokens(options.seal, credential);
    return { token, expiresAtMs: credential.accessExpiresAt?.getTime() };
  }

  /** Callers of one process share one refresh; across processes the row's lock does the same. */
  async function refreshed(subject: string, isGood: IsGood, suits: (usable: UsableToken) => boolean) {
    for (;;) {
      const running = underWay.get(subject);
      if (running === undefined) break;
      const usable = await running;
      if (suits(usable)) return usable;
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
      if (known !== undefined && lasts(known)) return known.token;
      const usable = await readStored(subject);
      if (!lasts(usable)) return (await refreshed(subject, lasts, lasts)).token;
      remembered.set(subject, usable);
      return usable.token;
    },

    async refreshAfterRefusal(subject, refusedToken) {
      remembered.delete(subject);
      const isNewer = (usable: UsableToken) => usable.token !== refusedToken && lasts(usable);
      return (await refreshed(subject, isNewer, isNewer)).token;
    },

    async refreshAhead({ subject, sealed }) {
      await refreshed(
        subject,
        (_, credential) => credential.sealed !== sealed,
        () => true,
      );
    },

    forget(subject) {
      remembered.delete(subject);
    },
  };
}
