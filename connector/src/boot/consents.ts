// Consents and tokens of this installation: who may speak for whom, wired once.
import { randomBytes } from "node:crypto";
import { type Permission, type Seal, useApiToken, useClientCredentials } from "../connections/credentials/index.ts";
import {
  type AuthorizationOptions,
  beginAuthorization,
  completeAuthorization,
  type DisconnectOptions,
  endFormerClients,
  type LifeOptions,
  makeTicket,
  type OurClients,
  openTicket,
  reconnectionOf,
  resumeAfterFailure,
  type StoredConnection,
} from "../connections/index.ts";
import { type ConnectionId, OperatorError, RemoteFailure, type System } from "../domain/index.ts";
import type { AlertIncident } from "../oversight/alerts/index.ts";
import type { Stores } from "./stores.ts";
import { type Systems, systemClock } from "./systems.ts";
import type { Tokens } from "./tokens.ts";

type Clients = ReturnType<Systems["clients"]>;

export interface ConsentOptions {
  stores: Stores;
  seal: Seal;
  ourClients: OurClients;
  publicUrl(): string;
  apiToken: { email: string; token: string } | undefined;
}

/** How consents begin, end, and come back. */
export function createConsents(options: ConsentOptions & { clients: Clients; tokens: Tokens }) {
  const { stores, seal, ourClients, publicUrl, clients } = options;
  const { alarm, forget } = options.tokens;
  const life: LifeOptions = { ...stores, clients: ourClients };
  const authorization = (): AuthorizationOptions => ({
    ...life,
    states: stores.oauthStates,
    seal,
    clock: systemClock,
    randomBytes,
    quickbooks: {
      redirectUri: `${publicUrl()}/oauth/quickbooks/callback`,
      readCompany: (realm, accessToken, { environment }) =>
        clients.quickbooks.live.readCompany(realm, accessToken, environment),
    },
    zendesk: {
      redirectUri: `${publicUrl()}/oauth/zendesk/callback`,
      checkToken: clients.zendesk.live.checkToken,
    },
    forget,
  });
  const begin = (request: Parameters<typeof beginAuthorization>[0]) => beginAuthorization(request, authorization());

  return {
    life,
    ending: {
      ...stores,
      clients: ourClients,
      seal,
      webhooks: clients.zendesk.live,
      forget,
    } satisfies DisconnectOptions,
    beginAuthorization: begin,
    completeAuthorization: (
      system: System,
      query: Readonly<Record<string, string | undefined>>,
      browser: string | undefined,
    ) => completeAuthorization(system, query, authorization(), browser),

    /** Ways into Zendesk that need no browser, from the deployment's configuration. False: a person has to consent. */
    async useConfiguredZendesk(connection: StoredConnection, permission: Permission = "write"): Promise<boolean> {
      const { subdomain } = connection;
      const { clientId, grants, broughtBy } = await ourClients.ofConnection(connection, "zendesk");
      const apiToken = broughtBy === undefined ? options.apiToken : undefined;
      if (apiToken && permission === "read")
        throw new OperatorError(
          "A Zendesk API token may always write. To read alone, take ZENDESK_API_TOKEN out of the configuration and consent by OAuth.",
        );
      const key = { system: "zendesk" as const, clientId, subject: subdomain };
      const needs = { store: stores.credentials, seal, clock: systemClock, grants, alarm, permission };
      if (apiToken) await useApiToken(key, apiToken, needs);
      else if (!(await isIssued(() => useClientCredentials(key, needs)))) return false;
      await endFormerClients(key, { ...stores, clients: ourClients, seal });
      forget("zendesk", subdomain);
      await clients.zendesk.live.checkToken(subdomain);
      await resumeAfterFailure("zendesk", subdomain, undefined, stores);
      return true;
    },

    /** A link that starts a new consent for what this incident is about; undefined where that would not help. */
    async reconnectUrl({ cause, connectionId }: AlertIncident): Promise<string | undefined> {
      const of = reconnectionOf(cause);
      if (of === undefined) return undefined;
      const { system, subject } = of;
      const id =
        connectionId ?? (subject === undefined ? undefined : (await stores.connections.using(system, subject))[0]?.id);
      if (id === undefined) return undefined;
      return `${publicUrl()}/oauth/reconnect?ticket=${await makeTicket({ system, connectionId: id }, { seal, clock: systemClock })}`;
    },

    /** Where the browser of a person with a ticket goes; undefined: the ticket is not good. */
    async reconnect(ticket: string, browser: string): Promise<string | undefined> {
      const of = await openTicket(ticket, { seal, clock: systemClock });
      return of && begin({ ...of, browser });
    },

    /** A refused credential whose connections still work: somebody died between the two. */
    async grantRefused({ system, subject, because }: { system: System; subject: string; because: string }) {
      const { clientId } = await ourClients.speaking(system, subject);
      await alarm.refused({ system, clientId, subject }, because);
    },

    /** Asks the system that stopped this connection whether it accepts us again; resumes it then. */
    async probe(connectionId: ConnectionId): Promise<void> {
      const connection = await stores.connections.read(connectionId);
      const [system, code] = connection?.pausedBy?.split(":") ?? [];
      const subject = system === "quickbooks" ? connection?.realm : connection?.subdomain;
      if (connection?.state !== "paused" || subject === undefined || (system !== "quickbooks" && system !== "zendesk"))
        return;
      try {
        if (system === "zendesk") {
          await clients.zendesk.live.checkToken(connection.subdomain);
          await clients.zendesk.live.listFields(connection.subdomain);
        } else if (connection.realm !== undefined) await clients.quickbooks.live.readCompany(connection.realm);
      } catch (fault) {
        if (fault instanceof RemoteFailure) return;
        throw fault;
      }
      await resumeAfterFailure(system, subject, code, stores);
    },
  };
}

/** A client that may not speak for itself is no fault: then a person consents. */
async function isIssued(issue: () => Promise<void>): Promise<boolean> {
  try {
    await issue();
    return true;
  } catch (fault) {
    if (fault instanceof RemoteFailure && fault.code === "unauthorized_client") return false;
    throw fault;
  }
}
