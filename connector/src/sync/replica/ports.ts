import type {
  Cause,
  ConnectionId,
  Document,
  Entity,
  Families,
  GoneRecord,
  JsonObject,
  LocalDate,
  OrganizationId,
  Party,
  PartyKey,
  Priority,
  Realm,
  RecordCopy,
  RecordKey,
  RecordsAnswer,
  Term,
  WaitKey,
} from "../../domain/index.ts";
import type { PartyNames } from "../../rules/matching/index.ts";
import type { ClaimedMark, Fence, MarkKind } from "../marks/index.ts";

/** Where a keyset sweep stands within one entity: the CreateTime of the last row, and the ids already seen at that second. */
export interface SweepPosition {
  createdAt: string;
  seenAtThatSecond: string[];
}

/** What the causes of incidents of unreadable records begin with. */
export const unreadableCause = "unreadable-record:";

/** And of those that QuickBooks failed to hand out after all attempts; the record's key follows. */
export const notReadCause = "record-not-read:";

/** QuickBooks, as the replica and intake ask it. Every method throws RemoteFailure; none writes. */
export interface RecordSource {
  /** Milliseconds until a call would be let through, 0: at once. Whoever claims what to read only then finds more of it, in one call. */
  freeInMs(realm: Realm): number;
  /** Reads records by id, grouped (`Id IN`, several entities in one batch of queries). What the lists do not show is confirmed by a read by id: then it is `gone`. */
  readRecords(realm: Realm, keys: readonly RecordKey[]): Promise<RecordsAnswer & { gone: GoneRecord[] }>;
  /**
   * One page of at most 1,000 rows ordered by CreateTime, inactive ones included. `next` is undefined on the last page. `passedOver` rows
   * exist, but belong to no party of ours (a purchase without a vendor) or cannot be read.
   */
  readPage(
    realm: Realm,
    entity: Entity,
    after: SweepPosition | undefined,
  ): Promise<RecordsAnswer & { next: SweepPosition | undefined; passedOver: number }>;
  /** The same over LastUpdatedTime: what changed since `after`, whose position counts in that time. */
  readChangedPage(
    realm: Realm,
    entity: Entity,
    after: SweepPosition,
  ): Promise<RecordsAnswer & { next: SweepPosition | undefined; passedOver: number }>;
  countRecords(realm: Realm, entity: Entity): Promise<number>;
  /** Changes since an instant (at most 29 days back). `capped`: 1,000 objects came, or a damaged record spoilt the answer: it is not complete. `gone` here is hearsay: mark, never delete. */
  readChanges(
    realm: Realm,
    entities: readonly Entity[],
    since: string,
  ): Promise<RecordsAnswer & { gone: GoneRecord[]; passedOver: GoneRecord[]; capped: boolean }>;
}

/** What a row held when its copy was last applied. */
interface FormerCommon {
  key: RecordKey;
  updatedAt: Date;
  syncToken: number;
  readAt: Date;
  /** A tombstone: gone since this time of QuickBooks'. */
  deletedAt: Date | undefined;
  contentHash: Uint8Array;
}

export type FormerCopy =
  | (FormerCommon & {
      kind: "party";
      party: PartyKey;
      active: boolean;
      parentId: string | undefined;
      topId: string;
      isProject: boolean;
      nameKey: string;
      pathKey: string;
      nameStems: string[];
      addresses: string[];
    })
  | (FormerCommon & { kind: "document"; party: PartyKey; linked: RecordKey[] })
  | (FormerCommon & { kind: "reference" });

export type PartyCopy = Extract<RecordCopy, { kind: "party" }>;
export type DocumentCopy = Extract<RecordCopy, { kind: "document" }>;
export type ReferenceCopy = Extract<RecordCopy, { kind: "reference" }>;

export interface NamedParty extends PartyNames {
  copy: PartyCopy;
}

/** Whom a change concerns, in words that the store resolves to keys once the change is in place. */
export type RippleTarget =
  /**
   * Read this record, unless our copy of it was read at or after `unlessReadSince`. A copy that was read since `changedAt` may or may not
   * show the change: it is read once more in the background, and nobody waits for that; nor for one that is not urgent.
   */
  | { to: "record"; key: RecordKey; urgent: boolean; changedAt: string; unlessReadSince: string }
  /** Decide this party, or whose card it belongs to; a party that we do not know is read first. */
  | { to: "party"; party: PartyKey }
  /** One of its documents is another's now, as after a merge: read this party, unless we know already that it does not stand any more. */
  | { to: "standing-party"; party: PartyKey }
  /** A party is gone: its documents and children may belong to a survivor now. */
  | { to: "records-of"; party: PartyKey }
  | { to: "users-of-term"; termsId: string }
  /** Tops and vendors, in all connections of the account, whose organization would bear this name. */
  | { to: "namesakes"; nameKey: string }
  /** Parked parties of the account that wait for this. */
  | { to: "waiters"; waitKey: WaitKey }
  | { to: "everyone" };

export interface Ripple {
  target: RippleTarget;
  priority: Priority;
  causes: Cause[];
}

/** Into whom a party was merged, as its event told or as a document that changed hands lets suppose. Both are of one kind. */
export interface Survivor {
  party: PartyKey;
  survivorId: string;
  told: boolean;
}

/** A party that QuickBooks has merged into another one. */
export interface MergedParty {
  party: PartyKey;
  /** Whoever stands at the end, where a survivor was merged in its turn; undefined: nobody ever said. */
  survivor: PartyKey | undefined;
  /** The organization that was its card, and the survivor that it names. */
  shownAt: { organizationId: OrganizationId; survivorId: string | undefined } | undefined;
}

/** What one answer changes in the replica. */
export interface ReplicaChange {
  parties: NamedParty[];
  documents: DocumentCopy[];
  references: ReferenceCopy[];
  /** The same content was read again: only the time of reading moves. */
  reread: RecordKey[];
  /** Our copy is newer than this answer: it only proves that the record exists. */
  outdated: RecordKey[];
  gone: GoneRecord[];
  /** What speaks for a merge. It counts once the party is gone, or inactive and (unless QuickBooks said so) left without a document. */
  survivors: Survivor[];
  /** Read as active: what spoke for their merge meant something else. */
  active: PartyKey[];
  ripples: Ripple[];
}

/** What a sweep remembers between two pages. */
export interface SweepProgress {
  /** In this order. */
  entities: Entity[];
  done: Entity[];
  /** Where the next page of the entity under way starts; undefined: at its first row. */
  after: SweepPosition | undefined;
  /** Its last page was read: what remains is to compare counts. */
  listed: boolean;
  /** Where its latest page started, and what was unkept before it: rows created meanwhile are found by reading that page again. */
  lastPage: { after: SweepPosition | undefined; unkept: number } | undefined;
  /** Rows of the entity under way that the replica cannot hold: they count, but leave no row. */
  unkept: number;
  /** Times that the entity under way was swept again because rows were missing. */
  repeats: number;
  pages: number;
}

/** Moves that become true together with the rows. */
export interface CursorMoves {
  /** The change poll is complete up to `readAt` (QuickBooks' time); the next one starts at `cursor`. */
  poll?: { cursor: string; readAt: string };
  sweep?: { id: number; progress: SweepProgress; rows: number; calls: number };
}

export interface ReplicaCommit {
  connectionId: ConnectionId;
  fence: Fence | undefined;
  /** The records whose former copies `decide` needs. */
  keys: readonly RecordKey[];
  /** Pure. Called inside the transaction, while no other commit of this connection runs. */
  decide: (former: ReadonlyMap<string, FormerCopy>) => ReplicaChange;
  /** Time of the answer. */
  readAt: string;
  /** The sweep that saw these rows. */
  sweepId: number | undefined;
  settle: readonly ClaimedMark[];
  moves: CursorMoves;
}

export interface Committed {
  changed: RecordKey[];
  unchanged: number;
  gone: number;
  marked: Record<MarkKind, number>;
  /** Marks that were set again while the caller held them. */
  remained: ClaimedMark[];
}

/** The database refuses a row (SQLSTATE class 22 or 23): one of the records of the commit cannot be kept. Nothing was committed. */
export class RowRefused extends Error {
  override name = "RowRefused";
}

export interface FamilyMember {
  party: Party;
  /** The date of its newest document that is neither voided nor deleted. */
  lastDocumentOn: LocalDate | undefined;
  /** The record as QuickBooks sent it: a mapping may name any of its fields. */
  record: JsonObject;
}

/** The parties that make one card together: what a family is depends on the setting `families`. */
export interface Family {
  /** Whose card it is. */
  top: PartyKey;
  /** The top first. */
  members: FamilyMember[];
  /** The top of the family in QuickBooks; another one than `top` where sub-customers or projects stand alone. */
  root: PartyKey;
}

/** A connection, with how its families make cards; absent: as its setting in force says. */
export interface Grouping {
  id: ConnectionId;
  families?: Families | undefined;
}

export interface FoundParty {
  connectionId: ConnectionId;
  party: PartyKey;
}

/** A top of a family or a vendor that competes for a name. */
export interface NamedTop extends FoundParty {
  realm: Realm;
  nameKey: string;
  active: boolean;
  displayName: string;
}

export interface ReplicaCounts {
  /** All, inactive ones included, deleted ones not. */
  customers: number;
  /** Customers without a parent, i.e. families. */
  families: number;
  vendors: number;
  documents: Record<string, number>;
}

/**
 * Reads of the replica: always by indexed keys. Deleted records are not there. "Tops" are the customers that may have a card under the
 * grouping that is asked for.
 */
export interface ReplicaReader {
  familiesOf(of: Grouping, parties: readonly PartyKey[]): Promise<Family[]>;
  /** Documents of these very parties, not of their families, voided ones included. */
  documentsOf(connectionId: ConnectionId, parties: readonly PartyKey[]): Promise<Document[]>;
  terms(connectionId: ConnectionId): Promise<Term[]>;
  /** Every party with one of the addresses, rolled-up members too. */
  partiesByAddresses(
    connectionIds: readonly ConnectionId[],
    addresses: readonly string[],
  ): Promise<(FoundParty & { address: string })[]>;
  /** Tops of families and vendors. */
  partiesByNameStems(of: readonly Grouping[], stems: readonly string[]): Promise<FoundParty[]>;
  /** By what follows the `@` of their addresses. */
  partiesByDomains(connectionIds: readonly ConnectionId[], domains: readonly string[]): Promise<FoundParty[]>;
  /** Those of the parties that are merged as far as we know. A party that is gone without a word of its survivor is here only once its card was cleared. */
  mergesOf(connectionId: ConnectionId, parties: readonly PartyKey[]): Promise<MergedParty[]>;
  partiesByNameKeys(of: readonly Grouping[], nameKeys: readonly string[]): Promise<NamedTop[]>;
  /** Tops of families and vendors in the order of their keys. */
  allTops(of: Grouping, after: PartyKey | undefined, limit: number): Promise<PartyKey[]>;
  counts(connectionId: ConnectionId): Promise<ReplicaCounts>;
}

export interface ReplicaStore extends ReplicaReader {
  /** One transaction, alone among the commits of its connection. Throws RowRefused, and LostOwnership where it is fenced. */
  commit(commit: ReplicaCommit): Promise<Committed>;
  /** Those of the records that the replica holds and that are not gone. */
  present(connectionId: ConnectionId, keys: readonly RecordKey[]): Promise<RecordKey[]>;
  /** Those whose tombstones we keep. */
  buried(connectionId: ConnectionId, keys: readonly RecordKey[]): Promise<RecordKey[]>;
}
