// Rows: who is connected to whom, and by which tokens. Types of the columns: see columns.ts.
import type { Generated, GeneratedAlways } from "kysely";
import type { PutOff } from "../../connections/credentials/ports.ts";
import type { ConnectionId, Entity, JsonObject, LocalDate, Realm, Subdomain, System } from "../../domain/index.ts";
import type { Instant, InstantOrNull, InstantWithDefault, JsonbOrNull, JsonbWithDefault } from "./columns.ts";

export type ConnectionState = "connecting" | "loading" | "planned" | "active" | "paused" | "disconnected";

export interface CompanyTable {
  realm: Realm;
  name: string | null;
  country: string | null;
  home_currency: Generated<string>;
  zone: string | null;
  zone_source: string | null;
  blocked_until: InstantOrNull;
  /** Since when QuickBooks only refuses, how often in a row, and the incident that tells of it. */
  refused_since: InstantOrNull;
  refusals: Generated<number>;
  refused_for: string | null;
  created_at: InstantWithDefault;
}

export interface AccountTable {
  subdomain: Subdomain;
  epoch: Generated<number>;
  owner: string | null;
  owned_at: InstantOrNull;
  blocked_until: InstantOrNull;
  /** As with a company. */
  refused_since: InstantOrNull;
  refusals: Generated<number>;
  refused_for: string | null;
  directory_loaded_at: InstantOrNull;
  /** Where the directory load under way stands. */
  directory_position: JsonbOrNull<JsonObject>;
  /** Where the next export of changed organizations starts: seconds since 1970. */
  export_from: Generated<number | null>;
  export_due_at: InstantOrNull;
  /** Where the next export of changed users starts. */
  user_export: JsonbOrNull<{ time: number; cursor?: string }>;
  created_at: InstantWithDefault;
}

export interface ConnectionTable {
  id: GeneratedAlways<ConnectionId>;
  realm: Realm | null;
  subdomain: Subdomain | null;
  state: ConnectionState;
  paused_by: string | null;
  settings: JsonbWithDefault<JsonObject>;
  mapping_version: Generated<number>;
  swept_at: InstantOrNull;
  poll_cursor: InstantOrNull;
  polled_at: InstantOrNull;
  poll_due_at: InstantOrNull;
  sweep_due_at: InstantOrNull;
  webhook_seen_at: InstantOrNull;
  /** Since when polls find what no webhook announced. */
  silent_since: InstantOrNull;
  clock_day: LocalDate | null;
  fields_ready_at: InstantOrNull;
  broken_fields: JsonbWithDefault<{ key: string; options?: string[] }[]>;
  refused_entities: Generated<Entity[]>;
  created_at: InstantWithDefault;
}

export interface CredentialTable {
  id: GeneratedAlways<number>;
  system: System;
  client_id: string;
  /** The realm or the subdomain that the tokens speak for. */
  subject: string;
  way: "authorization-code" | "client-credentials" | "api-token";
  state: "valid" | "refused";
  sealed: string;
  access_expires_at: InstantOrNull;
  refresh_expires_at: InstantOrNull;
  hard_expires_at: InstantOrNull;
  scopes: string | null;
  attempt_started_at: InstantOrNull;
  /** Until when nobody asks the token endpoint for this one, and what it said. */
  put_off: JsonbOrNull<Omit<PutOff, "until"> & { until: string }>;
  refused_because: string | null;
  refreshed_at: InstantWithDefault;
}

/** A client of its own that a connection brings. */
export interface OwnClientTable {
  connection_id: ConnectionId;
  system: System;
  client_id: string;
  sealed_secret: string;
  /** QuickBooks only: the verifier tokens of the app's webhooks, a list as JSON. */
  sealed_verifiers: string | null;
  /** QuickBooks only. */
  environment: "production" | "sandbox" | null;
  /** QuickBooks only: what Intuit's tier allows this app in a month. */
  monthly_reads: number | null;
  set_at: InstantWithDefault;
}

export interface OauthStateTable {
  state_hash: Buffer;
  system: System;
  connection_id: ConnectionId;
  permission: Generated<"read" | "write">;
  sealed_verifier: string | null;
  /** Of the cookie of the browser in which it began; null: it began on the command line. */
  browser_hash: Buffer | null;
  expires_at: Instant;
  used_at: InstantOrNull;
  outcome: string | null;
}
