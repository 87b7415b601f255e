// Rows: who may do what, and what they asked for. Types of the columns: see columns.ts.
import type { Generated, GeneratedAlways } from "kysely";
import type { ConnectionId, Json, JsonObject } from "../../domain/index.ts";
import type { Instant, InstantOrNull, InstantWithDefault, Jsonb, JsonbOrNull } from "./columns.ts";

type Role = "viewer" | "operator" | "admin";

export interface OperatorTable {
  id: GeneratedAlways<number>;
  email: string;
  email_key: string;
  name: string;
  password_hash: string | null;
  disabled_at: InstantOrNull;
  created_at: InstantWithDefault;
}

export interface OperatorGrantTable {
  operator_id: number;
  connection_id: ConnectionId | null;
  role: Role;
}

export interface SessionTable {
  hash: Buffer;
  operator_id: number;
  created_at: InstantWithDefault;
  seen_at: InstantWithDefault;
}

export interface ApiKeyTable {
  id: GeneratedAlways<number>;
  hash: Buffer;
  name: string;
  role: Role;
  connections: number[] | null;
  place: string | null;
  made_by: string;
  made_at: InstantWithDefault;
  expires_at: InstantOrNull;
  used_at: InstantOrNull;
  revoked_at: InstantOrNull;
}

export interface InvitationTable {
  hash: Buffer;
  operator_id: number | null;
  expires_at: Instant;
  used_at: InstantOrNull;
}

export interface SignInFailureTable {
  key: string;
  failures: number;
  last_at: Instant;
}

export interface TaskTable {
  id: Generated<string>;
  connection_id: ConnectionId;
  kind: string;
  asked_by: string;
  asked: Jsonb<Json>;
  request_key: string | null;
  state: Generated<"running" | "done" | "failed">;
  progress: Jsonb<JsonObject>;
  result: JsonbOrNull<JsonObject>;
  error: JsonbOrNull<JsonObject>;
  asked_at: InstantWithDefault;
  seen_at: InstantWithDefault;
  ended_at: InstantOrNull;
}

export interface ProvisionedTable {
  reference: string;
  connection_id: ConnectionId;
  made_at: InstantWithDefault;
}
