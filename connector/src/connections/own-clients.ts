// Which of our clients stands where. A deployment has one client at each system; a connection may bring its own. A company, and an account, is
// reached through one client at a time: that of the latest consent. One that was brought takes over with the next consent, not before it.
import { type ConnectionId, OperatorError, RemoteFailure, type System } from "../domain/index.ts";
import type { CredentialStore, GrantSource, Seal } from "./credentials/index.ts";
import type { ConnectionStore, OurClient, OurClients, OwnClientStore, StoredOwnClient } from "./ports.ts";

/** Whoever makes a client's calls to its token endpoint asks for the secret each time: it may have been replaced. */
export type MakeGrants = (
  system: System,
  client: { clientId: string; clientSecret: () => Promise<string>; environment: "production" | "sandbox" },
) => GrantSource;

export interface OwnClientOptions {
  deployment: Record<System, { clientId: string; environment: "production" | "sandbox"; grants: GrantSource }>;
  store: OwnClientStore;
  credentials: Pick<CredentialStore, "ofSubject">;
  seal: Pick<Seal, "open">;
  makeGrants: MakeGrants;
  monotonicMs: () => number;
}

/** Another process may have changed it; a token that is not there any more has it looked up at once. */
const rememberedMs = 30_000;

export function createOurClients(options: OwnClientOptions): OurClients {
  const { deployment, store, credentials } = options;
  const grantsOf = new Map<string, GrantSource>();
  const remembered = new Map<string, { client: OurClient; until: number }>();

  function deploymentOf(system: System): OurClient {
    return { ...deployment[system], broughtBy: undefined };
  }

  function brought(own: StoredOwnClient): OurClient {
    const { connectionId, system, clientId } = own;
    const environment = own.environment ?? "production";
    const key = [connectionId, system, environment, clientId].join(" ");
    const grants =
      grantsOf.get(key) ??
      options.makeGrants(system, {
        clientId,
        environment,
        clientSecret: async () => {
          const stored = await store.read(connectionId, system);
          if (stored?.clientId !== clientId) throw secretGone(system, clientId);
          return options.seal.open(stored.sealedSecret, bindingOf(stored, "secret"));
        },
      });
    grantsOf.set(key, grants);
    return { clientId, grants, environment, broughtBy: connectionId };
  }

  async function named(system: System, subject: string, clientId: string): Promise<OurClient | undefined> {
    if (clientId === deployment[system].clientId) return deploymentOf(system);
    const own = (await store.ofSubject(system, subject)).find((each) => each.clientId === clientId);
    return own && brought(own);
  }

  async function lookUp(system: System, subject: string): Promise<OurClient> {
    const own = await store.ofSubject(system, subject);
    for (const { clientId } of await credentials.ofSubject(system, subject)) {
      if (clientId === deployment[system].clientId) return deploymentOf(system);
      const found = own.find((each) => each.clientId === clientId);
      if (found) return brought(found);
    }
    return own[0] ? brought(own[0]) : deploymentOf(system);
  }

  return {
    named,

    async ofConnection({ id, realm, subdomain }, system) {
      const own = id === undefined ? undefined : await store.read(id, system);
      if (own) return brought(own);
      const subject = system === "quickbooks" ? realm : subdomain;
      const [shared] = subject === undefined ? [] : await store.ofSubject(system, subject);
      return shared ? brought(shared) : deploymentOf(system);
    },

    async speaking(system, subject) {
      const key = `${system} ${subject}`;
      const known = remembered.get(key);
      if (known && known.until > options.monotonicMs()) return known.client;
      const client = await lookUp(system, subject);
      remembered.set(key, { client, until: options.monotonicMs() + rememberedMs });
      return client;
    },

    forget(system, subject) {
      remembered.delete(`${system} ${subject}`);
    },
  };
}

export interface OwnClient {
  clientId: string;
  clientSecret: string;
  /** QuickBooks only. */
  verifiers?: readonly string[] | undefined;
  environment?: "production" | "sandbox" | undefined;
  monthlyReads?: number | undefined;
}

export interface OwnClientDesk {
  connections: Pick<ConnectionStore, "read">;
  store: OwnClientStore;
  seal: Pick<Seal, "seal">;
  /** The deployment's client ids. */
  clientIds: Record<System, string>;
}

/** It takes over with the next consent; a secret of the same client id is used from now on. Throws OperatorError. */
export async function bringClient(
  of: { connectionId: ConnectionId; system: System },
  client: OwnClient,
  { connections, store, seal, clientIds }: OwnClientDesk,
): Promise<void> {
  const { connectionId, system } = of;
  if ((await connections.read(connectionId)) === undefined)
    throw new OperatorError(`There is no connection ${connectionId}.`);
  // Its id is no secret: whoever named it here would check its deliveries with a verifier of their own.
  if (client.clientId === clientIds[system])
    throw new OperatorError("This is the client of the deployment: a connection that brings none uses it.");
  if (system === "zendesk" && (client.verifiers ?? client.environment ?? client.monthlyReads) !== undefined)
    throw new OperatorError("A Zendesk client has neither verifiers nor an environment nor a count of reads.");
  const row = { connectionId, system };
  await store.save({
    ...row,
    clientId: client.clientId,
    sealedSecret: await seal.seal(client.clientSecret, bindingOf(row, "secret")),
    sealedVerifiers:
      client.verifiers && client.verifiers.length > 0
        ? await seal.seal(JSON.stringify(client.verifiers), bindingOf(row, "verifiers"))
        : undefined,
    environment: system === "quickbooks" ? (client.environment ?? "production") : undefined,
    monthlyReads: client.monthlyReads,
  });
}

export function bindingOf(
  { connectionId, system }: Pick<StoredOwnClient, "connectionId" | "system">,
  field: "secret" | "verifiers",
) {
  return { table: "own_client", row: `${connectionId}:${system}`, field };
}

/** To whoever waits for a token it is a client that the system does not know: ours to mend, and the grant stays. */
function secretGone(system: System, clientId: string): RemoteFailure {
  const says = `The secret of client ${clientId} was taken away: bring it again, or connect again.`;
  return new RemoteFailure({ system, operation: "oauth.client", code: "invalid_client", action: "reauthorize", says });
}
