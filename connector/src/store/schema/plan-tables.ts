// Rows: mapping versions, what was proposed, and what plans wrote. Types of the columns: see columns.ts.
import type { Generated, GeneratedAlways } from "kysely";
import type {
  ConnectionId,
  FieldValues,
  Json,
  JsonObject,
  MappingDocument,
  OrganizationId,
} from "../../domain/index.ts";
import type { InstantOrNull, InstantWithDefault, Jsonb, JsonbOrNull, JsonbWithDefault } from "./columns.ts";

export interface MappingTable {
  connection_id: ConnectionId;
  version: number;
  document: Jsonb<MappingDocument>;
  made_by: string;
  made_at: InstantWithDefault;
  note: string | null;
}

export interface PlanTable {
  id: GeneratedAlways<number>;
  connection_id: ConnectionId;
  kind: string;
  change: JsonbWithDefault<JsonObject>;
  state: string;
  counts: Jsonb<JsonObject>;
  /** The settings and the mapping version that its change replaces. */
  before: JsonbOrNull<JsonObject>;
  proposed_at: InstantWithDefault;
  approved_at: InstantOrNull;
  approved_by: string | null;
  ended_at: InstantOrNull;
}

export interface PlanEffectTable {
  plan_id: number;
  /** The top of a family, or a vendor. */
  party: string;
  position: number;
  /** Parties of one organization share it: the first of them. */
  card: string;
  effect: string;
  organization_id: OrganizationId | null;
  organization: string | null;
  because: string | null;
  /** Field key -> [before, after]. */
  changed: JsonbWithDefault<Record<string, Json[]>>;
  traits: Generated<string[]>;
  canary: Generated<boolean>;
  state: Generated<string>;
  /** Changed since the plan: what it would be now. */
  found: JsonbOrNull<JsonObject>;
}

/** What an organization held before the plan wrote to it. */
export interface PlanFormerTable {
  plan_id: number;
  organization_id: OrganizationId;
  party: string;
  created: Generated<boolean>;
  former: JsonbWithDefault<FieldValues>;
  written: JsonbWithDefault<FieldValues>;
  former_name: string | null;
  written_name: string | null;
  former_external_id: string | null;
}
