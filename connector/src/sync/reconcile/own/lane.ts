import { type ConnectionId, type Families, priorities } from "../../../domain/index.ts";
import type { Mark } from "../../marks/index.ts";
import { spreadMarks } from "../../replica/index.ts";
import { bulkJobs } from "../deliver/bulk-jobs.ts";
import { singleCalls } from "../deliver/deliver.ts";
import { ensureFields } from "../deliver/fields.ts";
import { partsOf } from "../plan/screen.ts";
import type { OwnedConnection } from "../ports.ts";
import { readMarked } from "../read/read-marked.ts";
import { emptySettlement } from "../settle/settlement.ts";
import { decideAndDeliver, type Way } from "./decide-and-deliver.ts";
import { lingerMs } from "./linger.ts";
import type { Owner } from "./owner.ts";
import { WakeUp } from "./wake-up.ts";

export type LaneName = "live" | "bulk";

interface LaneShape {
  priorities: { from: (typeof priorities)[keyof typeof priorities]; to: (typeof priorities)[keyof typeof priorities] };
  records: number;
  parties: number;
  /** Claims of so few parties go out as they come; larger ones that are not full let more gather. */
  few: number;
  /** Batches in work at once: that read in QuickBooks, and that write in Zendesk. */
  reads: number;
  batches: number;
}

const lanes: Record<LaneName, LaneShape> = {
  live: {
    priorities: { from: priorities.live, to: priorities.urgent },
    records: 1_000,
    parties: 100,
    few: singleCalls,
    reads: 4,
    batches: 4,
  },
  bulk: {
    priorities: { from: priorities.bulk, to: priorities.background },
    records: 900,
    // About a job each: the first leaves while the next are decided, and the account's jobs stay in work.
    parties: 100,
    few: 0,
    reads: 3,
    batches: 15,
  },
};

/** How long a lane sleeps at most without a wake-up. */
const floorMs = 1_000;
/** After a look that found nothing a lane rests so many times as long as the look took, however often it is woken by others ... */
const restPerLook = 4;
/** ... but not longer than this. Webhooks by the thousand would else spend the database on looks at the same backlog. */
const longestRestMs = 100;

/**
 * One lane of an owner: claim, work, claim again, without waiting for earlier batches.
 *
 *   claim (excluding what either lane holds) --> hold --> read | decide, deliver --> settle --> release
 *         ^------------- wake-up, or 1 s ---------------------------------------------------------'
 */
export class Lane {
  readonly #owner: Owner;
  readonly #name: LaneName;
  readonly #way: Way;
  readonly #running = { record: new Set<Promise<void>>(), party: new Set<Promise<void>>() };
  /** A batch of this lane ended: that is worth a look at once. */
  readonly #ended = new WakeUp();
  #fault: unknown;
  /** No parties are claimed before: see `lingerMs`. */
  #gatherUntil = 0;
  #lastWorkAt: number;
  #sleepMs = floorMs;
  #tendAt = 0;

  constructor(owner: Owner, name: LaneName) {
    this.#owner = owner;
    this.#name = name;
    this.#way = name === "live" ? { lane: name } : { lane: name, jobs: bulkJobs(owner) };
    this.#lastWorkAt = performance.now();
  }

  /** Milliseconds for which this lane had nothing to do; 0 while a batch is in work. */
  get idleMs(): number {
    return this.#runs() ? 0 : performance.now() - this.#lastWorkAt;
  }

  /** Runs until the signal. Throws the first fault that no batch could settle, LostOwnership among them. */
  async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted && this.#fault === undefined) {
      const lookedAt = performance.now();
      const started = await this.#startBatch();
      if (started) continue;
      const endedAt = performance.now();
      await this.#owner.wakeUp[this.#name].wait(this.#sleepMs, stopping);
      const restMs = Math.min(longestRestMs, restPerLook * (endedAt - lookedAt));
      const leftMs = endedAt + restMs - performance.now();
      if (leftMs > 0) await this.#ended.wait(leftMs, stopping);
    }
    await Promise.allSettled([...this.#running.record, ...this.#running.party]);
    if (this.#fault !== undefined) throw this.#fault;
  }

  #runs(): boolean {
    return this.#running.record.size + this.#running.party.size > 0;
  }

  async #startBatch(): Promise<boolean> {
    this.#sleepMs = floorMs;
    const shape = lanes[this.#name];
    const mayRead = this.#running.record.size < shape.reads;
    const mayDeliver = this.#running.party.size < shape.batches;
    if (!mayRead && !mayDeliver) return false;
    const connections = await this.#owner.ports.ownership.connections(this.#owner.subdomain);
    const [records, parties] = await Promise.all([
      mayRead ? this.#gathered(this.#readable(connections)).then((readable) => this.#claim("record", readable)) : [],
      mayDeliver ? this.#deliverable(connections).then((deliverable) => this.#claimParties(deliverable)) : [],
    ]);
    if (records.length > 0) this.#work("record", records, () => this.#readBatch(connections, records));
    if (parties.length > 0) this.#work("party", parties, () => this.#partyBatch(parties));
    return records.length + parties.length > 0;
  }

  /** Those whose company may be asked now. What would wait for its turn is better claimed then, with what has come until then. */
  #readable(connections: readonly OwnedConnection[]): OwnedConnection[] {
    return connections.filter(({ realm, companyBlockedUntil }) => {
      if (companyBlockedUntil !== undefined) return false;
      const freeInMs = this.#owner.ports.sources[this.#name].freeInMs(realm);
      if (freeInMs > 0) this.#sleepMs = Math.min(this.#sleepMs, freeInMs);
      return freeInMs <= 0;
    });
  }

  /**
   * Those whose changes are not, or not any more, gathered: some companies pay for every read, and bookkeepers post by the dozen. What is
   * urgent does not wait, and takes the others along.
   */
  async #gathered(connections: OwnedConnection[]): Promise<OwnedConnection[]> {
    const gathering = connections.filter(({ settings }) => settings.gatherSeconds > 0);
    if (this.#name === "bulk" || gathering.length === 0) return connections;
    const waiting = await this.#owner.ports.marks.waitingRecords(gathering.map(({ id }) => id));
    return connections.filter(({ id, settings }) => {
      const found = waiting.get(id);
      const leftMs = found && !found.urgent ? settings.gatherSeconds * 1000 - found.oldestMs : 0;
      if (leftMs > 0) this.#sleepMs = Math.min(this.#sleepMs, leftMs);
      return leftMs <= 0;
    });
  }

  async #claimParties(connections: readonly OwnedConnection[]): Promise<Mark[]> {
    const gatherMs = this.#gatherUntil - performance.now();
    if (gatherMs > 0) {
      this.#sleepMs = Math.min(this.#sleepMs, gatherMs);
      return [];
    }
    if (this.#name === "bulk") await this.#tendPlans(connections);
    if (this.#name === "bulk")
      await spreadMarks(
        this.#owner.ports,
        connections.map((connection) => ({ id: connection.id, families: everybodyUnder(connection) })),
      );
    const shape = lanes[this.#name];
    const parties = await this.#claim("party", connections);
    this.#gatherUntil = performance.now() + lingerMs(parties.length, { few: shape.few, most: shape.parties });
    return parties;
  }

  async #claim(kind: Mark["kind"], connections: readonly OwnedConnection[]): Promise<Mark[]> {
    if (connections.length === 0) return [];
    const shape = lanes[this.#name];
    const held = this.#owner.holds.namesUnder(`${kind} `).map((text) => {
      // names under a kind are `kind connection key`
      const [connectionId, key] = text.split(" ", 2) as [string, string];
      return { connectionId: Number(connectionId) as ConnectionId, key };
    });
    return this.#owner.ports.marks.claim(
      {
        connectionIds: connections.map(({ id }) => id),
        kind,
        priorities: shape.priorities,
        limit: kind === "record" ? shape.records : shape.parties,
        excluding: held,
      },
      this.#owner.fence,
    );
  }

  /** What a plan still has to do and nobody is marked for. */
  async #tendPlans(connections: readonly OwnedConnection[]): Promise<void> {
    if (performance.now() < this.#tendAt) return;
    this.#tendAt = performance.now() + floorMs;
    for (const { plan } of connections) if (plan?.mode === "applying") await this.#owner.ports.plans.tend(plan.id);
  }

  /** Active connections whose fields exist in Zendesk, while the account may be asked. */
  async #deliverable(connections: readonly OwnedConnection[]): Promise<OwnedConnection[]> {
    const blocked = await this.#owner.ports.ownership.accountBlockedUntil(this.#owner.subdomain);
    if (blocked) return [];
    const ready: OwnedConnection[] = [];
    for (const connection of connections) {
      if (connection.state !== "active") continue;
      if (
        connection.fieldsReady ||
        (this.#name === "bulk" &&
          (await ensureFields(this.#owner.ports, { ...connection, ...connection.plan?.candidate })))
      )
        ready.push(connection);
    }
    return ready;
  }

  #work(kind: Mark["kind"], marks: readonly Mark[], batch: () => Promise<void>): void {
    const held = marks.map(holdName).filter((name) => this.#owner.holds.take(name));
    const running = batch()
      .catch((fault: unknown) => {
        this.#fault ??= fault;
      })
      .finally(() => {
        for (const name of held) this.#owner.holds.release(name);
        this.#running[kind].delete(running);
        this.#lastWorkAt = performance.now();
        this.#ended.raise();
        this.#owner.wake();
      });
    this.#running[kind].add(running);
  }

  async #readBatch(connections: readonly OwnedConnection[], marks: readonly Mark[]): Promise<void> {
    for (const connection of connections) {
      const own = marks.filter(({ connectionId }) => connectionId === connection.id);
      if (own.length > 0) await readMarked(this.#owner, this.#name, connection, own);
    }
  }

  /** Plans, settings and mapping as they are after the claim: marks that a person's approval set must not be decided by what was before. */
  async #partyBatch(marks: readonly Mark[]): Promise<void> {
    const connections = await this.#owner.ports.ownership.connections(this.#owner.subdomain);
    for (const connection of connections) {
      const own = marks.filter(({ connectionId }) => connectionId === connection.id);
      if (own.length === 0) continue;
      const { parts, waiting } = await partsOf(this.#owner.ports.plans, connection, own);
      await this.#owner.commit({ ...emptySettlement(), settled: waiting });
      for (const part of parts)
        await decideAndDeliver(this.#owner, this.#way, connections, part.connection, part.marks);
    }
  }
}

/** While a plan is tried some families are decided as it would have them: then every customer is a key to look at. */
function everybodyUnder({ settings, plan }: OwnedConnection): Families | undefined {
  return plan && plan.candidate.settings.families !== settings.families ? "separate" : undefined;
}

function holdName(mark: Mark): string {
  return `${mark.kind} ${mark.connectionId} ${mark.key}`;
}
