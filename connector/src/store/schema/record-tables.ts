// Rows: invoices and bills as records in Zendesk. Types of the columns: see columns.ts.
import type { Generated, GeneratedAlways } from "kysely";
import type {
  Cause,
  ConnectionId,
  LocalDate,
  OrganizationId,
  RecordEntity,
  RecordObject,
  Subdomain,
  TicketFieldPurpose,
  UserId,
} from "../../domain/index.ts";
import type { Instant, InstantOrNull, InstantWithDefault, Jsonb, JsonbWithDefault } from "./columns.ts";

/** A party whose documents' records may have to change. */
export interface RecordDueTable {
  connection_id: ConnectionId;
  party: string;
  gen: Generated<number>;
  due_at: InstantWithDefault;
  first_at: InstantWithDefault;
  attempts: Generated<number>;
  causes: JsonbWithDefault<Cause[]>;
}

export interface ObjectRecordTable {
  connection_id: ConnectionId;
  entity: RecordEntity;
  id: string;
  party: string;
  external_id: string;
  content: string | null;
  look_on: LocalDate | null;
  written_at: InstantWithDefault;
}

export interface RecordJobTable {
  id: GeneratedAlways<number>;
  connection_id: ConnectionId;
  subdomain: Subdomain;
  epoch: number;
  object: RecordObject;
  action: "upsert" | "delete";
  items: Jsonb<{ entity: RecordEntity; id: string; party: string; externalId: string; content: string | null }[]>;
  state: Generated<"intended" | "submitted" | "done" | "lost">;
  job_id: string | null;
  request_id: string | null;
  intended_at: InstantWithDefault;
  deadline_at: Instant;
  closed_at: InstantOrNull;
}

export interface TicketFieldKeepingTable {
  connection_id: ConnectionId;
  purpose: TicketFieldPurpose;
  content: string;
  looked_at: InstantWithDefault;
}

export interface ContactUserTable {
  subdomain: Subdomain;
  address: string;
  connection_id: ConnectionId;
  organization_id: OrganizationId;
  user_id: UserId | null;
  state: Generated<"intended" | "made" | "exists" | "refused">;
  at: InstantWithDefault;
}

export interface RecordKeepingTable {
  connection_id: ConnectionId;
  way: string;
  looked_up_at: InstantOrNull;
  drift_from: InstantOrNull;
  drift_due_at: InstantOrNull;
}
