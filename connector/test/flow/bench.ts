// The whole connector over both simulators and a real database, without its command line: engine, jobs, webhooks, tick.

import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { startQuickbooksSimulator } from "../../../simulators/quickbooks/src/index.ts";
import { startZendeskSimulator } from "../../../simulators/zendesk/src/index.ts";
import { createBusinessClock } from "../../src/boot/clocks.ts";
import { createEngine } from "../../src/boot/engine.ts";
import { createConnection, startWhenReady, toConnection } from "../../src/connections/index.ts";
import { type ConnectionId, parseSubdomain } from "../../src/domain/index.ts";
import { eventually, testDatabase } from "../harness/index.ts";

export interface FlowOptions {
  company: object;
  account: object;
  today?: string;
  settings?: object;
  /** Organizations a second of a job; 0 = at once. */
  jobPace?: number;
  /** Of an app in Zendesk's Marketplace. */
  marketplace?: { name: string; organizationId: string; appId: string };
  /** Simulators that run already, with all that an earlier connector wrote: ours has lost its database. They outlive this flow. */
  beside?: Simulators;
}

export interface Simulators {
  quickbooks: Awaited<ReturnType<typeof startQuickbooksSimulator>>;
  zendesk: Awaited<ReturnType<typeof startZendeskSimulator>>;
}

export interface DumpedOrganization {
  id: number;
  name: string;
  external_id: string | null;
  details: string | null;
  notes: string | null;
  domain_names: string[];
  tags: string[];
  organization_fields: Record<string, unknown>;
}

export interface AccountDump {
  organizations: DumpedOrganization[];
  users: { id: number; name: string; email: string | null; organization_id: number | null }[];
  organization_memberships: object[];
}

const subdomain = parseSubdomain("simulator");

export type Flow = Awaited<ReturnType<typeof startFlow>>;

/** Both simulators, the engine over a database of its own, connected but not loaded. */
export async function startFlow(options: FlowOptions) {
  const { quickbooks, zendesk } = options.beside ?? {
    quickbooks: await startQuickbooksSimulator({ company: options.company }),
    zendesk: await startZendeskSimulator({ account: options.account, jobPace: options.jobPace ?? 0 }),
  };
  const store = await testDatabase({ maxConnections: 12 });
  const business = createBusinessClock(Date.now, options.today);
  const engine = createEngine({
    database: store.database,
    keys: {
      ring: { current: "k1", keys: new Map([["k1", randomBytes(32)]]) },
      where: "here",
      reload: undefined,
      own: undefined,
    },
    publicUrl: () => "http://127.0.0.1:1",
    quickbooks: {
      environment: "production",
      baseUrl: quickbooks.url,
      clientId: "simulator-client",
      clientSecret: "simulator-secret",
    },
    zendesk: {
      baseUrl: zendesk.url,
      clientId: "simulator-client",
      clientSecret: "simulator-secret",
      marketplace: options.marketplace,
      apiToken: undefined,
    },
    business,
    observer: { wrote: () => undefined, settled: () => undefined },
    onCall: () => undefined,
    othersWait: () => Promise.resolve(false),
  });
  const stop = new AbortController();
  let owning: Promise<void> | undefined;
  const connectionId = await connect();

  /** An owner without work leaves; in the program the tick sends for the next one. */
  async function ownOn(): Promise<void> {
    while (!stop.signal.aborted) {
      await engine.owners.own(subdomain, stop.signal);
      await wait(100, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  async function connect(): Promise<ConnectionId> {
    const id = await createConnection({ subdomain, settings: options.settings ?? {} }, engine.life);
    const begun = await engine.stores.connections.read(id);
    if (begun) await engine.useConfiguredZendesk(begun);
    const url = await engine.beginAuthorization({ system: "quickbooks", connectionId: id });
    const answer = await fetch(`${url}&simulator_consent=allow`, { redirect: "manual" });
    const query = Object.fromEntries(new URL(answer.headers.get("location") ?? "http://none").searchParams);
    const outcome = await engine.completeAuthorization("quickbooks", query, undefined);
    if (outcome.kind === "refused") throw new Error(outcome.says);
    const missing = await startWhenReady(id, engine.life);
    if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")}`);
    return id;
  }

  const control = async (base: string, method: string, path: string, body?: object): Promise<never> => {
    const answer = await fetch(`${base}/_control/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as never; // tests name what they expect
  };

  return {
    engine,
    store,
    quickbooks,
    zendesk,
    connectionId,
    subdomain,
    business,
    /** The zone of companies that the simulator supplies. */
    zone: "America/Los_Angeles",
    async connection() {
      const stored = await engine.stores.connections.read(connectionId);
      if (!stored) throw new Error("no connection");
      return toConnection(stored);
    },
    quickbooksControl: (method: string, path: string, body?: object) => control(quickbooks.url, method, path, body),
    zendeskControl: (method: string, path: string, body?: object) => control(zendesk.url, method, path, body),

    /** The account's own records now. */
    async accountNow() {
      const dump: AccountDump = await control(zendesk.url, "GET", "state");
      return dump;
    },

    /** Calls that write, as Zendesk counted them: organizations, memberships, fields. */
    async zendeskWrites() {
      const counters: Record<string, number> = await control(zendesk.url, "GET", "counters");
      return Object.entries(counters)
        .filter(([operation]) => /^(Create|Update|Delete|Bulk|Merge)/.test(operation))
        .reduce((sum, [, count]) => sum + count, 0);
    },

    /** Reads both sides and proposes the plan. */
    async load() {
      await engine.loadDirectory(subdomain, () => undefined);
      await engine.sweep(connectionId, "test", () => undefined);
      const plan = await engine.plan(connectionId, () => undefined);
      if (!plan) throw new Error("no plan");
      return plan;
    },

    own() {
      owning ??= ownOn();
      // Rejections show when the flow ends.
      owning.catch(() => undefined);
    },

    /** Until no mark is due or waits, and no write is open. */
    async settled(timeoutMs = 60_000) {
      this.own();
      await eventually(async () => {
        const backlog = await engine.stores.marks.countDue([connectionId]);
        return backlog.every(({ due, waiting }) => due + waiting === 0);
      }, timeoutMs);
    },

    async close() {
      stop.abort();
      await owning;
      await engine.close();
      await store.close();
      if (options.beside) return;
      await quickbooks.close();
      await zendesk.close();
    },
  };
}
