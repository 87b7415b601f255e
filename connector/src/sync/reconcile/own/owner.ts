import { type ConnectionId, type LocalDate, RemoteFailure, type Subdomain } from "../../../domain/index.ts";
import type { IncidentStore } from "../../../oversight/incidents/index.ts";
import type { JournalStore } from "../../../oversight/journal/index.ts";
import type { DirectoryStore } from "../../directory/index.ts";
import type { Fence, MarkStore } from "../../marks/index.ts";
import type { RecordSource, ReplicaReader, ReplicaStore } from "../../replica/index.ts";
import type { ConsiderPorts } from "../consider/facts.ts";
import type { ContactStore, ContactWriter } from "../contacts/ports.ts";
import { backOffMs, wholeWaitMs } from "../deliver/back-off.ts";
import { recheckFields } from "../deliver/fields.ts";
import { JobPoller, OwnerStops, pause } from "../deliver/job-poller.ts";
import { ReadBack } from "../deliver/read-back.ts";
import type { PlanLookup, PlanStore } from "../plan/ports.ts";
import type { OrganizationUndo, RestoreStore } from "../plan/restore-ports.ts";
import type {
  OrganizationWrite,
  OrganizationWriter,
  OwnedConnection,
  OwnershipStore,
  Settlement,
  SettleStore,
  WriteLog,
} from "../ports.ts";
import type { RecordStore, RecordWriter } from "../records/ports.ts";
import type { TicketFieldStore, TicketFieldWriter } from "../ticket-fields/ports.ts";
import { Holds } from "./holds.ts";
import { Slots } from "./slots.ts";
import { WakeUp } from "./wake-up.ts";

/** What reconcile needs of the rest of the program. */
export interface ReconcilePorts extends ConsiderPorts {
  marks: MarkStore;
  replica: ConsiderPorts["replica"] & Pick<ReplicaStore, "commit"> & Pick<ReplicaReader, "allTops">;
  directory: ConsiderPorts["directory"] & Pick<DirectoryStore, "now" | "keepUsers">;
  ownership: OwnershipStore;
  writes: WriteLog;
  settle: SettleStore;
  journal: Pick<JournalStore, "search">;
  plans: PlanLookup & Pick<PlanStore, "read">;
  restores: RestoreStore;
  undo: OrganizationUndo;
  /** By lane: background work takes at most its part of the company's and the account's budgets. */
  sources: Record<"live" | "bulk", RecordSource>;
  writers: Record<"live" | "bulk", OrganizationWriter>;
  records: RecordStore;
  recordWriter: RecordWriter;
  contacts: ContactStore;
  contactWriter: ContactWriter;
  ticketFields: TicketFieldStore;
  ticketFieldWriter: TicketFieldWriter;
  incidents: IncidentStore;
  /** Pauses one connection with its cause, as one incident: credentials refused, company closed. */
  pauseConnection(connection: OwnedConnection, failure: RemoteFailure): Promise<void>;
  /** The compiled mapping of one version of a connection. */
  mappingOf(connectionId: OwnedConnection["id"], version: number): Promise<OwnedConnection["mapping"]>;
  appUrl: string;
  /** Today in this zone, by the business clock. */
  today(zone: string): LocalDate;
  random(): number;
  /** Wall time, for causes and records only. */
  now(): Date;
  observe: Observer;
  /** Whether another account waits for an owner in this or another process. */
  othersWait(): Promise<boolean>;
}

/** What reconcile tells the metrics. */
export interface Observer {
  wrote(lane: "live" | "bulk", organizations: number): void;
  settled(lane: "live" | "bulk", firstMarkedAt: Date, connectionId: ConnectionId): void;
}

/** Batches of the bulk lane that decide or settle at once; those that wait for their jobs do not count. Live work finds room beside them. */
const bulkAtDesk = 3;
/** Half of the 30 jobs an account may have in flight (Zendesk rate limits page): its other integrations need theirs. */
const jobsInFlight = 15;
const longestSilenceMs = 60_000;
/** How long we wait for jobs of others that may be ours under an unknown outcome. */
const openJobsPatienceMs = 120_000;

/** The one process that may write to an account now, with everything its lanes share. */
export class Owner {
  readonly ports: ReconcilePorts;
  readonly subdomain: Subdomain;
  readonly fence: Fence;
  readonly signal: AbortSignal;
  readonly holds = new Holds();
  readonly wakeUp = { live: new WakeUp(), bulk: new WakeUp(), records: new WakeUp() };
  readonly jobSlots = new Slots(jobsInFlight);
  readonly #bulkDesk = new Slots(bulkAtDesk);
  readonly poller: JobPoller;
  readonly readBack: ReadBack;

  constructor(ports: ReconcilePorts, fence: Fence, signal: AbortSignal) {
    this.ports = ports;
    this.subdomain = fence.subdomain;
    this.fence = fence;
    this.signal = signal;
    this.poller = new JobPoller(ports.writers.bulk, fence.subdomain, signal);
    this.readBack = new ReadBack(
      { ...ports, recheckFields: () => recheckFields(ports, fence.subdomain) },
      fence.subdomain,
    );
  }

  wake(): void {
    this.wakeUp.live.raise();
    this.wakeUp.bulk.raise();
    this.wakeUp.records.raise();
  }

  /** Runs what decides or settles a batch; of the bulk lane only a few at once. */
  atDesk<Result>(lane: "live" | "bulk", work: () => Promise<Result>): Promise<Result> {
    return lane === "bulk" ? this.#bulkDesk.run(work) : work();
  }

  async commit(settlement: Settlement): Promise<void> {
    if (Object.values(settlement).every((list: unknown[]) => list.length === 0)) return;
    await this.ports.settle.commit(this.fence, settlement);
  }

  /** True when the failure is of the whole account or company, not of the record: its marks wait, and nobody's attempts are counted. */
  async noteFailure(failure: RemoteFailure, connection: OwnedConnection | undefined): Promise<boolean> {
    switch (failure.action) {
      case "wait":
        // The clients have closed the gate to it, and told of it: see systems/gate.
        return true;
      case "reauthorize":
        if (connection) await this.ports.pauseConnection(connection, failure);
        return true;
      case "bug":
        await this.ports.incidents.note({
          cause: `refused:${failure.operation}:${failure.code}`,
          says: `${failure.says} This is a defect of ml-connector: please report it with the log.`,
          subdomain: this.subdomain,
        });
        return false;
      case "retry":
      case "park":
        return false;
    }
  }

  /** Reads, however often it takes: as long as nobody knows what a write did, its organization is written by nobody. */
  async untilAnswered<Answer>(read: () => Promise<Answer>): Promise<Answer> {
    for (let attempts = 0; ; attempts += 1) {
      try {
        return await read();
      } catch (fault) {
        if (!(fault instanceof RemoteFailure) || (fault.action !== "retry" && fault.action !== "wait")) throw fault;
        await this.noteFailure(fault, undefined);
        // Cards stand still meanwhile. Asking for an account that is left alone costs no call; one that answers wrongly is asked ever less often.
        const waitMs = fault.action === "wait" ? wholeWaitMs(fault) : backOffMs(attempts, this.ports.random);
        await pause(Math.min(longestSilenceMs, waitMs), this.signal);
        if (this.signal.aborted)
          throw new OwnerStops("the owner stops; a successor closes its writes", { cause: fault });
      }
    }
  }

  /** The end of a job of ours. Where the account refuses to show it, its writes stay open: a successor asks again, and creates nothing twice. */
  async jobEnded(jobId: string, items: readonly OrganizationWrite[], connection: OwnedConnection | undefined) {
    try {
      return await this.poller.ended(jobId, items);
    } catch (fault) {
      if (!(fault instanceof RemoteFailure)) throw fault;
      await this.noteFailure(fault, connection);
      throw new OwnerStops("a job of ours cannot be followed; a successor closes its writes", { cause: fault });
    }
  }

  /** After an unknown outcome: whatever job the account has open may be the one we never heard of. Reading before it ended proves nothing. */
  async waitForOpenJobs(): Promise<void> {
    const openJobs = () => this.untilAnswered(() => this.ports.writers.bulk.listOpenJobs(this.subdomain));
    const open = new Set(await openJobs());
    const patience = performance.now() + openJobsPatienceMs;
    while (open.size > 0 && performance.now() < patience && !this.signal.aborted) {
      await pause(1_000, this.signal);
      const still = new Set(await openJobs());
      for (const job of open) if (!still.has(job)) open.delete(job);
    }
  }
}
