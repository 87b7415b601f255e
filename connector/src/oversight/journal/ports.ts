import type { Cause, ConnectionId, FieldValues, OrganizationId } from "../../domain/index.ts";

/** What happened to one card or party. Append-only; changed fields only. */
export interface JournalEntry {
  connectionId: ConnectionId;
  action:
    | "created"
    | "updated"
    | "linked"
    | "cleared"
    | "unlinked"
    | "member-added"
    | "member-removed"
    | "record-written"
    | "record-removed"
    | "ticket-field-written"
    | "parked"
    | "answered"
    | "answer-undone"
    | "ignore-rule-added"
    | "ignore-rule-ended"
    | "several-clients-said"
    | "several-clients-undone"
    | "not-duplicates-said"
    | "approved"
    | "restored"
    | "removed"
    | "replayed";
  /** Party keys in text form. */
  parties: string[];
  organizationId: OrganizationId | undefined;
  /** `engine`, or the person. */
  who: string;
  causes: Cause[];
  before: FieldValues;
  after: FieldValues;
  outcome: string;
  writeId: number | undefined;
  /** Request ids of both systems, for their support desks. */
  requestIds: { zendesk?: string; quickbooks?: string };
}

export interface RecordedEntry extends JournalEntry {
  id: number;
  at: Date;
}

export interface JournalFilter {
  connectionId?: ConnectionId;
  party?: string;
  organizationId?: OrganizationId;
  /** Newest first; entries older than this id. */
  before?: number;
  limit: number;
}

export interface JournalStore {
  search(filter: JournalFilter): Promise<RecordedEntry[]>;
}
