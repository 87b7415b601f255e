import { randomBytes } from "node:crypto";
import type { ConnectionId } from "../../src/domain/index.ts";
import type { BenchDatabase, BenchServer } from "./database.ts";
import { createDriver, type Driver } from "./driver.ts";
import { type Service, startService } from "./service.ts";
import { type BothSimulators, type Systems, startSimulators } from "./simulators.ts";

/** Loading is not what these benches measure. */
const loadWithinMs = 10 * 60_000;

export const verifier = "bench-verifier";

/** One run: a fresh database, both simulators, a driver; and the service when it is started. */
export interface Stage extends BothSimulators {
  database: BenchDatabase;
  driver: Driver;
  startService(more?: Record<string, string>): Promise<Service>;
  /** QuickBooks delivers to this service from now on. */
  deliverTo(service: Service): Promise<void>;
}

export interface StageOptions {
  server: BenchServer;
  systems: Systems;
  profileTo?: string | undefined;
  today?: string | undefined;
}

export async function openStage({ server, systems, profileTo, today }: StageOptions): Promise<Stage> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  try {
    const simulators = await startSimulators(systems);
    opened.push(simulators);
    const database = await server.create();
    opened.push(database);
    const key = randomBytes(32);
    const driver = createDriver({ database, simulators, keys: { current: "k1", keys: new Map([["k1", key]]) }, today });
    opened.push(driver);
    const env = {
      DATABASE_URL: database.url,
      ML_CONNECTOR_PORT: "0",
      ML_CONNECTOR_KEYS: `k1:${key.toString("base64url")}`,
      ML_CONNECTOR_LOG_LEVEL: "warn",
      QUICKBOOKS_CLIENT_ID: "simulator-client",
      QUICKBOOKS_CLIENT_SECRET: "simulator-secret",
      QUICKBOOKS_WEBHOOK_VERIFIER: verifier,
      QUICKBOOKS_BASE_URL: simulators.quickbooks.url,
      QUICKBOOKS_LIMITS: systems.limits === "unlimited" ? "none" : "vendor",
      ZENDESK_CLIENT_ID: "simulator-client",
      ZENDESK_CLIENT_SECRET: "simulator-secret",
      ZENDESK_BASE_URL: simulators.zendesk.url,
      ...(today === undefined ? {} : { ML_CONNECTOR_TODAY: today }),
    };
    return {
      ...simulators,
      database,
      driver,
      async startService(more = {}) {
        const service = await startService({ env: { ...env, ...more }, profileTo });
        opened.push({ close: service.stop });
        return service;
      },
      deliverTo: async (service) => {
        await simulators.quickbooks.post("webhooks", { url: `${service.url}/webhooks/quickbooks`, verifier });
      },
      close,
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

export interface LoadedStage extends Stage {
  service: Service;
  connectionId: ConnectionId;
}

/** A stage whose company is loaded, with the service that loaded it; QuickBooks delivers to it. What the probe noted until then is forgotten. */
export async function openLoadedStage(options: StageOptions): Promise<LoadedStage> {
  const stage = await openStage(options);
  try {
    const service = await stage.startService();
    const connectionId = await stage.driver.connect();
    await stage.driver.approve(connectionId, loadWithinMs);
    await stage.driver.settled(connectionId, loadWithinMs);
    await stage.deliverTo(service);
    await service.observe("forget");
    return { ...stage, service, connectionId };
  } catch (fault) {
    await stage.close();
    throw fault;
  }
}
