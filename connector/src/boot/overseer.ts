// Looks after everything by the clock: what is wrong becomes an incident, what is over is resolved, who has to know is told.
import { statfs } from "node:fs/promises";
import type { Seal } from "../connections/credentials/index.ts";
import { readSettings } from "../connections/index.ts";
import type { ConnectionId, Settings } from "../domain/index.ts";
import { type AlertIncident, type Channels, type Destination, sendDue } from "../oversight/alerts/index.ts";
import {
  createFreshnessGauge,
  createSignatureGauge,
  fadingKinds,
  freshnessFinding,
  type WatchPolicy,
  watch,
} from "../oversight/incidents/index.ts";
import type { FinishedCall } from "../systems/ports.ts";
import type { Stores } from "./stores.ts";

const watchEveryMs = 10_000;
/** A connection that a system refused is tried again so often, as long as our consent is good. */
const probeEveryMs = 15 * 60_000;
const mostSkewMs = 2_000;
/** A Date header has whole seconds; Zendesk and we refuse signatures of another five minutes. */
const mostSystemSkewMs = 30_000;
const leastFreeBytes = 1024 ** 3;

export interface OverseerOptions {
  stores: Stores;
  seal: Seal;
  channels: Channels;
  policy: WatchPolicy;
  /** Through which Intuit app a company is read. */
  clientOf(realm: string): Promise<{ clientId: string; environment: "production" | "sandbox" }>;
  publicUrl(): string;
  /** A link that starts a new consent for what this incident is about. */
  reconnectUrl(incident: AlertIncident): Promise<string | undefined>;
  /** Where the built-in database keeps its data. */
  dataFolder: string | undefined;
  /** A refused credential whose connections still work. */
  refused(of: { system: "quickbooks" | "zendesk"; subject: string; because: string }): Promise<void>;
  /** Asks a system whether it accepts us again, and resumes what it had stopped. */
  probe(connectionId: ConnectionId): Promise<void>;
  clock: { wallMs(): number; monotonicMs(): number };
}

export interface Overseer {
  /** For the tick, which does not wait for it. While one look is under way, the next joins it. */
  look(): Promise<void>;
  /** Only the alerts that are due. */
  send(): Promise<void>;
  countCall(call: FinishedCall): void;
  settled(connectionId: ConnectionId, firstAt: Date): void;
  signatureRefused: ReturnType<typeof createSignatureGauge>;
  /** A system's own clock, from the Date header of an answer. */
  systemClock(system: string, date: string): void;
  /** How far the systems' clocks are ahead of ours, as far as they have answered here. */
  systemSkews(): { system: string; skewMs: number }[];
  /** What was counted and not stored yet. */
  flush(): Promise<void>;
}

export function destinationBinding(targetId: number) {
  return { table: "alert_target", row: String(targetId), field: "destination" };
}

export function createOverseer(options: OverseerOptions): Overseer {
  const { stores, clock } = options;
  const freshness = createFreshnessGauge(clock.monotonicMs);
  const reads = new Map<string, number>();
  const probedAt = new Map<ConnectionId, number>();
  const systemSkew = new Map<string, number>();
  let watchedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;

  const sendPorts = {
    store: stores.alerts,
    channels: options.channels,
    destinationOf: async (target: { id: number; sealed: string }) =>
      JSON.parse(await options.seal.open(target.sealed, destinationBinding(target.id))) as Destination, // we sealed it
    reconnectUrl: options.reconnectUrl,
    now: () => new Date(clock.wallMs()),
  };

  const send = async () => void (await sendDue({ ...sendPorts, publicUrl: options.publicUrl() }));

  async function look(): Promise<void> {
    await send();
    if (clock.monotonicMs() - watchedAt < watchEveryMs) return;
    watchedAt = clock.monotonicMs();
    await flush();
    for (const each of await stores.watch.unpaused()) await options.refused(each);
    await watch({ watch: stores.watch, incidents: stores.incidents }, options.policy);
    await noteFreshness();
    await noteClocks();
    await noteDisk();
    await probePaused();
    await stores.incidents.fade(fadingKinds());
  }

  async function flush(): Promise<void> {
    const counted = new Map(reads);
    reads.clear();
    try {
      for (const [clientId, own] of await byApp(counted)) {
        await stores.watch.addReads(clientId, own);
        for (const realm of own.keys()) counted.delete(realm);
      }
    } catch (fault) {
      for (const [realm, count] of counted) reads.set(realm, (reads.get(realm) ?? 0) + count);
      throw fault;
    }
  }

  /** Each app has its own month. Development keys are not metered. */
  async function byApp(counted: ReadonlyMap<string, number>): Promise<Map<string, Map<string, number>>> {
    const apps = new Map<string, Map<string, number>>();
    for (const [realm, count] of counted) {
      const { clientId } = await options.clientOf(realm);
      const own = apps.get(clientId) ?? new Map<string, number>();
      apps.set(clientId, own.set(realm, count));
    }
    return apps;
  }

  async function noteFreshness(): Promise<void> {
    for (const { id, state, settings } of await stores.connections.all()) {
      if (state !== "active") continue;
      const finding = freshnessFinding(id, freshness.p99(id), objectiveOf(readSettings(settings)));
      if (finding) await stores.incidents.note(finding);
    }
  }

  async function noteClocks(): Promise<void> {
    const before = clock.wallMs();
    const database = (await stores.directory.now()).getTime();
    const after = clock.wallMs();
    const skewMs = Math.max(0, before - database, database - after);
    const worst = [...systemSkew].sort(([, one], [, other]) => Math.abs(other) - Math.abs(one))[0];
    if (skewMs > mostSkewMs)
      await stores.incidents.note({
        cause: "clock-skew",
        says: `This machine's clock and the database's differ by ${seconds(skewMs)} s. Set both by NTP.`,
        affectedNow: 1,
      });
    else if (worst !== undefined && Math.abs(worst[1]) > mostSystemSkewMs)
      await stores.incidents.note({
        cause: "clock-skew",
        says: `This machine's clock and ${worst[0]}'s differ by ${seconds(Math.abs(worst[1]))} s. Set this machine's clock by NTP.`,
        affectedNow: 1,
      });
  }

  async function noteDisk(): Promise<void> {
    const { dataFolder } = options;
    if (dataFolder === undefined) return;
    const free = await freeBytes(dataFolder).catch((fault: unknown) => {
      // No folder: the database is not there, but where a test or the demo has put it.
      if (fault instanceof Error && "code" in fault && fault.code === "ENOENT") return undefined;
      throw fault;
    });
    if (free === undefined || free >= leastFreeBytes) return;
    await stores.incidents.note({
      cause: "disk-low",
      says: `Only ${Math.floor(free / 1024 ** 2)} MB are free where ${dataFolder} is. When nothing is left, the database stops. Make room.`,
      affectedNow: 1,
    });
  }

  async function probePaused(): Promise<void> {
    for (const { id, state, pausedBy } of await stores.connections.all()) {
      if (state !== "paused" || pausedBy === undefined || pausedBy.startsWith("person:")) {
        probedAt.delete(id);
        continue;
      }
      const last = probedAt.get(id);
      // The first look only starts the time: it was refused just now.
      if (last === undefined || clock.monotonicMs() - last < probeEveryMs) {
        if (last === undefined) probedAt.set(id, clock.monotonicMs());
        continue;
      }
      probedAt.set(id, clock.monotonicMs());
      await options.probe(id);
    }
  }

  return {
    look() {
      underWay ??= look().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    send,
    countCall({ system, subject, outcome }) {
      if (system === "quickbooks" && isMetered(outcome)) reads.set(subject, (reads.get(subject) ?? 0) + 1);
    },
    settled: (connectionId, firstAt) =>
      freshness.settled(connectionId, Math.max(0, clock.wallMs() - firstAt.getTime())),
    signatureRefused: createSignatureGauge(stores.incidents, clock.monotonicMs),
    systemClock(system, date) {
      const at = Date.parse(date);
      if (!Number.isNaN(at)) systemSkew.set(system, at - clock.wallMs());
    },
    systemSkews: () => [...systemSkew].map(([system, skewMs]) => ({ system, skewMs })),
    flush,
  };
}

/** What is gathered on purpose, once for what was announced and once for what that touches, is not late. */
function objectiveOf({ freshnessSeconds, gatherSeconds }: Settings): number {
  return freshnessSeconds + 2 * gatherSeconds;
}

/** Intuit meters what it answers; what it turns away at the gate (401, 429) it does not, as far as it says. */
function isMetered(outcome: FinishedCall["outcome"]): boolean {
  return typeof outcome === "number" && outcome < 500 && outcome !== 401 && outcome !== 429;
}

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
