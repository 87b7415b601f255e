// A Zendesk simulator in this process, a client that is connected to it by client credentials, and its control port.
import { Agent } from "undici";
import { startZendeskSimulator, type ZendeskSimulatorOptions } from "../../../simulators/zendesk/src/index.ts";
import { parseSubdomain } from "../../src/domain/index.ts";
import { canonical, defaultFields, readNotes, toWire, withBlock } from "../../src/rules/mapping/index.ts";
import { recordDefinitions } from "../../src/rules/records/index.ts";
import { createExchange } from "../../src/systems/exchange.ts";
import type { FinishedCall } from "../../src/systems/ports.ts";
import {
  createAccountLimits,
  createZendeskClient,
  createZendeskGrants,
  zendeskHosts,
} from "../../src/systems/zendesk/index.ts";
import { control } from "./control.ts";
import { memoryBlocks, systemClock } from "./quickbooks-bench.ts";

export async function startZendeskBench(options: ZendeskSimulatorOptions = {}) {
  const simulator = await startZendeskSimulator({ plan: "enterprise", jobPace: 0, ...options });
  const dispatcher = new Agent();
  const exchange = createExchange({ dispatcher, monotonicMs: () => performance.now() });
  const hosts = zendeskHosts(simulator.url);
  const grants = createZendeskGrants({
    exchange,
    hosts,
    app: { clientId: "simulator-client", clientSecret: "simulator-secret" },
  });
  const subdomain = parseSubdomain(options.subdomain ?? "simulator");
  const blocks = memoryBlocks();
  const calls: FinishedCall[] = [];
  const tokens = { current: "", refreshes: 0 };
  const issue = async () => {
    tokens.current = (await grants.issue({ subject: subdomain })).accessToken;
    return tokens.current;
  };
  const client = createZendeskClient({
    exchange,
    hosts,
    tokens: {
      accessToken: () => (tokens.current === "" ? issue() : Promise.resolve(tokens.current)),
      refreshAfterRefusal: () => {
        tokens.refreshes += 1;
        return issue();
      },
    },
    limits: createAccountLimits({ blocks, clock: systemClock }),
    share: 1,
    clock: systemClock,
    onCall: (call) => calls.push(call),
    wire: { fields: defaultFields, canonical, toWire, readNotes, withBlock },
    objects: Object.values(recordDefinitions),
  });
  return {
    url: simulator.url,
    subdomain,
    exchange,
    hosts,
    grants,
    client,
    tokens,
    blocks,
    calls,
    control: control(simulator.url),
    async close() {
      await dispatcher.close();
      await simulator.close();
    },
  };
}
