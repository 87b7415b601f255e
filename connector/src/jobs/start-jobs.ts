import { PgBoss } from "pg-boss";
import type { DatabaseSettings, Jobs, JobsLog, QueueName } from "./ports.ts";
import { queueKeys } from "./ports.ts";

/**
 * How a job lives (pg-boss 12.38; state and settings are columns of its table):
 *
 *   created --picked--> active --returned--> completed --60 s--> deleted
 *                          |--threw, or 10 s without heartbeat--> retry --1 s, 2 s ... 30 s--> active
 *
 * `stately`: at most one job per key in each of created, retry, active. So a send while one is active leads to exactly one more run, and
 * a send while one waits is dropped. No send is ever delayed: a delayed job would hold the place and swallow live sends.
 */
const queueSettings = {
  // The smallest that pg-boss takes. A worker refreshes it every 5 s; with the supervisor's pass every second, the jobs of a killed
  // process are taken up within about 12 s. Defaults: 15 minutes (expiry), supervised every 60 s.
  heartbeatSeconds: 10,
  // The most that pg-boss takes: an owner works as long as there is work. At the end its signal is aborted and the job is tried again.
  expireInSeconds: 24 * 60 * 60,
  retryLimit: 1000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 30,
  retentionSeconds: 24 * 60 * 60,
  deleteAfterSeconds: 60,
  notify: true,
} as const;

const everySecond = { superviseIntervalSeconds: 1, monitorIntervalSeconds: 1 } as const;

/** The least that pg-boss takes. NOTIFY wakes a worker sooner, but not one that was busy when the job arrived. */
const pollSeconds = 0.5;

/** The same complaint of a database that is away comes from every worker, twice a second. */
const quietMs = 10_000;

export async function startJobs(options: {
  database: DatabaseSettings;
  log: JobsLog;
  maxConnections?: number;
}): Promise<Jobs> {
  const { database, log } = options;
  const boss = new PgBoss({
    ...("url" in database ? { connectionString: database.url } : database),
    application_name: "ml-connector jobs",
    schema: "pgboss",
    max: options.maxConnections ?? 4,
    useListenNotify: true,
    ...everySecond,
    maintenanceIntervalSeconds: 60,
    queueCacheIntervalSeconds: 60,
    schedule: false,
    registerInstance: false,
    monitorVacuum: false,
  });
  boss.on(
    "error",
    sayRarely((error) => log.error({ err: error }, "the job queue has a fault")),
  );
  boss.on(
    "warning",
    sayRarely((warning) => log.warn({ warning: warning.message }, "the job queue warns")),
  );
  await boss.start();
  await makeQueues(boss);
  const stopping = new AbortController();
  return {
    send: async (queue, key) => {
      await boss.send(queue, {}, { singletonKey: key });
    },
    work: async (queue, act, { concurrency }) => {
      await boss.work(queue, workOptions(concurrency), async ([job]) => {
        if (job?.singletonKey == null) return;
        const fault = await act(job.singletonKey, AbortSignal.any([job.signal, stopping.signal])).then(
          () => undefined,
          (error: unknown) => ({ error }),
        );
        if (!fault) return;
        log.error({ err: fault.error, queue, key: job.singletonKey }, "a job failed and will be tried again");
        // pg-boss stores what is thrown beside the job: the log has the fault, the table gets its name alone.
        throw new Error(fault.error instanceof Error ? fault.error.name : "unknown");
      });
    },
    waiting: (queue) => countWaiting(boss, queue),
    stop: async ({ graceMs }) => {
      stopping.abort(new Error("this process stops"));
      await boss.stop({ graceful: true, timeout: graceMs });
    },
  };
}

const workOptions = (concurrency: number) =>
  ({
    includeMetadata: true,
    batchSize: 1,
    localConcurrency: concurrency,
    pollingIntervalSeconds: pollSeconds,
    notifyPollingIntervalSeconds: pollSeconds,
  }) as const;

/** A queue that is there keeps its settings until it is told: an update of ours must reach databases made before it. */
async function makeQueues(boss: PgBoss): Promise<void> {
  for (const queue of Object.keys(queueKeys)) {
    await boss.createQueue(queue, { policy: "stately", ...queueSettings });
    await boss.updateQueue(queue, queueSettings);
  }
}

/** Asked of the table: pg-boss's own counts are a second old and count jobs, whose keys may be in work. */
async function countWaiting(boss: PgBoss, queue: QueueName): Promise<number> {
  const { rows } = await boss.getDb().executeSql(
    `select count(distinct waiting.singleton_key)::int as keys
     from pgboss.job waiting
     where waiting.name = $1 and waiting.state in ('created', 'retry') and waiting.start_after <= now()
       and not exists (select 1 from pgboss.job active
         where active.name = $1 and active.state = 'active' and active.singleton_key = waiting.singleton_key)`,
    [queue],
  );
  return Number(rows[0]?.["keys"] ?? 0);
}

function sayRarely<Event extends { message: string }>(say: (event: Event) => void): (event: Event) => void {
  let last = { message: "", at: Number.NEGATIVE_INFINITY };
  return (event) => {
    const at = performance.now();
    if (event.message === last.message && at - last.at < quietMs) return;
    last = { message: event.message, at };
    say(event);
  };
}
