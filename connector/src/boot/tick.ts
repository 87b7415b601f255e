import type { ConnectionId, LocalDate, Subdomain } from "../domain/index.ts";
import type { Jobs } from "../jobs/index.ts";
import type { TickStore } from "../store/tick-store.ts";
import type { Log } from "./log.ts";

const tickMs = 1_000;
const hourlyTicks = 3_600;

export interface TickPorts {
  store: TickStore;
  jobs: Pick<Jobs, "send">;
  today(zone: string): LocalDate;
  markFlips(connectionId: ConnectionId, today: LocalDate): Promise<number>;
  /** Where Zendesk may post its events; undefined: it cannot reach us. */
  zendeskHooks(): string | undefined;
  /** Refreshes credentials that end soon. */
  refreshDue(): Promise<void>;
  /** Opens and resolves incidents, and tells who has to know. */
  oversee(): Promise<void>;
  /** Once an hour: partitions made ahead, old rows gone. */
  tidy(): Promise<void>;
  log: Log;
}

/**
 * Once a second: whatever the clock owes. Sends are coalesced by the queue, so every process may tick; a tick that is late or lost is
 * made up by the next one, since all of it is asked of the database.
 */
export function startTick(ports: TickPorts): { stop(): Promise<void> } {
  let stopped = false;
  let ticks = 0;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const once = async () => {
    try {
      await tick(ports, ticks);
    } catch (fault) {
      // A database that is away is away for everybody; the next tick asks again.
      ports.log.warn({ err: fault }, "a tick failed; the next one makes up for it");
    }
    ticks += 1;
    if (!stopped)
      timer = setTimeout(() => {
        running = once();
      }, tickMs);
  };
  running = once();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

async function tick(ports: TickPorts, ticks: number): Promise<void> {
  const { store, jobs } = ports;
  await sendAll(jobs, "reconcile", await store.accountsWithWork());
  await sendAll(jobs, "sweep", (await store.connectionsToSweep()).map(String));
  await sendAll(jobs, "poll", (await store.connectionsToPoll()).map(String));
  await sendAll(jobs, "directory", await store.accountsToTend(ports.zendeskHooks()));
  for (const { connectionId, zone, day } of await store.clocks()) {
    const today = ports.today(zone);
    if (day === undefined || day < today) await ports.markFlips(connectionId, today);
  }
  // Not awaited: a token endpoint that hangs must not hold the tick. A round that runs is joined by the next call.
  ports
    .refreshDue()
    .catch((fault: unknown) => ports.log.warn({ err: fault }, "refreshing tokens failed; the next tick tries again"));
  ports
    .oversee()
    .catch((fault: unknown) =>
      ports.log.warn({ err: fault }, "looking after things failed; the next tick tries again"),
    );
  if (ticks % hourlyTicks === 0) await ports.tidy();
}

async function sendAll(
  jobs: Pick<Jobs, "send">,
  queue: Parameters<Jobs["send"]>[0],
  keys: readonly (string | Subdomain)[],
): Promise<void> {
  for (const key of keys) await jobs.send(queue, key);
}
