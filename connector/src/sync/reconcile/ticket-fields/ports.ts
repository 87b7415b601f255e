import type {
  ConnectionId,
  Subdomain,
  TicketFieldDefinition,
  TicketFieldOption,
  TicketFieldPurpose,
} from "../../../domain/index.ts";
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
  createTicketField(subdomain: Subdomain, field: TicketFieldDefinition): Promise<void>;
  /** With an id: gives that option another name. */
  putTicketFieldOption(
    subdomain: Subdomain,
    fieldId: number,
    option: TicketFieldOption & { id?: number },
  ): Promise<void>;
}

export interface TicketFieldStore {
  /** Of these, those whose records are not as they were when the field was looked at last; a day later each. */
  changedPurposes(
    connectionId: ConnectionId,
    purposes: readonly TicketFieldPurpose[],
  ): Promise<{ purpose: TicketFieldPurpose; content: string }[]>;
  referenceRecords(connectionId: ConnectionId, purpose: TicketFieldPurpose): Promise<ReferenceRecord[]>;
  looked(connectionId: ConnectionId, purpose: TicketFieldPurpose, content: string): Promise<void>;
}
