import { sql } from "kysely";
import type { ConnectionId } from "../src/domain/index.ts";
import { type Bench, type BenchContext, round } from "./bench.ts";
import { type LinkedCustomer, linkedCustomers, makeChange } from "./company-life.ts";
import { type LoadedStage, openLoadedStage, pause, recordedPace } from "./stage/index.ts";

const sizes = {
  full: { company: "customers=4500,vendors=500,invoices=15000,bills=1000,seed=7", bursts: 40, pollDays: 30, sweeps: 4 },
  small: { company: "customers=40,vendors=5,invoices=80,bills=5,seed=7", bursts: 2, pollDays: 0.1, sweeps: 1 },
};
const daysPerMonth = 30;
const burstsPerDay = 40;
const changesPerDay = 500;
const pollsPerDay = (24 * 60) / 15;
const sweepsPerMonth = daysPerMonth / 7;
/** A bookkeeper who posts a pile: a dozen changes, some three a second. */
const betweenChangesMs = 330;
/** What operations.md advises for companies whose reads are metered. */
const settings = { pollMinutes: 15, gatherSeconds: 5 };
const patienceMs = 2 * 60_000;

/**
 * How many metered reads a company of 5,000 parties costs in a month: 500 changes a day in 40 bursts, heard of by webhooks and by polls
 * every 15 minutes, and a sweep a week. Bursts run at their own pace, one day of them; polls and sweeps run as often as a month has them,
 * on a clock that is moved for them. What was run in part is counted up to a month, and both numbers are told.
 */
export const month: Bench = async (context) => {
  const { company, bursts, pollDays, sweeps } = sizes[context.size];
  const stage = await openLoadedStage({
    server: await context.server(),
    profileTo: context.profileTo,
    systems: { company: { generate: company }, limits: "vendor", jobs: recordedPace },
  });
  try {
    await stage.driver.engine.stores.connections.saveSettings(stage.connectionId, settings);
    // Neither poll nor sweep comes by itself meanwhile.
    await put(
      stage,
      stage.connectionId,
      sql`poll_due_at = now() + interval '1 day', sweep_due_at = now() + interval '7 days'`,
    );
    const burst = await runBursts(context, stage, bursts);
    await stage.service.stop();
    const poll = await runPolls(stage, Math.round(pollDays * pollsPerDay));
    const sweep = await runSweeps(stage, sweeps);
    const perMonth = {
      bursts: (burst.reads / bursts) * burstsPerDay * daysPerMonth,
      polls: (poll.reads / poll.runs) * pollsPerDay * daysPerMonth,
      sweeps: (sweep.reads / sweep.runs) * sweepsPerMonth,
    };
    const readsOf = (items: typeof perMonth) => items.bursts + items.polls + items.sweeps;
    return {
      meteredReads: Math.ceil(readsOf(perMonth)),
      byBursts: Math.ceil(perMonth.bursts),
      byPolls: Math.ceil(perMonth.polls),
      bySweeps: Math.ceil(perMonth.sweeps),
      readsPerBurst: round(burst.reads / bursts, 2),
      readsPerSweep: round(sweep.reads / sweep.runs, 1),
      burstsRun: bursts,
      changesPerBurst: burst.changes / bursts,
      pollsRun: poll.runs,
      sweepsRun: sweep.runs,
      gatherSeconds: settings.gatherSeconds,
      ifEachQueryOfABatchCounts: Math.ceil(
        readsOf(perMonth) + (burst.inBatches / bursts) * burstsPerDay * daysPerMonth,
      ),
    };
  } finally {
    await stage.close();
  }
};

async function runBursts(context: BenchContext, stage: LoadedStage, bursts: number) {
  const customers = await linkedCustomers(stage.database, stage.connectionId);
  const before = await metered(stage);
  let changes = 0;
  for (let nth = 0; nth < bursts; nth += 1) {
    const size =
      Math.floor(((nth + 1) * changesPerDay) / burstsPerDay) - Math.floor((nth * changesPerDay) / burstsPerDay);
    const startedAt = performance.now();
    for (let place = 0; place < size; place += 1) {
      await pause(startedAt + place * betweenChangesMs - performance.now());
      await makeChange(stage.quickbooks, customerAt(customers, changes), changes);
      changes += 1;
    }
    // The rest of the pause between two bursts costs nothing: it is left out.
    await pause(1_500);
    await stage.driver.settled(stage.connectionId, patienceMs);
  }
  const after = await metered(stage);
  const reads = after.reads - before.reads;
  const inBatches = after.inBatches - before.inBatches;
  context.say(`${bursts} bursts, ${changes} changes: ${reads} reads`);
  return { reads, inBatches, changes };
}

/** Spread over the company, so that no two changes of a burst are of one customer. */
function customerAt(customers: readonly LinkedCustomer[], nth: number): LinkedCustomer {
  const customer = customers[(nth * 7) % customers.length];
  if (customer === undefined) throw new Error("the company has no linked customers");
  return customer;
}

async function runPolls(stage: LoadedStage, runs: number) {
  const { engine } = stage.driver;
  const before = await metered(stage);
  for (let nth = 0; nth < runs; nth += 1) {
    await put(stage, stage.connectionId, sql`poll_due_at = now()`);
    if ((await engine.pollWhenDue(stage.connectionId)) === undefined)
      throw new Error("a poll that was due did not run");
  }
  return { runs, reads: (await metered(stage)).reads - before.reads };
}

async function runSweeps(stage: LoadedStage, runs: number) {
  const { engine } = stage.driver;
  const before = await metered(stage);
  for (let nth = 0; nth < runs; nth += 1) {
    await put(stage, stage.connectionId, sql`sweep_due_at = now()`);
    await engine.loadOrSweep(stage.connectionId);
  }
  return { runs, reads: (await metered(stage)).reads - before.reads };
}

async function put({ database }: LoadedStage, id: ConnectionId, values: ReturnType<typeof sql>): Promise<void> {
  await sql`update connection set ${values} where id = ${id}`.execute(database.database);
}

const meteredOperations = new Set(["query", "read", "cdc", "batch", "companyinfo", "preferences", "report"]);

/** What Intuit counts: every read that it has answered. Whether a batch counts once or for each of its queries is not said. */
async function metered({ quickbooks }: LoadedStage): Promise<{ reads: number; inBatches: number }> {
  const { requests } = await quickbooks.get<{ requests: { operation: string; requestBody?: unknown }[] }>(
    "log?since=0",
  );
  let reads = 0;
  let inBatches = 0;
  for (const { operation, requestBody } of requests) {
    if (!meteredOperations.has(operation)) continue;
    reads += 1;
    const items = (requestBody as { BatchItemRequest?: unknown[] } | undefined)?.BatchItemRequest;
    inBatches += Math.max(0, (items?.length ?? 1) - 1);
  }
  return { reads, inBatches };
}
