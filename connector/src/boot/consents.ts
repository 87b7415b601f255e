// Consents and tokens of this installation: who may speak for whom, wired once.
import { randomBytes } from "node:crypto";
import {
  createDueRefresher,
  createTokenSource,
  type Permission,
  type Seal,
  useApiToken,
  useClientCredentials,
} from "../connections/credentials/index.ts";
import {
  type AuthorizationOptions,
  beginAuthorization,
  completeAuthorization,
  createCredentialAlarm,
  type DisconnectOptions,
  type LifeOptions,
  makeTicket,
  openTicket,
  reconnectionOf,
  resumeAfterFailure,
} from "../connections/index.ts";
import { type ConnectionId, OperatorError, RemoteFailure, type Subdomain, type System } from "../domain/index.ts";
import type { AlertIncident } from "../oversight/alerts/index.ts";
import type { Stores } from "./stores.ts";
import { type Systems, systemClock } from "./systems.ts";

type Clients = ReturnType<Systems["clients"]>;

export interface ConsentOptions {
  stores: Stores;
  seal: Seal;
  grants: Systems["grants"];
  clientIds: Record<System, string>;
  publicUrl(): string;
  apiToken: { email: string; token: string } | undefined;
}

const systems = ["quickbooks", "zendesk"] as const;

/** The tokens of our clients at both systems, and what is due to be refreshed. */
export function createTokens({ stores, seal, grants, clientIds }: ConsentOptions) {
  const alarm = createCredentialAlarm(stores);
  const of = (system: System) => ({
    system,
    clientId: clientIds[system],
    store: stores.credentials,
    clock: systemClock,
  });
  const sourceOf = (system: System) => createTokenSource({ ...of(system), seal, grants: grants[system], alarm });
  const tokens = { quickbooks: sourceOf("quickbooks"), zendesk: sourceOf("zendesk") };
  const refreshers = systems.map((system) => createDueRefresher({ ...of(system), tokens: tokens[system] }));
  return {
    tokens,
    alarm,
    async refreshDue(): Promise<void> {
      await Promise.all(refreshers.map((refresh) => refresh()));
    },
  };
}

/** How consents begin, end, and come back. */
export function createConsents(
  options: ConsentOptions & { clients: Clients; tokens: ReturnType<typeof createTokens> },
) {
  const { stores, seal, grants, clientIds, publicUrl, clients } = options;
  const { tokens, alarm } = options.tokens;
  const life: LifeOptions = { ...stores, clientIds };
  const authorization = (): AuthorizationOptions => ({
    ...life,
    states: stores.oauthStates,
    seal,
    clock: systemClock,
    randomBytes,
    quickbooks: {
      grants: grants.quickbooks,
      redirectUri: `${publicUrl()}/oauth/quickbooks/callback`,
      readCompany: clients.quickbooks.live.readCompany,
    },
    zendesk: {
      grants: grants.zendesk,
      redirectUri: `${publicUrl()}/oauth/zendesk/callback`,
      checkToken: clients.zendesk.live.checkToken,
    },
    forget: (system, subject) => tokens[system].forget(subject),
  });
  const begin = (request: Parameters<typeof beginAuthorization>[0]) => beginAuthorization(request, authorization());

  return {
    life,
    ending: {
      ...stores,
      clientIds,
      grants,
      seal,
      webhooks: clients.zendesk.live,
      forget: (system: System, subject: string) => tokens[system].forget(subject),
    } satisfies DisconnectOptions,
    beginAuthorization: begin,
    completeAuthorization: (
      system: System,
      query: Readonly<Record<string, string | undefined>>,
      browser: string | undefined,
    ) => completeAuthorization(system, query, authorization(), browser),

    /** Ways into Zendesk that need no browser, from the deployment's configuration. False: a person has to consent. */
    async useConfiguredZendesk(subdomain: Subdomain, permission: Permission = "write"): Promise<boolean> {
      if (options.apiToken && permission === "read")
        throw new OperatorError(
          "A Zendesk API token may always write. To read alone, take ZENDESK_API_TOKEN out of the configuration and consent by OAuth.",
        );
      const key = { system: "zendesk" as const, clientId: clientIds.zendesk, subject: subdomain };
      const needs = { store: stores.credentials, seal, clock: systemClock, grants: grants.zendesk, alarm, permission };
      if (options.apiToken) await useApiToken(key, options.apiToken, needs);
      else if (!(await isIssued(() => useClientCredentials(key, needs)))) return false;
      tokens.zendesk.forget(subdomain);
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
    grantRefused: ({ system, subject, because }: { system: System; subject: string; because: string }) =>
      alarm.refused({ system, clientId: clientIds[system], subject }, because),

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
