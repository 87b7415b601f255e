import type {
  Cause,
  ConnectionId,
  DocumentRecord,
  LocalDate,
  OrganizationId,
  PartyKey,
  RecordEntity,
  RecordObject,
  RecordObjectDefinition,
  Subdomain,
} from "../../../domain/index.ts";
import type { JournalEntry } from "../../../oversight/journal/index.ts";
import type { KeptDocument } from "../../../rules/records/index.ts";
import type { Fence } from "../../marks/index.ts";
import type { Grouping } from "../../replica/index.ts";

/** How one item of a record job ended. `unknown`: the job does not say. */
export type RecordResult = { kind: "done" } | { kind: "failed"; code: string } | { kind: "unknown" };

export type RecordJobState =
  | { state: "under-way" }
  | { state: "ended"; results: RecordResult[] }
  | { state: "expired" };

/** A record as Zendesk has it. */
export type FoundRecord = Omit<DocumentRecord, "organizationId"> & { organizationId: OrganizationId | undefined };

export interface SubmittedRecords {
  jobId: string;
  requestId: string | undefined;
}

/** Zendesk's custom objects, as far as we keep records in them. All methods throw RemoteFailure. */
export interface RecordWriter {
  /** Makes what is missing of our objects and their fields. `unavailable`: the plan, or our right there, has no custom objects. */
  ensureObjects(
    subdomain: Subdomain,
    definitions: readonly RecordObjectDefinition[],
  ): Promise<"ready" | "unavailable" | { differs: string[] }>;
  /** At most 100, in one job. `deadline`: see OrganizationWriter. */
  upsertRecords(
    subdomain: Subdomain,
    object: RecordObject,
    records: readonly DocumentRecord[],
    deadline: number,
  ): Promise<SubmittedRecords>;
  deleteRecords(
    subdomain: Subdomain,
    object: RecordObject,
    externalIds: readonly string[],
    deadline: number,
  ): Promise<SubmittedRecords>;
  /** One call for all of them. `items`: how many each job was given. */
  readRecordJobs(
    subdomain: Subdomain,
    jobs: readonly { jobId: string; items: number }[],
  ): Promise<Map<string, RecordJobState>>;
  /** Those of them that exist. */
  findRecords(subdomain: Subdomain, object: RecordObject, externalIds: readonly string[]): Promise<FoundRecord[]>;
  /** Those that changed last come first. */
  listLatestRecords(
    subdomain: Subdomain,
    object: RecordObject,
    cursor: string | undefined,
  ): Promise<{ records: { record: FoundRecord; updatedAt: Date }[]; next: string | undefined }>;
  /** How many records the object has, those of others among them. Beyond 100,000 Zendesk may count a day late. */
  countRecords(subdomain: Subdomain, object: RecordObject): Promise<number>;
  /** Ids of jobs that are queued or working now. */
  listOpenJobs(subdomain: Subdomain): Promise<string[]>;
}

/** A document's record as we left it there. No content: nobody knows. */
export interface KnownRecord {
  entity: RecordEntity;
  id: string;
  /** The top of the family whose card it belongs to, in text form. */
  party: string;
  externalId: string;
  content: string | undefined;
  /** The day on which time alone may change it. */
  lookOn: LocalDate | undefined;
}

export interface DueParty {
  party: string;
  gen: number;
  attempts: number;
  /** Why it is due, as far as that is known. */
  causes: Cause[];
}

/** A record that is not as we left it: what it holds now; no content: it is gone, or holds what we could not have written. */
export type DriftedRecord = Pick<KnownRecord, "entity" | "id" | "party" | "content">;

/** A document that may need a record, with the top of its family. */
export type PartyDocument = KeptDocument & { top: string };

export interface RecordJob {
  connectionId: ConnectionId;
  object: RecordObject;
  action: "upsert" | "delete";
  items: readonly Omit<KnownRecord, "lookOn">[];
}

export type OpenRecordJob = RecordJob & {
  id: number;
  jobId: string | undefined;
  requestId: string | undefined;
  deadlineInMs: number;
};

export interface RecordSettlement {
  connectionId: ConnectionId;
  /** `lost`: nobody knows its outcome, or it had none. */
  closed: { id: number; state: "done" | "lost" }[];
  kept: KnownRecord[];
  gone: Pick<KnownRecord, "entity" | "id">[];
  settled: DueParty[];
  deferred: { party: string; waitMs: number; failed: boolean }[];
  /** Looked at afresh. */
  due: string[];
  /** A row for each record that was written or taken away. */
  journal: JournalEntry[];
}

export interface RecordStore {
  /** Where the way differs from the last one, every party with a link or a record is due. */
  followWay(fence: Fence, connectionId: ConnectionId, way: string): Promise<void>;
  /** Whether it is time to ask Zendesk for its objects again. */
  objectsAskedMinutesAgo(connectionId: ConnectionId): Promise<number | undefined>;
  objectsAsked(connectionId: ConnectionId): Promise<void>;
  claim(connectionId: ConnectionId, limit: number): Promise<DueParty[]>;
  known(connectionId: ConnectionId, parties: readonly string[]): Promise<KnownRecord[]>;
  /** Of these external ids. */
  knownBy(connectionId: ConnectionId, entity: RecordEntity, externalIds: readonly string[]): Promise<KnownRecord[]>;
  /** By document id, those after this one. */
  knownAfter(
    connectionId: ConnectionId,
    entity: RecordEntity,
    after: string | undefined,
    limit: number,
  ): Promise<KnownRecord[]>;
  /** Of all connections of the account: records whose content we know. */
  countMade(subdomain: Subdomain, entity: RecordEntity): Promise<number>;
  /** Undefined: it is not time to look. `from`: the last look; undefined: there was none. */
  driftDue(connectionId: ConnectionId): Promise<{ from: Date | undefined } | undefined>;
  driftLooked(connectionId: ConnectionId, at: Date): Promise<void>;
  /** Remembers them as they are, and has their parties looked at. */
  noteDrift(
    fence: Fence,
    connectionId: ConnectionId,
    drifted: readonly DriftedRecord[],
    causes: readonly Cause[],
  ): Promise<void>;
  /** Invoices and bills of these families, and these documents whosever they are now; only of linked ones that QuickBooks still has. */
  documents(
    connectionId: ConnectionId,
    of: {
      parties: readonly string[];
      also: readonly Pick<KnownRecord, "entity" | "id">[];
      zone: string;
      since: LocalDate;
    },
  ): Promise<PartyDocument[]>;
  /** How many of these families' documents need a record, linked or not. */
  countDocuments(of: Grouping, parties: readonly PartyKey[], kept: { zone: string; since: LocalDate }): Promise<number>;
  countKnown(connectionId: ConnectionId): Promise<number>;
  intend(fence: Fence, job: RecordJob, deadlineMs: number): Promise<number>;
  submitted(id: number, submitted: SubmittedRecords): Promise<void>;
  openOfEarlierEpochs(fence: Fence): Promise<OpenRecordJob[]>;
  commit(fence: Fence, settlement: RecordSettlement): Promise<void>;
  /** Forgets closed jobs older than a week. */
  forgetClosedJobs(): Promise<void>;
}
