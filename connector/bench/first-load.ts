import { sql } from "kysely";
import { entities } from "../src/domain/index.ts";
import { type Bench, type BenchContext, type Figures, round } from "./bench.ts";
import { countCalls, listCalls, unionMs } from "./calls.ts";
import { type Observed, openStage, recordedPace, type Stage, type Systems, secondPerJob } from "./stage/index.ts";

const companies = {
  full: "customers=20000,vendors=2000,invoices=60000,bills=10000,seed=7",
  small: "customers=300,vendors=30,invoices=900,bills=150,seed=7",
};
/** A page of a sweep starts with at least one row of the page before. */
const newRowsPerPage = 999;
const patienceMs = 30 * 60_000;

/** Everything of a large company into an empty account, without request limits: once with a job taking a second, once at the recorded pace. */
export const firstLoad: Bench = async (context) => {
  const figures = await load(context, secondPerJob);
  const { partiesPerSecond, pollsPerJob } = await load(context, recordedPace);
  return { ...figures, atRecordedPace: { partiesPerSecond, pollsPerJob } };
};

async function load(context: BenchContext, jobs: Systems["jobs"]) {
  const stage = await openStage({
    server: await context.server(),
    profileTo: context.profileTo,
    systems: { company: { generate: companies[context.size] }, limits: "unlimited", jobs },
  });
  try {
    const service = await stage.startService();
    const connectionId = await stage.driver.connect();
    const startedAt = performance.now();
    const plannedAt = await stage.driver.approve(connectionId, patienceMs);
    await stage.driver.settled(connectionId, patienceMs);
    const settledAt = performance.now();
    const observed = await service.observe();
    context.say(
      `planned after ${round((plannedAt - startedAt) / 1000, 1)} s, settled after ${round((settledAt - startedAt) / 1000, 1)} s`,
    );
    context.say(listCalls(observed.spans));
    return await figuresOf(stage, observed, settledAt - startedAt);
  } finally {
    await stage.close();
  }
}

async function figuresOf(stage: Stage, observed: Observed, spanMs: number) {
  const { rows, cards, parties } = await holdings(stage);
  const counts = countCalls(observed.spans);
  const pages = entities.reduce(
    (sum, entity) => sum + Math.max(1, Math.ceil((rows.get(entity) ?? 0) / newRowsPerPage)),
    0,
  );
  return {
    quickbooksCallRatio: round(counts.quickbooks / pages, 3),
    zendeskWriteRatio: round(counts.organizationWrites / (cards / 100), 3),
    pollsPerJob: round(counts.polls / counts.jobs, 3),
    partiesPerSecond: round(parties / (spanMs / 1000)),
    connectorPeakRssMb: round(observed.peakRssMb),
    connectingCalls: counts.connecting,
    parties,
    cards,
    seconds: round(spanMs / 1000, 1),
    ownSeconds: round((spanMs - unionMs(observed.spans)) / 1000, 1),
    resultsSeenAfterMs: round(await resultsSeenAfterMs(stage, observed)),
    longestStopMs: round(observed.longestStopMs),
    usualStopMs: round(observed.usualStopMs),
  } satisfies Figures;
}

async function holdings({ database: { database } }: Stage) {
  const { rows } = await sql<{ entity: string; count: number }>`
    select entity, count(*) as count from document group by entity
    union all select initcap(kind), count(*) from party group by kind
    union all select entity, count(*) from reference_record group by entity`.execute(database);
  const count = async (table: "card" | "party") => {
    const found = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(database);
    return found.rows[0]?.count ?? 0;
  };
  return {
    rows: new Map(rows.map((row) => [row.entity, row.count])),
    cards: await count("card"),
    parties: await count("party"),
  };
}

/** The longest time from a job's end in Zendesk to the end of the first poll that could tell of it. */
async function resultsSeenAfterMs({ zendesk }: Stage, { spans }: Observed): Promise<number> {
  const { jobs } = await zendesk.get<{ jobs: { id: string; finishedAt: number | null }[] }>("state");
  const polls = spans.filter(({ path }) => path.startsWith("/api/v2/job_statuses/show_many"));
  return Math.max(
    0,
    ...jobs.map(({ id, finishedAt }) => {
      const seen = polls.filter(({ path, endedAt }) => endedAt >= (finishedAt ?? 0) && path.includes(id));
      return Math.min(...seen.map(({ endedAt }) => endedAt)) - (finishedAt ?? 0);
    }),
  );
}
