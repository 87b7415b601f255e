import { type Bench, type BenchContext, percentile, round } from "./bench.ts";
import { callOf, countCalls, listCalls } from "./calls.ts";
import { type Change, linkedCustomers, makeChange } from "./company-life.ts";
import {
  type LoadedStage,
  type Observed,
  openLoadedStage,
  pause,
  type Span,
  secondPerJob,
  setLatency,
} from "./stage/index.ts";

const sizes = {
  full: { company: "customers=300,vendors=20,invoices=900,bills=40,seed=7", cards: 150, seconds: 60 },
  small: { company: "customers=60,vendors=5,invoices=180,bills=10,seed=7", cards: 20, seconds: 2 },
};
const changesPerSecond = 5;
const latencyMs = 150;
const patienceMs = 60_000;

/** Five changes a second on ever other cards, at no latency and then at 150 ms: how much of each change's way is our own time. */
export const freshness: Bench = async (context) => {
  const { company } = sizes[context.size];
  const stage = await openLoadedStage({
    server: await context.server(),
    profileTo: context.profileTo,
    systems: { company: { generate: company }, limits: "unlimited", jobs: secondPerJob },
  });
  try {
    const runs = [await live(context, stage, 0), await live(context, stage, latencyMs)];
    const worst = (figure: (run: (typeof runs)[number]) => number) => Math.max(...runs.map(figure));
    return {
      ownP50Ms: round(worst(({ own }) => percentile(own, 0.5))),
      ownP99Ms: round(worst(({ own }) => percentile(own, 0.99))),
      remoteCallsInSequence: worst(({ callsInSequence }) => Math.max(...callsInSequence)),
      ackToFetchP95Ms: round(worst(({ ackToFetch }) => percentile(ackToFetch, 0.95))),
      connectingCalls: runs.reduce((sum, { connecting }) => sum + connecting, 0),
      changes: runs.reduce((sum, { own }) => sum + own.length, 0),
      totalP50Ms: round(worst(({ total }) => percentile(total, 0.5))),
      totalP99Ms: round(worst(({ total }) => percentile(total, 0.99))),
      longestStopMs: round(worst(({ longestStopMs }) => longestStopMs)),
    };
  } finally {
    await stage.close();
  }
};

async function live(context: BenchContext, stage: LoadedStage, latency: number) {
  const { cards, seconds } = sizes[context.size];
  const customers = (await linkedCustomers(stage.database, stage.connectionId)).slice(0, cards);
  await setLatency(stage, latency);
  await stage.service.observe("forget");
  const made: Made[] = [];
  const startedAt = performance.now();
  for (let place = 0; place < seconds * changesPerSecond; place += 1) {
    await pause(startedAt + (place * 1000) / changesPerSecond - performance.now());
    const customer = customers[place % customers.length];
    if (!customer) throw new Error("the company has no linked customers");
    const at = performance.timeOrigin + performance.now();
    made.push({
      at,
      organizationId: customer.organizationId,
      ...(await makeChange(stage.quickbooks, customer, place)),
    });
  }
  await stage.driver.settled(stage.connectionId, patienceMs);
  const { spans, webhooks, longestStopMs } = await stage.service.observe();
  context.say(`at ${latency} ms: ${listCalls(spans)}`);
  return { ...waysOf(made, spans, webhooks), connecting: countCalls(spans).connecting, longestStopMs };
}

interface Made extends Change {
  /** Right before QuickBooks was told. */
  at: number;
  organizationId: number;
}

/** The way of each change: told to QuickBooks -> fetched by us -> written to Zendesk, and what of it was not spent in calls. */
function waysOf(made: readonly Made[], spans: readonly Span[], webhooks: Observed["webhooks"]) {
  const own: number[] = [];
  const total: number[] = [];
  const callsInSequence: number[] = [];
  const ackToFetch: number[] = [];
  for (const change of made) {
    const path = criticalPath(change, spans);
    const [first] = path;
    const last = path.at(-1);
    if (!first || !last) throw new Error(`the change of ${change.documentIds.join(" and ")} never reached Zendesk`);
    total.push(last.endedAt - change.at);
    own.push(last.endedAt - change.at - path.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0));
    callsInSequence.push(path.length);
    const acknowledged = webhooks.find(({ arrivedAt }) => arrivedAt >= change.at);
    if (acknowledged) ackToFetch.push(Math.max(0, first.startedAt - acknowledged.answeredAt));
  }
  return { own, total, callsInSequence, ackToFetch };
}

/** The first reads of all that changed, and the first write after them. Reads that overlap are one step, and their time counts once. */
function criticalPath({ at, documentIds, organizationId }: Made, spans: readonly Span[]): Span[] {
  const reads = documentIds.map((id) => {
    const names = new RegExp(`'${id}'|/${id}\\?`);
    return firstOf(
      spans.filter(
        (span) =>
          callOf(span).system === "quickbooks" &&
          span.startedAt >= at &&
          (names.test(decodeURIComponent(span.path)) || names.test(span.body)),
      ),
    );
  });
  const steps: Span[] = [];
  for (const read of reads.sort((one, other) => (one?.startedAt ?? 0) - (other?.startedAt ?? 0))) {
    if (!read) return [];
    const before = steps.at(-1);
    if (before && read.startedAt < before.endedAt) before.endedAt = Math.max(before.endedAt, read.endedAt);
    else steps.push({ ...read });
  }
  const readAt = steps.at(-1)?.endedAt ?? at;
  const write = firstOf(spans.filter((span) => span.startedAt >= readAt && writesTo(span, organizationId)));
  return write ? [...steps, write] : [];
}

function firstOf(spans: readonly Span[]): Span | undefined {
  return [...spans].sort((one, other) => one.startedAt - other.startedAt)[0];
}

function writesTo({ method, path, body }: Span, organizationId: number): boolean {
  if (method !== "PUT") return false;
  return path.startsWith(`/api/v2/organizations/${organizationId}`) || body.includes(`"id":${organizationId},`);
}
