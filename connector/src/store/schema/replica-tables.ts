// Rows: the local copy of QuickBooks. Types of the columns: see columns.ts.
import type { Generated, GeneratedAlways } from "kysely";
import type { ConnectionId, Entity, JsonObject, LocalDate, OrganizationId, PartyKind } from "../../domain/index.ts";
import type { Instant, InstantOrNull, InstantWithDefault, Jsonb, JsonbWithDefault } from "./columns.ts";

export interface PartyTable {
  connection_id: ConnectionId;
  kind: PartyKind;
  id: string;
  display_name: string;
  company_name: string | null;
  given_name: string | null;
  family_name: string | null;
  fully_qualified_name: string;
  active: boolean;
  parent_id: string | null;
  top_id: string;
  /** The nearest project at or above a customer, itself if it is one. */
  project_id: string | null;
  is_project: Generated<boolean>;
  currency: string;
  balance: string;
  phone: string | null;
  billing_address: string | null;
  terms_id: string | null;
  name_key: string;
  /** `name_key`, had it an organization of its own: with the names of its parents. */
  path_key: Generated<string>;
  name_stems: string[];
  last_document_on: LocalDate | null;
  record: Jsonb<JsonObject>;
  content_hash: Buffer;
  created_at: Instant;
  updated_at: Instant;
  sync_token: number;
  read_at: Instant;
  deleted_at: InstantOrNull;
  run_id: number | null;
}

export interface PartyAddressTable {
  connection_id: ConnectionId;
  address: string;
  kind: PartyKind;
  id: string;
  position: number;
}

export interface PartyMergeTable {
  connection_id: ConnectionId;
  kind: PartyKind;
  id: string;
  survivor_id: string | null;
  told: Generated<boolean>;
  organization_id: OrganizationId | null;
  shown_survivor_id: string | null;
}

export interface DocumentTable {
  connection_id: ConnectionId;
  entity: Entity;
  id: string;
  party_kind: PartyKind;
  party_id: string;
  number: string | null;
  date: LocalDate;
  due_date: LocalDate | null;
  terms_id: string | null;
  total: string;
  balance: string;
  unapplied: string;
  currency: string;
  exchange_rate: string | null;
  home_balance: string | null;
  voided: boolean;
  bill_addresses: Generated<string[]>;
  /** Record keys in text form: `Invoice:96`. */
  linked: Generated<string[]>;
  content_hash: Buffer;
  created_at: Instant;
  updated_at: Instant;
  sync_token: number;
  read_at: Instant;
  deleted_at: InstantOrNull;
  run_id: number | null;
}

export interface ReferenceRecordTable {
  connection_id: ConnectionId;
  entity: Entity;
  id: string;
  name: string | null;
  record: Jsonb<JsonObject>;
  content_hash: Buffer;
  updated_at: Instant;
  sync_token: number;
  read_at: Instant;
  deleted_at: InstantOrNull;
  run_id: number | null;
}

export interface SweepTable {
  id: GeneratedAlways<number>;
  connection_id: ConnectionId;
  requested_by: string;
  started_at: InstantWithDefault;
  server_started_at: InstantOrNull;
  finished_at: InstantOrNull;
  position: JsonbWithDefault<JsonObject>;
  rows: Generated<number>;
  total: number | null;
  calls: Generated<number>;
}
