import { Agent } from "undici";
import type { GrantSource, TokenSource } from "../connections/credentials/index.ts";
import type { MakeGrants } from "../connections/index.ts";
import type { Realm } from "../domain/index.ts";
import { canonical, defaultFields, readNotes, toWire, withBlock } from "../rules/mapping/index.ts";
import { emailAddresses } from "../rules/matching/index.ts";
import { recordDefinitions } from "../rules/records/index.ts";
import { createExchange } from "../systems/exchange.ts";
import type { Blocks, Exchange, FinishedCall, SystemClock } from "../systems/ports.ts";
import {
  companyRates,
  createCompanyLimits,
  createQuickbooksClient,
  createQuickbooksGrants,
  noRates,
  type QuickbooksClient,
  quickbooksHosts,
} from "../systems/quickbooks/index.ts";
import {
  createAccountLimits,
  createZendeskClient,
  createZendeskGrants,
  type ZendeskClient,
  zendeskHosts,
} from "../systems/zendesk/index.ts";

/** Neighbours of the company and the account keep the rest of their budgets. */
const shares = { live: 0.8, bulk: 0.5 } as const;

export interface SystemsOptions {
  quickbooks: {
    environment: "production" | "sandbox";
    baseUrl: string | undefined;
    /** `none`: a simulator that has none, asked as fast as it answers. */
    limits?: "vendor" | "none" | undefined;
    clientId: string;
    clientSecret: string;
  };
  zendesk: {
    baseUrl: string | undefined;
    clientId: string;
    clientSecret: string;
    /** Sent with every request: Zendesk asks it of apps in its Marketplace, which use a global OAuth client. */
    marketplace?: { name: string; organizationId: string; appId: string } | undefined;
  };
  companyBlocks: Blocks;
  accountBlocks: Blocks;
  homeCurrency(realm: Realm): Promise<string>;
  onCall(call: FinishedCall): void;
  /** The Date header of an answer: the system's own clock. */
  onDate?: ((system: "quickbooks" | "zendesk", date: string) => void) | undefined;
}

export interface Systems {
  /** For requests to our own address. */
  exchange: Exchange;
  appUrl: string;
  grants: { quickbooks: GrantSource; zendesk: GrantSource };
  /** The sign-in calls of a client that a connection brings. */
  makeGrants: MakeGrants;
  /** The clients, once there is somebody who has tokens, and knows in which environment a company is. */
  clients(
    tokens: { quickbooks: TokenSource; zendesk: TokenSource },
    environmentOf: (realm: Realm) => Promise<"production" | "sandbox">,
  ): {
    quickbooks: Record<"live" | "bulk", QuickbooksClient>;
    zendesk: Record<"live" | "bulk", ZendeskClient>;
  };
  close(): Promise<void>;
}

export const systemClock: SystemClock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Both systems' clients over one pool of connections. No host is asked but those that the configuration gives. */
export function createSystems(options: SystemsOptions): Systems {
  const dispatcher = new Agent({ connections: 32, keepAliveTimeout: 30_000 });
  const plain = createExchange({ dispatcher, monotonicMs: systemClock.monotonicMs });
  const exchangeOf =
    (system: "quickbooks" | "zendesk"): Exchange =>
    async (request) => {
      const outcome = await plain(request);
      const date = outcome.kind === "answer" ? outcome.headers["date"] : undefined;
      if (date !== undefined) options.onDate?.(system, date);
      return outcome;
    };
  const exchange = {
    quickbooks: exchangeOf("quickbooks"),
    zendesk: withHeaders(marketplaceHeaders(options.zendesk.marketplace), exchangeOf("zendesk")),
  };
  const hostsIn = {
    production: quickbooksHosts("production", options.quickbooks.baseUrl),
    sandbox: quickbooksHosts("sandbox", options.quickbooks.baseUrl),
  };
  const quickbooks = hostsIn[options.quickbooks.environment];
  const zendesk = zendeskHosts(options.zendesk.baseUrl);
  const companyLimits = createCompanyLimits({
    rates: options.quickbooks.limits === "none" ? noRates : companyRates,
    blocks: options.companyBlocks,
    clock: systemClock,
  });
  const accountLimits = createAccountLimits({ blocks: options.accountBlocks, clock: systemClock });
  const wire = { fields: defaultFields, canonical, toWire, readNotes, withBlock };
  return {
    exchange: plain,
    appUrl: quickbooks.app,
    grants: {
      quickbooks: createQuickbooksGrants({
        exchange: exchange.quickbooks,
        hosts: quickbooks,
        app: options.quickbooks,
        monotonicMs: systemClock.monotonicMs,
      }),
      zendesk: createZendeskGrants({ exchange: exchange.zendesk, hosts: zendesk, app: options.zendesk }),
    },
    makeGrants: (system, { environment, ...app }) =>
      system === "quickbooks"
        ? createQuickbooksGrants({
            exchange: exchange.quickbooks,
            hosts: hostsIn[environment],
            app,
            monotonicMs: systemClock.monotonicMs,
          })
        : createZendeskGrants({ exchange: exchange.zendesk, hosts: zendesk, app }),
    clients(tokens, environmentOf) {
      const company = (share: number) =>
        createQuickbooksClient({
          exchange: exchange.quickbooks,
          hostsOf: async (realm, environment) => hostsIn[environment ?? (await environmentOf(realm))],
          tokens: tokens.quickbooks,
          limits: companyLimits,
          share,
          clock: systemClock,
          onCall: options.onCall,
          homeCurrency: options.homeCurrency,
          emailAddresses,
        });
      const account = (share: number) =>
        createZendeskClient({
          exchange: exchange.zendesk,
          hosts: zendesk,
          tokens: tokens.zendesk,
          limits: accountLimits,
          share,
          clock: systemClock,
          onCall: options.onCall,
          wire,
          objects: Object.values(recordDefinitions),
        });
      return {
        quickbooks: { live: company(shares.live), bulk: company(shares.bulk) },
        zendesk: { live: account(shares.live), bulk: account(shares.bulk) },
      };
    },
    close: () => dispatcher.close(),
  };
}

function withHeaders(headers: Readonly<Record<string, string>>, exchange: Exchange): Exchange {
  return (request) => exchange({ ...request, headers: { ...request.headers, ...headers } });
}

/** developer.zendesk.com, "Request header requirements for Marketplace apps". */
function marketplaceHeaders(of: SystemsOptions["zendesk"]["marketplace"]): Record<string, string> {
  if (of === undefined) return {};
  return {
    "x-zendesk-marketplace-name": of.name,
    "x-zendesk-marketplace-organization-id": of.organizationId,
    "x-zendesk-marketplace-app-id": of.appId,
  };
}
