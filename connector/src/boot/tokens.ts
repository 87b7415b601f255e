// The tokens of all our clients at both systems: the deployment's own, and those that connections bring.
import {
  type CredentialAlarm,
  createDueRefresher,
  createTokenSource,
  type Seal,
  type TokenSource,
} from "../connections/credentials/index.ts";
import { createCredentialAlarm, type OurClient, type OurClients } from "../connections/index.ts";
import { RemoteFailure, type System } from "../domain/index.ts";
import type { Stores } from "./stores.ts";
import { systemClock } from "./systems.ts";

const systems = ["quickbooks", "zendesk"] as const;

export interface Tokens {
  tokens: Record<System, TokenSource>;
  alarm: CredentialAlarm;
  /** The credential was replaced: what this process remembers of it is void. */
  forget(system: System, subject: string): void;
  refreshDue(): Promise<void>;
}

export function createTokens({ stores, seal, clients }: { stores: Stores; seal: Seal; clients: OurClients }): Tokens {
  const alarm = createCredentialAlarm(stores);
  const made = new Map<string, ReturnType<typeof createTokenSource>>();

  function sourceOf(system: System, { clientId, grants, broughtBy }: OurClient) {
    const key = [system, broughtBy ?? "", clientId].join(" ");
    const source =
      made.get(key) ??
      createTokenSource({ system, clientId, store: stores.credentials, clock: systemClock, seal, grants, alarm });
    made.set(key, source);
    return source;
  }

  /** Another process may have seen a consent through another client: where there is no token, it is looked up once more whose there are. */
  async function speaking<Result>(
    system: System,
    subject: string,
    ask: (source: TokenSource) => Promise<Result>,
  ): Promise<Result> {
    const client = await clients.speaking(system, subject);
    try {
      return await ask(sourceOf(system, client));
    } catch (fault) {
      if (!(fault instanceof RemoteFailure) || fault.code !== "not-connected") throw fault;
      clients.forget(system, subject);
      const now = await clients.speaking(system, subject);
      if (now.clientId === client.clientId) throw fault;
      return ask(sourceOf(system, now));
    }
  }

  const tokensOf = (system: System): TokenSource => ({
    accessToken: (subject) => speaking(system, subject, (source) => source.accessToken(subject)),
    refreshAfterRefusal: (subject, refused) =>
      speaking(system, subject, (source) => source.refreshAfterRefusal(subject, refused)),
  });

  const refreshers = systems.map((system) =>
    createDueRefresher({
      system,
      store: stores.credentials,
      clock: systemClock,
      tokens: {
        /** A client that nobody has the secret of any more cannot ask. */
        async refreshAhead(due) {
          const client = await clients.named(system, due.subject, due.clientId);
          if (client) await sourceOf(system, client).refreshAhead(due);
        },
      },
    }),
  );

  return {
    tokens: { quickbooks: tokensOf("quickbooks"), zendesk: tokensOf("zendesk") },
    alarm,
    forget(system, subject) {
      clients.forget(system, subject);
      for (const [key, source] of made) if (key.startsWith(`${system} `)) source.forget(subject);
    },
    async refreshDue() {
      await Promise.all(refreshers.map((refresh) => refresh()));
    },
  };
}
