import type { Cause, ConnectionId, Priority, Subdomain } from "../../domain/index.ts";

/** record: this QuickBooks record may have changed, read it; party: its card may have to change, decide it. */
export type MarkKind = "record" | "party";

/** The party mark that stands for every card of the connection until it is spread over them (see replica/spread-marks). */
export const everyoneKey = "*";

export interface MarkKey {
  connectionId: ConnectionId;
  kind: MarkKind;
  /** `Invoice:96` or `customer:12`. */
  key: string;
}

export interface Mark extends MarkKey {
  /** Rises with every marking: whoever settles names the generation that he claimed. */
  gen: number;
  priority: Priority;
  /** By the database's clock. */
  dueAt: Date;
  firstAt: Date;
  /** Failed tries since the last marking that was not a retry. */
  attempts: number;
  /** At most five: the first and the latest four. */
  causes: Cause[];
  causeCount: number;
}

export interface NewMark extends MarkKey {
  priority: Priority;
  /** Oldest first, at least one. */
  causes: readonly Cause[];
  /** From now, by the database's clock. Absent: due at once. */
  delayMs?: number;
}

/** A mark at the generation at which it was claimed. */
export type ClaimedMark = Pick<Mark, "connectionId" | "kind" | "key" | "gen">;

/** Put off by `waitMs`. With a `failure` it counts as a failed try; without, the key was only busy. */
export type Deferral = ClaimedMark & {
  waitMs: number;
  failure: string | undefined;
  /** What is left to do is less urgent than what the mark was claimed for. */
  priority?: Priority;
};

export interface ClaimRequest {
  connectionIds: readonly ConnectionId[];
  kind: MarkKind;
  /** Both included. */
  priorities: { from: Priority; to: Priority };
  limit: number;
  /** Keys that some lane of this owner holds. */
  excluding: readonly Pick<MarkKey, "connectionId" | "key">[];
}

/** The right to write to one account: valid while the account's row still bears this epoch. */
export interface Fence {
  subdomain: Subdomain;
  epoch: number;
}

export interface Backlog {
  connectionId: ConnectionId;
  kind: MarkKind;
  due: number;
  /** Put off: a retry, or a change that the clock announced. */
  waiting: number;
  oldestDueAt: Date | undefined;
}

/**
 * Every method is one batched statement. A fenced claim looks at the epoch in the same statement and changes nothing; what is fenced and
 * changes something looks at the epoch first and takes the account's row last, for its commit alone (docs/decisions/0004). Either throws
 * LostOwnership where another owner has the account.
 */
export interface MarkStore {
  mark(marks: readonly NewMark[]): Promise<void>;
  /**
   * Due marks, highest priority first, then oldest. Neither deletes nor locks: settling does, at the claimed generation. A party with a
   * due record mark of at least its own priority (its record, its family's, or one of their documents') is left for later.
   */
  claim(request: ClaimRequest, fence: Fence): Promise<Mark[]>;
  /** The marks on everyone, which `claim` leaves out. */
  claimEveryone(connectionIds: readonly ConnectionId[]): Promise<Mark[]>;
  /** Deletes each mark that still has its claimed generation. Returns the others: marked again meanwhile, so look again. */
  settle(marks: readonly ClaimedMark[], fence: Fence | undefined): Promise<ClaimedMark[]>;
  /** Moves the due time of each mark that still has its claimed generation. */
  defer(deferrals: readonly Deferral[], fence: Fence): Promise<void>;
  countDue(connectionIds: readonly ConnectionId[]): Promise<Backlog[]>;
  /** For how long the oldest due record mark of each connection has been due, and whether one is urgent. Without any: absent. */
  waitingRecords(
    connectionIds: readonly ConnectionId[],
  ): Promise<Map<ConnectionId, { oldestMs: number; urgent: boolean }>>;
  /** Milliseconds until the next mark is due, 0 or less: now; undefined: there is none. */
  nextDueInMs(connectionIds: readonly ConnectionId[]): Promise<number | undefined>;
}
