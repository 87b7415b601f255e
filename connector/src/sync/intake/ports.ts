import type { Cause, ConnectionId, Entity, LocalDate, Realm, RecordKey, Subdomain } from "../../domain/index.ts";
import type { UserExportPlace } from "../directory/index.ts";
import type { SweepProgress } from "../replica/index.ts";

/** The cause of the incident while webhooks do not arrive; the next one resolves it. */
export const silentWebhooks = "webhooks-silent";

/** One connection, as intake needs it. */
export interface IntakeConnection {
  id: ConnectionId;
  realm: Realm;
  subdomain: Subdomain | undefined;
  state: "connecting" | "loading" | "planned" | "active" | "paused" | "disconnected";
  /** Where the next change poll starts, in QuickBooks' time; undefined before the first sweep. */
  pollCursor: Date | undefined;
  sweptAt: Date | undefined;
  clockDay: LocalDate | undefined;
  /** What the company's edition of QuickBooks does not offer. */
  refusedEntities: Entity[];
}

/** What one webhook event says: look at this record. */
export interface NotifiedChange {
  realm: Realm;
  key: RecordKey;
  type: string;
  eventId: string;
  at: string;
  /** A merge: `key` is the survivor, this id is the loser's. */
  deletedId: string | undefined;
}

/** What a verified delivery says. `unknown`: events of types or forms that we do not know. */
export type Notification = { kind: "changes"; changes: NotifiedChange[]; unknown: number } | { kind: "unreadable" };

/** A record that a verified delivery of this app names. */
export interface Receipt {
  /** The Intuit app whose verifier matched: it speaks only for companies that are connected through it. */
  clientId: string;
  realm: Realm;
  key: RecordKey;
  cause: Cause;
}

export interface ReceiptStore {
  /**
   * Marks the records of many deliveries in one durable transaction. Returns the accounts to wake, and the companies that the app is not
   * connected to.
   */
  commitReceipts(receipts: readonly Receipt[]): Promise<{ subdomains: Subdomain[]; unknownRealms: Realm[] }>;
  /** After a delivery that nobody can read: every company of the app, or of these, is polled now. */
  makePollsDue(clientId: string, realms?: readonly string[]): Promise<number>;
}

export interface IntakeStore {
  connection(connectionId: ConnectionId): Promise<IntakeConnection | undefined>;
  /** The next sweep is due now. */
  makeSweepDue(connectionId: ConnectionId): Promise<void>;
  /** The next poll is due after the usual time, while a sweep does what this one could not. */
  putPollOff(connectionId: ConnectionId): Promise<void>;
  /** Told that a poll found changes: whether that happens for two intervals already, and no webhook came in the last one. */
  isSilent(connectionId: ConnectionId): Promise<boolean>;
}

/** A sweep that is under way. */
export interface Sweep {
  id: number;
  connectionId: ConnectionId;
  progress: SweepProgress;
  /** QuickBooks' time of its first answer: what it shows is complete up to then. */
  serverStartedAt: Date | undefined;
  rows: number;
  calls: number;
}

export interface SweepStore {
  /** The open sweep of the connection, or a new one over these entities. `since`: it completes a poll that was answered then. */
  open(
    connectionId: ConnectionId,
    request: { requestedBy: string; entities: readonly Entity[]; since?: string },
  ): Promise<Sweep>;
  openOf(connectionId: ConnectionId): Promise<Sweep | undefined>;
  save(sweep: Sweep, more: { rows: number; calls: number }): Promise<void>;
  /** Rows of the entity that the sweep saw, or that anybody read since it began. */
  countSeen(sweep: Sweep, entity: Entity): Promise<number>;
  /** Rows of the entity that the sweep did not see, and that nobody read since it began. */
  unseen(sweep: Sweep, entity: Entity, limit: number): Promise<RecordKey[]>;
  refuse(connectionId: ConnectionId, entity: Entity): Promise<void>;
  /**
   * Ends the sweep, and moves the poll cursor up to its start: one transaction. A `complete` one covered all entities: the connection is
   * swept, and the next sweep is due in a week. `everyone`: all parties are marked with this cause, too.
   */
  finish(
    sweep: Sweep,
    end: { complete: boolean; cursor: Date | undefined; everyone: Cause | undefined },
  ): Promise<void>;
}

export interface ClockStore {
  /**
   * Marks the parties of cards that change by `today`, largest overdue amount first, spread over `spreadMs`, and remembers the day: one
   * transaction. A day that was done already marks nobody. Returns the number of cards.
   */
  markFlips(
    connectionId: ConnectionId,
    today: LocalDate,
    of: { cause: Cause; spreadMs: number; cardsAtOnce: number },
  ): Promise<number>;
}

/** An organization or user of one account, by its Zendesk id. */
export interface DirectoryKey {
  kind: "organization" | "user";
  id: number;
}

export interface DirectoryMark extends DirectoryKey {
  /** Rises with every marking: whoever settles names the generation that he claimed. */
  gen: number;
}

/** `named` undefined: an event that names nobody; it only shows that the webhook works. */
export interface ZendeskEventReceipt {
  subdomain: Subdomain;
  named: NamedByEvent | undefined;
}

/** An organization or a user to be read again; or the organization that has a new ticket: its client is to be read in QuickBooks now. */
export type NamedByEvent = (DirectoryKey & { created?: CreatedWithKey }) | { kind: "ticket-of"; id: number };

/** All that an event says of an organization that was created with a key of ours: the echo of our own write, most likely. */
export interface CreatedWithKey {
  externalId: string;
  name: string;
}

/** What Zendesk's webhook and its export tell. */
export interface ZendeskEventStore {
  /** The account whose active webhook posts to this path. */
  byPath(path: string): Promise<{ subdomain: Subdomain; sealedSecret: string } | undefined>;
  /** Durable when it resolves. The creation of what we create ourselves, or know just so, marks nothing. */
  receive(events: readonly ZendeskEventReceipt[]): Promise<{ marked: Subdomain[] }>;
  claim(subdomain: Subdomain, kind: DirectoryKey["kind"], limit: number): Promise<DirectoryMark[]>;
  settle(subdomain: Subdomain, marks: readonly DirectoryMark[]): Promise<void>;
  /** Where the next export starts, in seconds since 1970, and whether it is due. Undefined before the directory was loaded. */
  exportFrom(subdomain: Subdomain): Promise<{ from: number; due: boolean } | undefined>;
  /** A finished one is due again in an hour. */
  exported(subdomain: Subdomain, to: { from: number; finished: boolean }): Promise<void>;
  userExportFrom(subdomain: Subdomain): Promise<UserExportPlace | undefined>;
  usersExported(subdomain: Subdomain, to: UserExportPlace): Promise<void>;
}
