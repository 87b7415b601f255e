import type {
  ConnectionId,
  Entity,
  FieldValue,
  FieldValues,
  LocalDate,
  Organization,
  OrganizationId,
  ParkReason,
  RecordCopy,
  RecordKey,
} from "../../domain/index.ts";

/** One connection that is compared, and how far its own intake has come. */
export interface VerifiedConnection {
  id: ConnectionId;
  /** A plan that waits for approval writes nothing yet. */
  state: "planned" | "active";
  /** In the company's zone. */
  today: LocalDate;
  /** QuickBooks' time up to which changes were polled or swept. */
  readUpTo: Date | undefined;
  /** What the company's edition of QuickBooks does not offer. */
  refusedEntities: readonly Entity[];
}

/** QuickBooks, as a comparison reads it. */
export interface CompanyPages {
  /** Rows of our copy, by entity: about so many pages of 1,000 there are to read. */
  rows: ReadonlyMap<Entity, number>;
  /** Every page costs one call. `readAt`: QuickBooks' time of the answer. */
  pages(entity: Entity): AsyncIterable<{ records: RecordCopy[]; readAt: string; last: boolean }>;
}

/** What our copy holds of one record. */
export interface KeptCopy {
  key: RecordKey;
  /** `customer:12`; undefined for records of nobody. */
  party: string | undefined;
  contentHash: Uint8Array;
  updatedAt: Date;
  readAt: Date;
  gone: boolean;
}

export interface Replica {
  copiesOf(connectionId: ConnectionId, keys: readonly RecordKey[]): Promise<KeptCopy[]>;
  /** Copies that are not gone and were read before this instant. */
  copiesBefore(connectionId: ConnectionId, entity: Entity, readBefore: Date): Promise<KeptCopy[]>;
}

/** Zendesk, as a comparison reads it. */
export interface AccountPages<Live extends Organization> {
  /** Organizations that we know of: a list of all costs one call per 100 of them. */
  organizations: number;
  /** One call per 100 ids. */
  byIds(ids: readonly OrganizationId[]): Promise<Live[]>;
  /** One call per page. */
  pages(): AsyncIterable<{ organizations: Live[]; last: boolean }>;
}

/** One field that is not as it should be. `remembered`: the value that Zendesk had when we last wrote or read it. */
export interface FieldDifference {
  /** A field of ours, or `name`. */
  key: string;
  wanted: FieldValue;
  found: FieldValue;
  remembered: FieldValue;
}

/** How what a pass would conclude now differs from what Zendesk holds and from what was concluded last. */
export type CardState = StateOfCard & {
  /** The first load was tried or stopped before it came to this card: nothing is written for it before the plan goes on. */
  heldBack?: true;
};

type StateOfCard =
  | { kind: "as-wanted"; parties: string[]; organizationId: OrganizationId }
  | { kind: "at-rest"; parties: string[] }
  | { kind: "parked"; parties: string[]; reason: ParkReason; says: string }
  | {
      kind: "differs";
      parties: string[];
      organizationId: OrganizationId;
      name: string;
      changed: FieldValues;
      found: FieldValues;
    }
  /** Nothing is linked to it any more, and our values are still on it. */
  | {
      kind: "left-over";
      parties: string[];
      organizationId: OrganizationId;
      name: string;
      changed: FieldValues;
      found: FieldValues;
    }
  | { kind: "lacks-members"; parties: string[]; organizationId: OrganizationId; users: number }
  | { kind: "missing"; parties: string[]; name: string }
  | { kind: "gone"; parties: string[]; organizationId: OrganizationId }
  /** Zendesk is as it should be; what we remember of the parties is not what would be concluded. */
  | { kind: "standing"; parties: string[]; before: string; now: string };

/** What is known of a key that differs, from our own side. */
export interface MarkFacts {
  /** `customer:12` or `Invoice:96`. */
  key: string;
  dueAt: Date;
  /** Put off: not due yet. */
  waiting: boolean;
  firstAt: Date;
  attempts: number;
}

export interface Surroundings {
  /** The marks of these keys; the mark on everyone as `*`. */
  marksOf(connectionId: ConnectionId, kind: "record" | "party", keys: readonly string[]): Promise<MarkFacts[]>;
  /** Parties with a write that is not closed. */
  beingWritten(connectionId: ConnectionId): Promise<ReadonlySet<string>>;
  /** Days on which time alone changes the figures of these cards. */
  flipsOf(
    connectionId: ConnectionId,
    organizations: readonly OrganizationId[],
  ): Promise<Map<OrganizationId, LocalDate>>;
  linkedOrganizations(connectionId: ConnectionId): Promise<OrganizationId[]>;
  /** As our own directory knows them. */
  remembered(organizations: readonly OrganizationId[]): Promise<Map<OrganizationId, Organization>>;
  /** Of the directory's clock. */
  now(): Promise<Date>;
}

export interface VerifyPorts<Live extends Organization> {
  connection: VerifiedConnection;
  company: CompanyPages;
  replica: Replica;
  account: AccountPages<Live>;
  /** Decides every card, or those of some parties, as a pass would, over the organizations as they were read; one list per batch. */
  cards(live: ReadonlyMap<OrganizationId, Live | undefined>, parties?: readonly string[]): AsyncIterable<CardState[]>;
  /** Keys of ours on this organization whose party is linked elsewhere or nowhere, as `customer:12`. */
  straysOn(organizations: readonly Live[]): Promise<{ organizationId: OrganizationId; name: string; party: string }[]>;
  surroundings: Surroundings;
  /** Lets the directory know what was read, and has the engine look again. Nothing is written to Zendesk. */
  repair: {
    keep(organizations: readonly Live[], gone: readonly OrganizationId[], readAt: Date): Promise<void>;
    mark(kind: "record" | "party", keys: readonly string[]): Promise<void>;
  };
}

/** Why something differs. Everything but `edited-in-zendesk` and `unexplained` heals by itself or waits for a person. */
export const reasons = [
  "being-written",
  "due",
  "put-off",
  "parked",
  "not-approved",
  "not-polled-yet",
  "day-turned",
  "edited-in-zendesk",
  "unexplained",
] as const;
export type Reason = (typeof reasons)[number];

export type DifferenceKind =
  | "record-missing"
  | "record-differs"
  | "record-gone"
  | "fields-differ"
  | "organization-missing"
  | "organization-gone"
  | "left-over"
  | "members-missing"
  | "standing-differs"
  | "stray-key";

export interface Difference {
  /** Records: QuickBooks against our copy. Everything else: our copy against Zendesk. */
  between: "quickbooks-and-copy" | "copy-and-zendesk";
  what: DifferenceKind;
  /** `Invoice:96`. */
  record: string | undefined;
  parties: string[];
  organizationId: OrganizationId | undefined;
  name: string | undefined;
  fields: FieldDifference[];
  reason: Reason;
  /** One sentence for the operator. */
  says: string;
}

export interface VerifyReport {
  calls: { quickbooks: number; zendesk: number; budget: number };
  records: { compared: number; different: number };
  cards: { compared: number; different: number; parked: number };
  /** What the budget, or a change under our hands, kept from being compared. */
  notCompared: { what: string; says: string }[];
  differences: Difference[];
  /** Keys that were marked; 0 without repair. */
  marked: number;
}
