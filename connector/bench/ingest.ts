import { createHmac, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { parseRealm } from "../src/domain/index.ts";
import { quickbooksRealm } from "./access.ts";
import { type Bench, percentile, round } from "./bench.ts";
import { httpRequest, type LoadResult, sendLoad } from "./load.ts";
import { type BenchDatabase, openLoadedStage, secondPerJob, startChild, verifier } from "./stage/index.ts";

const sizes = { full: { forMs: 8_000, killAfterMs: 3_000 }, small: { forMs: 600, killAfterMs: 300 } };
const eventsPerDelivery = 5;
const connections = 48;
/** Of the full rate, for the latency at a load that lasts. */
const lastingShare = 0.6;
const realm = parseRealm(quickbooksRealm);
/** The company's invoices that change again and again. */
const invoices = 5_000;
/** Signing must not take the machine from the receiver. */
const signedAhead = 2_000;
const hourMs = 3_600_000;

/**
 * Signed deliveries as fast as they come, beside the least that a durable receiver can be. QuickBooks lets itself not be asked meanwhile
 * (as after a 429), so that every mark stays where it can be counted; a kill in the middle shows that what was answered is there.
 */
export const ingest: Bench = async (context) => {
  const { forMs, killAfterMs } = sizes[context.size];
  const stage = await openLoadedStage({
    server: await context.server(),
    profileTo: context.profileTo,
    systems: {
      company: { generate: "customers=20,vendors=2,invoices=40,bills=2,seed=7" },
      limits: "unlimited",
      jobs: secondPerJob,
    },
  });
  try {
    const until = new Date(Date.now() + hourMs);
    await stage.driver.engine.stores.blocks.companies.block(realm, { until, incident: undefined });
    const deliveries = Array.from({ length: signedAhead }, (_, place) => delivery(changing(place)));
    const request = (place: number) => deliveries[place % signedAhead] ?? Buffer.alloc(0);
    const bare = await bareRate(stage.database, forMs, request);
    const full = await sendLoad({ url: stage.service.url, connections, forMs, request });
    const deliveriesPerSecond = accepted(full) / full.seconds;
    const perSecond = deliveriesPerSecond * lastingShare;
    const lasting = await sendLoad({
      url: stage.service.url,
      connections,
      forMs,
      perSecond,
      request,
    });
    accepted(lasting);
    const { longestStopMs } = await stage.service.observe();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), forMs).unref();
    const killing = new Promise((resolve) => setTimeout(resolve, killAfterMs)).then(() => stage.service.kill());
    const cut = await sendLoad({
      url: stage.service.url,
      connections,
      stop: stop.signal,
      request: (place) => delivery(once(place)),
    });
    await killing;
    await stage.startService();
    const lost = await countLost(stage.database, cut.answered.get(200) ?? []);
    context.say(`bare ${round(bare)} deliveries/s; ${cut.answered.get(200)?.length ?? 0} answered before the kill`);
    return {
      ratioToBare: round(deliveriesPerSecond / bare, 2),
      p99Ms: round(percentile(lasting.latenciesMs, 0.99), 1),
      deliveriesPerSecond: round(deliveriesPerSecond),
      lost,
      barePerSecond: round(bare),
      eventsPerSecond: round(deliveriesPerSecond * eventsPerDelivery),
      answeredBeforeKill: cut.answered.get(200)?.length ?? 0,
      longestStopMs: round(longestStopMs),
    };
  } finally {
    await stage.close();
  }
};

async function bareRate({ url }: BenchDatabase, forMs: number, request: (place: number) => Buffer): Promise<number> {
  const route = await startChild([fileURLToPath(new URL("./bare-route.ts", import.meta.url))], { DATABASE_URL: url });
  try {
    const load = await sendLoad({ url: route.url, connections, forMs, request });
    return accepted(load) / load.seconds;
  } finally {
    await route.end("SIGTERM");
  }
}

function accepted({ answered }: LoadResult): number {
  for (const status of answered.keys()) if (status !== 200) throw new Error(`a delivery was answered ${status}`);
  return answered.get(200)?.length ?? 0;
}

function changing(place: number): string[] {
  return Array.from({ length: eventsPerDelivery }, (_, event) =>
    String(1 + ((place * eventsPerDelivery + event) % invoices)),
  );
}

/** Records that no other delivery names. */
function once(place: number): string[] {
  return Array.from({ length: eventsPerDelivery }, (_, event) =>
    String(10_000_000 + place * eventsPerDelivery + event),
  );
}

function delivery(invoiceIds: readonly string[]): Buffer {
  const time = new Date().toISOString();
  const events = invoiceIds.map((id) => ({
    specversion: "1.0",
    id: `${randomUUID()}-Invoice-${id}`,
    source: "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
    type: "qbo.invoice.updated.v1",
    datacontenttype: "application/json",
    time,
    intuitentityid: id,
    intuitaccountid: realm,
    data: {},
  }));
  const body = Buffer.from(JSON.stringify(events));
  const signature = createHmac("sha256", verifier).update(body).digest("base64");
  return httpRequest({
    method: "POST",
    path: "/webhooks/quickbooks",
    headers: { "content-type": "application/cloudevents-batch+json", "intuit-signature": signature },
    body,
  });
}

/** Events of deliveries that were answered 200 and left no mark. */
async function countLost({ database }: BenchDatabase, answered: readonly number[]): Promise<number> {
  const keys = answered.flatMap((place) => once(place).map((id) => `Invoice:${id}`));
  const { rows } = await sql<{ found: number }>`
    select count(*) as found from mark where kind = 'record' and key = any(${keys})`.execute(database);
  return keys.length - (rows[0]?.found ?? 0);
}
