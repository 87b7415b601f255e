// A QuickBooks simulator in this process, a client that is connected to it, and its control port.
import { Agent } from "undici";
import { type QuickbooksSimulatorOptions, startQuickbooksSimulator } from "../../../simulators/quickbooks/src/index.ts";
import { parseRealm, type Realm } from "../../src/domain/index.ts";
import { createExchange } from "../../src/systems/exchange.ts";
import type { Blocks, FinishedCall, SystemClock } from "../../src/systems/ports.ts";
import {
  companyRates,
  createCompanyLimits,
  createQuickbooksClient,
  createQuickbooksGrants,
  quickbooksHosts,
} from "../../src/systems/quickbooks/index.ts";
import { control } from "./control.ts";

export const systemClock: SystemClock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
};

export function memoryBlocks(): Blocks & { blocked: Map<string, Date> } {
  const blocked = new Map<string, Date>();
  return {
    blocked,
    standing: (subject) =>
      Promise.resolve({ blockedUntil: blocked.get(subject), refusedSince: undefined, refusals: 0 }),
    block: (subject, { until }) => Promise.resolve(void blocked.set(subject, until)),
    unblock: (subject) => Promise.resolve(void blocked.delete(subject)),
  };
}

export async function startQuickbooksBench(options: QuickbooksSimulatorOptions = {}) {
  const simulator = await startQuickbooksSimulator(options);
  const dispatcher = new Agent();
  const exchange = createExchange({ dispatcher, monotonicMs: () => performance.now() });
  const hosts = quickbooksHosts("sandbox", simulator.url);
  const app = {
    clientId: options.clientId ?? "simulator-client",
    clientSecret: options.clientSecret ?? "simulator-secret",
  };
  const grants = createQuickbooksGrants({ exchange, hosts, app });
  const realm = parseRealm(simulator.realm);
  const blocks = memoryBlocks();
  const calls: FinishedCall[] = [];
  const redirectUri = "http://127.0.0.1:1/oauth/quickbooks/callback";

  /** Consents as a person would in the browser; gives what the browser is sent back with. */
  async function consent(url: string, realm?: Realm): Promise<URLSearchParams> {
    const company = realm === undefined ? "" : `&simulator_realm=${realm}`;
    const answer = await fetch(`${url}&simulator_consent=allow${company}`, { redirect: "manual" });
    const location = answer.headers.get("location");
    if (location === null) throw new Error(`no redirect: ${answer.status} ${await answer.text()}`);
    return new URL(location).searchParams;
  }

  async function grant() {
    const url = grants.authorizationUrl({ subject: realm, state: "s", redirectUri, challenge: undefined });
    const code = (await consent(url)).get("code") ?? "";
    return grants.exchangeCode({ subject: realm, code, redirectUri, verifier: undefined });
  }

  const tokens = { current: "", refreshes: 0, refreshed: "" };
  const client = createQuickbooksClient({
    exchange,
    hostsOf: () => hosts,
    tokens: {
      accessToken: async () => {
        if (tokens.current === "") tokens.current = (await grant()).accessToken;
        return tokens.current;
      },
      refreshAfterRefusal: async () => {
        tokens.refreshes += 1;
        tokens.current = tokens.refreshed || (await grant()).accessToken;
        return tokens.current;
      },
    },
    limits: createCompanyLimits({
      rates: companyRates,
      blocks,
      clock: systemClock,
    }),
    share: 1,
    clock: systemClock,
    onCall: (call) => calls.push(call),
    homeCurrency: () => Promise.resolve("USD"),
    emailAddresses: (text) =>
      text
        .split(/[,;]/)
        .map((part) => part.trim().toLowerCase())
        .filter((part) => part.includes("@")),
  });

  return {
    url: simulator.url,
    realm,
    exchange,
    hosts,
    grants,
    /** Of another app than the simulator's. */
    grantsOf: (other: typeof app) => createQuickbooksGrants({ exchange, hosts, app: other }),
    redirectUri,
    client,
    tokens,
    blocks,
    calls,
    consent,
    grant,
    control: control(simulator.url),
    async close() {
      await dispatcher.close();
      await simulator.close();
    },
  };
}
