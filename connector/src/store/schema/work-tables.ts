// Rows: what is to be looked at, what was written, what happened. Types of the columns: see columns.ts.
import type { Generated, GeneratedAlways } from "kysely";
import type { Cause, ConnectionId, Json, JsonObject, OrganizationId, Priority, Subdomain } from "../../domain/index.ts";
import type { Instant, InstantOrNull, InstantWithDefault, Jsonb, JsonbWithDefault } from "./columns.ts";

export interface MarkTable {
  connection_id: ConnectionId;
  kind: "record" | "party";
  /** `Invoice:96` or `customer:12`. */
  key: string;
  gen: Generated<number>;
  priority: Priority;
  due_at: InstantWithDefault;
  first_at: InstantWithDefault;
  attempts: Generated<number>;
  causes: JsonbWithDefault<Cause[]>;
  cause_count: Generated<number>;
}

export interface WriteTable {
  id: GeneratedAlways<number>;
  subdomain: Subdomain;
  connection_id: ConnectionId;
  kind: "create" | "update" | "membership" | "remove";
  /** Party keys in text form. */
  parties: string[];
  organization_id: OrganizationId | null;
  external_id: string | null;
  name_key: string | null;
  values: Jsonb<JsonObject>;
  before: JsonbWithDefault<JsonObject>;
  marks: JsonbWithDefault<Json[]>;
  causes: JsonbWithDefault<Cause[]>;
  mapping_version: number;
  lane: "live" | "bulk";
  epoch: number;
  state: Generated<"intended" | "submitted" | "done" | "lost">;
  job_id: string | null;
  position: number | null;
  outcome: string | null;
  request_id: string | null;
  intended_at: InstantWithDefault;
  deadline_at: Instant;
  submitted_at: InstantOrNull;
  closed_at: InstantOrNull;
  recheck_at: InstantOrNull;
}

export interface JournalTable {
  id: GeneratedAlways<number>;
  at: InstantWithDefault;
  /** Null: who may do what, of the whole deployment. */
  connection_id: ConnectionId | null;
  action: string;
  parties: Generated<string[]>;
  organization_id: OrganizationId | null;
  who: string;
  causes: JsonbWithDefault<Cause[]>;
  before: JsonbWithDefault<JsonObject>;
  after: JsonbWithDefault<JsonObject>;
  outcome: string;
  write_id: number | null;
  request_ids: JsonbWithDefault<JsonObject>;
}

export interface IncidentTable {
  id: GeneratedAlways<number>;
  connection_id: ConnectionId | null;
  subdomain: Subdomain | null;
  cause: string;
  says: string;
  affected: Generated<number>;
  severity: Generated<"notice" | "degraded" | "stopped">;
  opened_at: InstantWithDefault;
  last_seen_at: InstantWithDefault;
  resolved_at: InstantOrNull;
}
