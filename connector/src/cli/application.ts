// What the commands need of the product, in terms of its ports. Boot builds it; nothing here knows a database or HTTP.
import type { AccessPorts } from "../access/index.ts";
import type { OwnClient } from "../connections/index.ts";
import type { ConnectionId, OrganizationId, PartyKey, Settings, Subdomain } from "../domain/index.ts";
import type { Erasure } from "../oversight/erasure/index.ts";
import type { IncidentStore } from "../oversight/incidents/index.ts";
import type { JournalStore } from "../oversight/journal/index.ts";
import type { VerifyReport, VerifyStage } from "../oversight/verify/index.ts";
import type { ListedOrganization } from "../sync/directory/index.ts";
import type {
  BulkProposal,
  BulkRule,
  IgnorePattern,
  LinkStore,
  PossibleDuplicate,
  ReviewStore,
} from "../sync/links/index.ts";
import type { MarkStore } from "../sync/marks/index.ts";
import type { PlanDesk, PlanProgress, PlanStore, ProposedPlan } from "../sync/reconcile/index.ts";
import type { ReplicaReader } from "../sync/replica/index.ts";
import type { CardView, ConnectionFacts, FitReport } from "../views/index.ts";
import type { MappingDesk } from "./mapping-desk.ts";
import type { Upkeep } from "./upkeep.ts";

/** One step of connecting. Stages come in this order; each is reported at least once. */
export interface ConnectStep {
  stage: "quickbooks" | "zendesk" | "directory" | "sweep" | "plan";
  done: number;
  total?: number;
  /** Plain words: "412 of 540 invoices read". */
  says: string;
}

export interface LoadStep {
  done: number;
  total: number;
  created: number;
  updated: number;
  parked: number;
}

export interface Application extends Upkeep {
  connections: {
    list(): Promise<ConnectionFacts[]>;
    get(id: ConnectionId): Promise<ConnectionFacts | undefined>;
  };
  links: LinkStore;
  review: ReviewStore;
  /** What a rule would answer now; nothing is stored. */
  proposeAnswers(connection: { id: ConnectionId; subdomain: Subdomain }, rule: BulkRule): Promise<BulkProposal>;
  /** Customers without a parent, and vendors, who are named so. */
  partiesLike(connectionId: ConnectionId, pattern: IgnorePattern): Promise<{ party: PartyKey; displayName: string }[]>;
  possibleDuplicates(connectionId: ConnectionId, limit: number): Promise<{ found: PossibleDuplicate[]; more: boolean }>;
  journal: JournalStore;
  incidents: Pick<IncidentStore, "open" | "history">;
  plans: Pick<
    PlanStore,
    "latest" | "read" | "list" | "effects" | "progress" | "approve" | "approveChanged" | "stop" | "discard"
  >;
  mapping: MappingDesk;
  marks: Pick<MarkStore, "countDue">;
  replica: Pick<ReplicaReader, "familiesOf" | "counts">;
  /** Our organization fields, key -> title, in the order in which agents see them. */
  fieldTitles: ReadonlyMap<string, string>;

  /** `zendeskUrl` is undefined where client credentials or an API token make a visit unnecessary. */
  beginConnect(request: {
    subdomain: Subdomain;
    settings?: Partial<Pick<Settings, "scope">>;
    /** A further company of this account, also where an earlier connection could be gone on with. */
    another?: boolean;
    /** Zendesk is asked to let us read, not write: for a fit report. Without it, such a consent is raised. */
    readOnly?: boolean;
    /** Clients of its own. Throws OperatorError where one cannot be used. */
    clients?: { quickbooks?: OwnClient | undefined; zendesk?: OwnClient | undefined };
  }): Promise<{ connectionId: ConnectionId; quickbooksUrl: string; zendeskUrl: string | undefined }>;
  /**
   * Waits for both grants, reads both systems; ends when the proposed plan is stored. A step that waits for a person says so: its stage is
   * quickbooks or zendesk, and `done` is below `total`. `zone` is what the operator says where QuickBooks names no time zone.
   */
  connectProgress(
    connectionId: ConnectionId,
    options: { zone: string | undefined; readOnly?: boolean },
  ): AsyncIterable<ConnectStep>;
  /** Works the plan out anew and stores it in place of the one that is proposed. */
  proposePlan(connectionId: ConnectionId): Promise<ProposedPlan>;
  /** False: this plan is not proposed any more. */
  approvePlan(planId: number, who: string): Promise<boolean>;
  /** What connecting would mean. Reads alone, and stores nothing. */
  fit(connectionId: ConnectionId): Promise<FitReport>;
  /** Plans of settings, of mappings, and of undoing what was applied. */
  planDesk: PlanDesk;
  /** Works until the plan is applied or stopped, or its tried cards are written; says how far it is. */
  applyProgress(connectionId: ConnectionId, planId: number): AsyncIterable<PlanProgress>;
  /** Ends when everything that the approved plan marked has been settled. */
  loadProgress(connectionId: ConnectionId): AsyncIterable<LoadStep>;

  /** Reads what changed in the company since the last poll. */
  requestPoll(connectionId: ConnectionId, who: string): Promise<void>;
  /** Reads the whole company again. */
  requestSweep(connectionId: ConnectionId, who: string): Promise<void>;
  /** Has these parties, or every card, read again from QuickBooks and decided again. */
  requestMark(
    connectionId: ConnectionId,
    parties: readonly PartyKey[] | "everyone",
    who: string,
    what: string,
  ): Promise<void>;
  /**
   * Works until nothing is due: no mark, and no poll or sweep that was requested. Says how many keys are still due, at least once and last of all
   * when it ends; more than 0 then: the time was up.
   */
  settleBacklog(connectionId: ConnectionId, options: { timeoutMs: number }): AsyncIterable<{ due: number }>;
  /** What a pass would write now. Nothing is written or stored. */
  dryRun(connectionId: ConnectionId): Promise<Pick<ProposedPlan, "counts" | "effects">>;

  /** Compares QuickBooks, our copy and Zendesk within so many calls. With `repair`, what nothing else heals is marked. */
  verify(
    connectionId: ConnectionId,
    options: { calls: number | undefined; repair: boolean; who: string; onProgress: (stage: VerifyStage) => void },
  ): Promise<VerifyReport>;

  /** Takes one person out of everything that we keep: see oversight/erasure. */
  erase(texts: readonly string[], who: string): Promise<Erasure>;

  /** Who may do what. */
  access: AccessPorts;

  /** A live read. Undefined: Zendesk has no such organization. */
  organization(subdomain: Subdomain, id: OrganizationId): Promise<ListedOrganization | undefined>;
  /** A live search by id or exact name. */
  findOrganization(subdomain: Subdomain, text: string): Promise<ListedOrganization | undefined>;
  /** Customers and vendors whose display name is this, letter case aside. */
  partiesNamed(connectionId: ConnectionId, displayName: string): Promise<{ party: PartyKey; displayName: string }[]>;
  /** Undefined where the party is not linked. */
  cardOf(connectionId: ConnectionId, party: PartyKey): Promise<CardView | undefined>;

  /**
   * Listens, and works until it is told to stop by a signal. `operatorKey`: the file that holds the local operator's API key; `setup`: while
   * nobody can sign in, the address where the first operator is made.
   */
  startService(): Promise<{ url: string; operatorKey: string; setup: string | undefined; stopped: Promise<void> }>;
}
