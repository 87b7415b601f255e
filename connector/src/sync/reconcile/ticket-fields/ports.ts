import type {
  ConnectionId,
  Subdomain,
  TicketFieldDefinition,
  TicketFieldOption,
  TicketFieldPurpose,
} from "../../../domain/index.ts";
import type { JournalEntry } from "../../../oversight/journal/index.ts";
import type { ReferenceRecord } from "../../../rules/ticket-fields/index.ts";

export interface ListedTicketField {
  id: number;
  type: string;
  description: string;
  options: (TicketFieldOption & { id: number })[];
}

/** Zendesk's ticket fields. All methods throw RemoteFailure. */
export interface TicketFieldWriter {
  listTicketFields(subdomain: Subdomain): Promise<ListedTicketField[]>;
  createTicketField(subdomain: Subdomain, field: TicketFieldDefinition): Promise<WrittenTicketField>;
  /** With an id: gives that option another name. */
  putTicketFieldOption(
    subdomain: Subdomain,
    fieldId: number,
    option: TicketFieldOption & { id?: number },
  ): Promise<WrittenTicketField>;
}

/** What Zendesk calls the request. */
export interface WrittenTicketField {
  requestId: string | undefined;
}

export interface TicketFieldStore {
  /** Of these, those whose records are not as they were when the field was looked at last; a day later each. */
  changedPurposes(
    connectionId: ConnectionId,
    purposes: readonly TicketFieldPurpose[],
  ): Promise<{ purpose: TicketFieldPurpose; content: string }[]>;
  referenceRecords(connectionId: ConnectionId, purpose: TicketFieldPurpose): Promise<ReferenceRecord[]>;
  /** One row for each write that took effect. */
  journal(entry: JournalEntry): Promise<void>;
  looked(connectionId: ConnectionId, purpose: TicketFieldPurpose, content: string): Promise<void>;
}
