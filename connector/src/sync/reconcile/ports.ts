import type {
  Cause,
  ConnectionId,
  Disposition,
  FieldDefinition,
  FieldValue,
  FieldValues,
  LocalDate,
  OrganizationId,
  PartyKey,
  Realm,
  RetiredField,
  Settings,
  Subdomain,
  UserId,
  WaitKey,
} from "../../domain/index.ts";
import type { JournalEntry } from "../../oversight/journal/index.ts";
import type { Mapping } from "../../rules/mapping/index.ts";
import type { ListedOrganization, ListedUser, OrganizationPatch } from "../directory/index.ts";
import type { Link } from "../links/index.ts";
import type { ClaimedMark, Deferral, Fence } from "../marks/index.ts";
import type { FoundEffect, PlanChange } from "./plan/ports.ts";

/** What we send for one organization. Only what is named here is ever sent: everything else of it belongs to people. */
export interface OrganizationWrite {
  id?: OrganizationId;
  name?: string;
  /** null takes it away again. */
  externalId?: string | null;
  /** Canonical values by field key. */
  fields: FieldValues;
  /** Their types, as far as they are none of the default fields. */
  types?: readonly RetiredField[];
  /** Where `fields` has our note block: the notes as they were read in the same step. */
  notesBefore?: string;
}

/** How one item of a job ended. `unknown`: the job does not say; read before writing again. */
export type ItemResult =
  | { kind: "done"; id: number }
  | { kind: "failed"; code: string; duplicateName: boolean; says: string }
  | { kind: "unknown" };

export type JobState =
  | { state: "queued" | "working"; total: number; progress: number }
  | { state: "ended"; results: ItemResult[] }
  | { state: "expired" };

/** Zendesk, as reconcile writes to it. All methods throw RemoteFailure; `outcomeUnknown` says when an effect may exist all the same. */
export interface OrganizationWriter {
  /** At most 100 items, results in input order. `deadline` is a monotonic instant (performance.now) tested right before the first byte leaves. */
  createMany(
    subdomain: Subdomain,
    items: readonly OrganizationWrite[],
    deadline: number,
  ): Promise<{ jobId: string; requestId: string | undefined }>;
  updateMany(
    subdomain: Subdomain,
    items: readonly OrganizationWrite[],
    deadline: number,
  ): Promise<{ jobId: string; requestId: string | undefined }>;
  /** One poll for several jobs. The submitted items give each result its place where the answer carries no index. */
  readJobs(
    subdomain: Subdomain,
    jobs: readonly { jobId: string; items: readonly OrganizationWrite[] }[],
  ): Promise<Map<string, JobState>>;
  /** Ids of jobs that are queued or working now. */
  listOpenJobs(subdomain: Subdomain): Promise<string[]>;
  createOrUpdate(
    subdomain: Subdomain,
    item: OrganizationWrite,
    deadline: number,
  ): Promise<{ organization: ListedOrganization; requestId: string | undefined }>;
  update(
    subdomain: Subdomain,
    item: OrganizationWrite & { id: OrganizationId },
    deadline: number,
  ): Promise<{ organization: ListedOrganization; requestId: string | undefined }>;
  showByIds(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedOrganization[]>;
  showByExternalIds(subdomain: Subdomain, externalIds: readonly string[]): Promise<ListedOrganization[]>;
  findByName(subdomain: Subdomain, name: string): Promise<ListedOrganization[]>;
  /** Those of them that exist. */
  showUsers(subdomain: Subdomain, ids: readonly UserId[]): Promise<ListedUser[]>;
  /** At most 100 memberships in one job; a user who is a member already is a success. */
  createMemberships(
    subdomain: Subdomain,
    items: readonly { userId: UserId; organizationId: OrganizationId }[],
    deadline: number,
  ): Promise<{ jobId: string; requestId: string | undefined }>;
  listFields(subdomain: Subdomain): Promise<ListedField[]>;
  /** `position`: where it is shown, after those of a lower one. */
  createField(subdomain: Subdomain, field: FieldDefinition, position: number): Promise<void>;
}

/** An organization field as Zendesk lists it. */
export interface ListedField {
  key: string;
  type: string;
  position: number;
  options: { name: string; value: string }[];
}

/** Thrown by every fenced store call once another owner has taken the account: nothing was committed. */
export class LostOwnership extends Error {
  override name = "LostOwnership";
}

/** A field of the mapping that Zendesk does not have as it has to be: it is left alone, the others go on. */
export interface BrokenField {
  key: string;
  /** The options that are missing; undefined: the field itself is, or it has another type. */
  options?: string[];
}

/** One connection, as an owner sees it in one pass. */
export interface OwnedConnection {
  id: ConnectionId;
  realm: Realm;
  subdomain: Subdomain;
  /** Only active ones are delivered to; loading and planned ones are read. */
  state: "loading" | "planned" | "active";
  settings: Settings;
  mappingVersion: number;
  /** Of that version. */
  mapping: Mapping;
  fieldsReady: boolean;
  brokenFields: readonly BrokenField[];
  /** What decides which of its cards are written now, and under which rules. */
  plan: PlanUnderWay | undefined;
  homeCurrency: string;
  zone: string;
  /** QuickBooks is not to be asked before. */
  companyBlockedUntil: Date | undefined;
}

/** A plan that was approved in part or whole; after it was applied as long as effects wait that are no longer what was approved. */
export interface PlanUnderWay {
  id: number;
  kind: PlanChange["kind"];
  /** trying: its canaries are written; applying: all; stopped: those that were written go on under it; applied: see above. */
  mode: "trying" | "applying" | "stopped" | "applied";
  /** What its change puts in force for the cards that it covers. */
  candidate: Pick<OwnedConnection, "settings" | "mappingVersion" | "mapping">;
}

export interface OwnershipStore {
  /** Raises the epoch, once per ownership. */
  take(subdomain: Subdomain, owner: string): Promise<Fence>;
  /** Those that are neither paused nor disconnected nor still connecting. */
  connections(subdomain: Subdomain): Promise<OwnedConnection[]>;
  /** Zendesk is not to be asked before; undefined: now. */
  accountBlockedUntil(subdomain: Subdomain): Promise<Date | undefined>;
  fieldsReady(connectionId: ConnectionId): Promise<void>;
  /** Exactly these are left alone from now on. False: they were already. */
  leaveFields(connectionId: ConnectionId, broken: readonly BrokenField[]): Promise<boolean>;
}

/**
 * What becomes of a logged write. Complete: a state or an event that is missing here does not build, and the store names the states in
 * which an event may come in the statement that writes the next one, so that a late or repeated event changes nothing.
 *
 *   intended --job id known--> submitted
 *       \-------------------------\----found in effect--> done
 *                                  \---not in effect, or nobody will ever know--> lost
 */
export const writeTransitions = {
  intended: { "job-known": "submitted", "in-effect": "done", "not-in-effect": "lost" },
  submitted: { "job-known": undefined, "in-effect": "done", "not-in-effect": "lost" },
  done: { "job-known": undefined, "in-effect": undefined, "not-in-effect": undefined },
  lost: { "job-known": undefined, "in-effect": undefined, "not-in-effect": undefined },
} as const satisfies Record<WriteState, Record<WriteEvent, WriteState | undefined>>;
export type WriteState = "intended" | "submitted" | "done" | "lost";
export type WriteEvent = "job-known" | "in-effect" | "not-in-effect";

/** The states in which this event moves a write on. */
export function statesBefore(event: WriteEvent): WriteState[] {
  return (Object.keys(writeTransitions) as WriteState[]).filter(
    // a literal has the keys that it shows
    (state) => writeTransitions[state][event] !== undefined,
  );
}

/** A write as it is logged before it is sent. */
export interface IntendedWrite {
  connectionId: ConnectionId;
  kind: "create" | "update" | "membership" | "remove";
  parties: string[];
  organizationId: OrganizationId | undefined;
  externalId: string | undefined;
  nameKey: string | undefined;
  name: string | undefined;
  /** Where it gets another name. */
  formerName?: string | undefined;
  /** Where our key is taken away. */
  formerExternalId?: string | undefined;
  fields: FieldValues;
  before: FieldValues;
  causes: Cause[];
  mappingVersion: number;
  lane: "live" | "bulk";
  /** Memberships only. */
  userId: UserId | undefined;
}

export interface OpenWrite extends IntendedWrite {
  id: number;
  jobId: string | undefined;
  /** Its place among the items of the job. */
  jobPlace: number;
  /** Milliseconds until the write's deadline has certainly passed; 0 or less: it has. */
  deadlineInMs: number;
}

export interface WriteLog {
  /** Fenced. A write whose organization, external id or name has an open write already is not logged: its id is undefined, and its mark stays. */
  intend(fence: Fence, writes: readonly IntendedWrite[], deadlineMs: number): Promise<(number | undefined)[]>;
  /** The job id at once, so that a successor can ask for it. Not fenced: a zombie's job is worth knowing as long as its write is open. */
  submitted(ids: readonly number[], jobId: string, requestId: string | undefined): Promise<void>;
  openOfEarlierEpochs(fence: Fence): Promise<OpenWrite[]>;
  /** When each organization was last written, within the last 60 s, newest first, in milliseconds ago. */
  recentWrites(subdomain: Subdomain, organizations: readonly OrganizationId[]): Promise<Map<OrganizationId, number[]>>;
  /** Writes that were closed with `recheck`, 30 s later: they are looked at once more. Due until they are done. */
  dueRechecks(subdomain: Subdomain): Promise<Recheck[]>;
  recheckDone(ids: readonly number[]): Promise<void>;
  /** Forgets closed writes older than a week: the journal keeps what they did. */
  forgetClosed(): Promise<void>;
}

export interface ClosedWrite {
  id: number;
  state: (typeof writeTransitions)["submitted"]["in-effect" | "not-in-effect"];
  outcome: string;
  requestId?: string | undefined;
  /** Look once more at its card in 30 s: what was sent may still take effect. */
  recheck?: boolean;
}

/** A closed write whose card is to be read once more. */
export interface Recheck {
  id: number;
  connectionId: ConnectionId;
  parties: string[];
  organizationId: OrganizationId | undefined;
  externalId: string | undefined;
}

export interface CardRow {
  connectionId: ConnectionId;
  organizationId: OrganizationId;
  applied: FieldValues;
  appliedName: string | undefined;
  mappingVersion: number;
  nextFlipOn: LocalDate | undefined;
}

/** An effect that is no longer what was approved: it is not written. */
export interface EffectChange {
  planId: number;
  party: string;
  found: FoundEffect;
}

/** What became of one organization of a plan that is undone. */
export interface RestoredEffect {
  planId: number;
  organizationId: OrganizationId;
  /** left: an organization that the plan created and that somebody uses; ours was cleared from it. */
  state: "done" | "left";
  because: string | undefined;
}

/** Everything that becomes true together when decisions were carried out. */
export interface Settlement {
  closed: ClosedWrite[];
  links: Link[];
  unlinked: { connectionId: ConnectionId; party: PartyKey }[];
  /** What was the card of parties that QuickBooks has merged, and whom it names. */
  merged: {
    connectionId: ConnectionId;
    party: PartyKey;
    organizationId: OrganizationId;
    survivor: PartyKey | undefined;
  }[];
  /** Parties that QuickBooks no longer has: they are nothing any more. */
  forgotten: { connectionId: ConnectionId; party: PartyKey; underPlan?: number | undefined }[];
  /** `underPlan`: the plan as which it was decided; the effect of no other is done by it. */
  standings: {
    connectionId: ConnectionId;
    party: PartyKey;
    disposition: Disposition;
    underPlan?: number | undefined;
  }[];
  /** What of it parked parties may wait for: these are looked at again. */
  woken: WaitKey[];
  cards: CardRow[];
  /** Cards that lost their last party or their organization. */
  droppedCards: OrganizationId[];
  /** Values of only some fields are laid over what the directory knows. */
  organizations: OrganizationPatch[];
  goneOrganizations: OrganizationId[];
  members: { userId: UserId; organizationId: OrganizationId }[];
  /** Names that organizations of ours have given up. */
  freedNames: string[];
  /** Fields that somebody had changed, and that were written as we had left them. */
  restores: { organizationId: OrganizationId; field: string }[];
  journal: JournalEntry[];
  settled: ClaimedMark[];
  deferred: Deferral[];
  effects: EffectChange[];
  restored: RestoredEffect[];
}

/** A value of a field as we sent it and as Zendesk stored it, both in canonical form. */
export interface FormOfValue {
  field: string;
  sent: FieldValue;
  stored: FieldValue;
}

/** What became of the values that we wrote. */
export interface WrittenValues {
  /** What we last wrote to each card, by field; `name` where we gave it. */
  appliedTo(subdomain: Subdomain, organizations: readonly OrganizationId[]): Promise<Map<OrganizationId, FieldValues>>;
  /** How often each field of a card was restored within the last 24 hours. */
  restoresOf(
    subdomain: Subdomain,
    organizations: readonly OrganizationId[],
  ): Promise<Map<OrganizationId, ReadonlyMap<string, number>>>;
  /** Those of them in which Zendesk has stored the same value twice. */
  knownForms(subdomain: Subdomain, asked: readonly FormOfValue[]): Promise<FormOfValue[]>;
  /** The fields of those that seeing them once more makes known. */
  formsToBeKnown(subdomain: Subdomain, forms: readonly FormOfValue[]): Promise<string[]>;
  /** Seen right after a write. Returns the fields of those that are known from now on. */
  noteForms(subdomain: Subdomain, forms: readonly FormOfValue[]): Promise<string[]>;
}

export interface SettleStore {
  /** One transaction, fenced. */
  commit(fence: Fence, settlement: Settlement): Promise<void>;
}
