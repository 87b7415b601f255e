import {
  type ConnectionId,
  parseConnectionId,
  parseSubdomain,
  RemoteFailure,
  type Subdomain,
} from "../domain/index.ts";
import { type Jobs, startJobs } from "../jobs/index.ts";
import { type Database, type DatabaseConnection, listenForMarks, notifyMarks } from "../store/index.ts";
import type { BusinessClock } from "./clocks.ts";
import type { Engine } from "./engine.ts";
import type { Log } from "./log.ts";
import { startTick } from "./tick.ts";

/** Owners work on as many accounts at once as this, in one process. */
const accountsAtOnce = 4;
const readersAtOnce = 2;
/** How long Zendesk's events are gathered before what they name is read. */
const gatherEventsMs = 1_500;
const firstWaitMs = 5_000;
const longestWaitMs = 5 * 60_000;
/** What a stop waits for owners to settle what they have in hand. */
const graceMs = 20_000;

export interface Workers {
  /** After marks were committed: the account's job is sent, and an owner that runs already hears of it. */
  wake(subdomain: Subdomain): Promise<void>;
  /** After Zendesk's events were committed. */
  wakeDirectory(subdomain: Subdomain): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything that works by itself: the job queue with its work, the tick, and the ear for new marks. */
export async function startWorkers(options: {
  engine: Engine;
  /** Opens and resolves incidents, and tells who has to know. */
  oversee(): Promise<void>;
  database: Database;
  connection: DatabaseConnection;
  business: BusinessClock;
  log: Log;
  jobs?: Jobs;
}): Promise<Workers> {
  const { engine, database, log } = options;
  const jobs = options.jobs ?? (await startJobs({ database: options.connection, log }));
  await jobs.work("reconcile", (subdomain, signal) => engine.owners.own(parseSubdomain(subdomain), signal), {
    concurrency: accountsAtOnce,
  });
  await jobs.work("sweep", (id) => read(parseConnectionId(id), "sweep"), { concurrency: readersAtOnce });
  await jobs.work("poll", (id) => read(parseConnectionId(id), "poll"), { concurrency: readersAtOnce });
  await jobs.work("directory", (subdomain) => tend(parseSubdomain(subdomain)), { concurrency: readersAtOnce });
  const failedTending = new Map<Subdomain, { times: number; notBefore: number }>();
  /** Reads that failed: the tick sends every second, but a system that is away is asked ever less often. */
  const failures = new Map<ConnectionId, { times: number; notBefore: number }>();
  const ear = await listenForMarks(options.connection, (subdomain) => engine.owners.wake(subdomain));
  const tick = startTick({
    store: engine.stores.tick,
    jobs,
    today: options.business.today,
    markFlips: engine.markFlips,
    zendeskHooks: engine.zendeskHooks,
    refreshDue: engine.refreshDue,
    oversee: options.oversee,
    tidy: engine.tidy,
    log,
  });

  /** A remote failure has its incident, its pause or its wait by then: the tick sends again when it is over. */
  async function read(connectionId: ConnectionId, what: "sweep" | "poll"): Promise<void> {
    const failed = failures.get(connectionId);
    if (failed && performance.now() < failed.notBefore) return;
    try {
      if (what === "poll") await engine.pollWhenDue(connectionId);
      else await engine.loadOrSweep(connectionId);
      if (failures.delete(connectionId)) await engine.readSucceeded(connectionId);
    } catch (fault) {
      if (!(fault instanceof RemoteFailure)) throw fault;
      failures.set(connectionId, nextTry(failed?.times ?? 0, fault));
      await engine.noteReadFailure(connectionId, fault);
      log.warn({ err: fault, connectionId }, `a ${what} stopped: ${fault.says}`);
    }
    const connection = await engine.stores.connections.read(connectionId);
    if (connection) await wake(connection.subdomain);
  }

  /** A remote failure is an incident, and is tried again ever less often: polls and sweeps go on meanwhile. */
  async function tend(subdomain: Subdomain): Promise<void> {
    const failed = failedTending.get(subdomain);
    if (failed && performance.now() < failed.notBefore) return;
    try {
      // Events come one by one, those of our own writes among them; a read takes a hundred of what they name.
      await new Promise((resolve) => setTimeout(resolve, gatherEventsMs));
      await engine.tendDirectory(subdomain);
      if (failedTending.delete(subdomain)) await engine.tendSucceeded(subdomain);
    } catch (fault) {
      if (!(fault instanceof RemoteFailure)) throw fault;
      failedTending.set(subdomain, nextTry(failed?.times ?? 0, fault));
      await engine.tendFailed(subdomain, fault);
      log.warn({ err: fault, subdomain }, `following Zendesk stopped: ${fault.says}`);
    }
    await wake(subdomain);
  }

  async function wake(subdomain: Subdomain): Promise<void> {
    // An owner in this process hears at once. Should it be a zombie, the true one looks within a second.
    const isHere = engine.owners.wake(subdomain);
    await Promise.all([jobs.send("reconcile", subdomain), ...(isHere ? [] : [notifyMarks(database, subdomain)])]);
  }

  return {
    wake,
    wakeDirectory: (subdomain) => jobs.send("directory", subdomain),
    async stop() {
      await tick.stop();
      await jobs.stop({ graceMs });
      await ear.close();
    },
  };
}

function nextTry(failedBefore: number, fault: RemoteFailure): { times: number; notBefore: number } {
  const waitMs = Math.min(longestWaitMs, Math.max(fault.retryAfterMs ?? 0, firstWaitMs * 2 ** failedBefore));
  return { times: failedBefore + 1, notBefore: performance.now() + waitMs };
}
