import { sql } from "kysely";
import { createBusinessClock } from "../../src/boot/clocks.ts";
import { createEngine, type Engine } from "../../src/boot/engine.ts";
import type { KeyRing } from "../../src/connections/credentials/index.ts";
import { createConnection, startWhenReady } from "../../src/connections/index.ts";
import { type ConnectionId, parseSubdomain } from "../../src/domain/index.ts";
import type { BenchDatabase } from "./database.ts";
import type { BothSimulators } from "./simulators.ts";
import { eventually } from "./wait.ts";

export const subdomain = parseSubdomain("simulator");

/** A person's part, and looks at the database: an engine of our own on the service's database, which works on nothing by itself. */
export interface Driver {
  engine: Engine;
  business: ReturnType<typeof createBusinessClock>;
  /** Both consents. The connection is `loading` when this returns: a service that runs begins at once. */
  connect(settings?: object): Promise<ConnectionId>;
  /** Until the plan is there; then a person approves. Returns when it was there, by performance.now. */
  approve(connectionId: ConnectionId, withinMs: number): Promise<number>;
  /** Until no mark is due or waits and no write is open. */
  settled(connectionId: ConnectionId, withinMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface DriverOptions {
  database: BenchDatabase;
  simulators: BothSimulators;
  keys: KeyRing;
  today: string | undefined;
}

export function createDriver({ database, simulators, keys, today }: DriverOptions): Driver {
  const client = { clientId: "simulator-client", clientSecret: "simulator-secret" };
  const business = createBusinessClock(Date.now, today);
  const engine = createEngine({
    database: database.database,
    keys: { ring: keys, where: "the bench", reload: undefined, own: undefined },
    publicUrl: () => "http://127.0.0.1:1",
    quickbooks: { environment: "production", baseUrl: simulators.quickbooks.url, ...client },
    zendesk: { baseUrl: simulators.zendesk.url, ...client, apiToken: undefined },
    business,
    observer: { wrote: () => undefined, settled: () => undefined },
    onCall: () => undefined,
    othersWait: () => Promise.resolve(false),
  });
  return {
    engine,
    business,
    async connect(settings = {}) {
      const id = await createConnection({ subdomain, settings }, engine.life);
      const begun = await engine.stores.connections.read(id);
      if (begun) await engine.useConfiguredZendesk(begun);
      const url = await engine.beginAuthorization({ system: "quickbooks", connectionId: id });
      const answer = await fetch(`${url}&simulator_consent=allow`, { redirect: "manual" });
      const query = Object.fromEntries(new URL(answer.headers.get("location") ?? "http://none").searchParams);
      const outcome = await engine.completeAuthorization("quickbooks", query, undefined);
      if (outcome.kind === "refused") throw new Error(outcome.says);
      const missing = await startWhenReady(id, engine.life);
      if (missing.length > 0) throw new Error(`the connection lacks ${missing.join(", ")}`);
      return id;
    },
    async approve(connectionId, withinMs) {
      const proposed = async () => (await planState(database, connectionId)) === "proposed";
      await eventually("a plan", proposed, { withinMs });
      const plannedAt = performance.now();
      const plan = await engine.stores.plans.latest(connectionId);
      if (!plan || !(await engine.stores.plans.approve(plan.id, "bench"))) throw new Error("the plan is not approved");
      await engine.notify(subdomain);
      return plannedAt;
    },
    settled: (connectionId, withinMs) =>
      eventually("everything settled", () => isSettled(database, connectionId), { withinMs, lookMs: 100 }),
    close: () => engine.close(),
  };
}

async function planState({ database }: BenchDatabase, connectionId: ConnectionId): Promise<string | undefined> {
  const row = await database
    .selectFrom("plan")
    .select("state")
    .where("connection_id", "=", connectionId)
    .orderBy("id", "desc")
    .executeTakeFirst();
  return row?.state;
}

async function isSettled({ database }: BenchDatabase, connectionId: ConnectionId): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    select exists (select from mark where connection_id = ${connectionId})
      or exists (select from write where connection_id = ${connectionId} and closed_at is null) as open`.execute(
    database,
  );
  return rows[0]?.open === false;
}
