// Rows: what Zendesk has, and what each party became there. Types of the columns: see columns.ts.
import type { Generated, GeneratedAlways } from "kysely";
import type {
  Answer,
  ConnectionId,
  FieldValues,
  Json,
  JsonObject,
  LocalDate,
  MatchStep,
  OrganizationId,
  ParkReason,
  PartyKind,
  Subdomain,
  UserId,
} from "../../domain/index.ts";
import type { BulkRule, IgnorePattern } from "../../sync/links/ports.ts";
import type { Instant, InstantOrNull, InstantWithDefault, Jsonb, JsonbWithDefault } from "./columns.ts";

export interface OrganizationTable {
  subdomain: Subdomain;
  id: OrganizationId;
  name: string;
  name_key: string;
  name_stem: string;
  external_id: string | null;
  keys: Generated<string[]>;
  domains: Generated<string[]>;
  near_keys: Generated<string[]>;
  mail_addresses: Generated<string[]>;
  fields: JsonbWithDefault<FieldValues>;
  /** Null: nobody has looked yet. */
  notes_have_text: boolean | null;
  updated_at: InstantOrNull;
  seen_at: Instant;
  gone_at: InstantOrNull;
}

export interface ZendeskUserTable {
  subdomain: Subdomain;
  id: UserId;
  organization_id: OrganizationId | null;
  agent: boolean;
  seen_at: Instant;
  gone_at: InstantOrNull;
}

export interface ZendeskUserAddressTable {
  subdomain: Subdomain;
  address: string;
  user_id: UserId;
}

export interface LinkTable {
  connection_id: ConnectionId;
  kind: PartyKind;
  id: string;
  subdomain: Subdomain;
  organization_id: OrganizationId;
  origin: "created" | "adopted";
  step: MatchStep;
  evidence: JsonbWithDefault<Json[]>;
  confirmed_by: string | null;
  created_at: InstantWithDefault;
}

export interface AnswerTable {
  id: GeneratedAlways<number>;
  connection_id: ConnectionId;
  kind: PartyKind;
  id_of_party: string;
  answer: Jsonb<Answer>;
  who: string;
  at: InstantWithDefault;
  undone_at: InstantOrNull;
  undone_by: string | null;
  batch_id: Generated<number | null>;
  /** The answer that stood before, and stands again when this one is undone. */
  replaces: Generated<number | null>;
}

/** Answers given together by a rule. */
export interface AnswerBatchTable {
  id: GeneratedAlways<number>;
  connection_id: ConnectionId;
  rule: Jsonb<BulkRule>;
  who: string;
  at: InstantWithDefault;
  undone_at: InstantOrNull;
  undone_by: string | null;
}

export interface IgnoreRuleTable {
  id: GeneratedAlways<number>;
  connection_id: ConnectionId;
  rule: Jsonb<IgnorePattern>;
  who: string;
  at: InstantWithDefault;
  ended_at: InstantOrNull;
  ended_by: string | null;
}

/** Organizations that hold several clients, as a person said. */
export interface ContainerTable {
  subdomain: Subdomain;
  organization_id: OrganizationId;
  who: string;
  at: InstantWithDefault;
}

/** Where organizations that are gone live on. */
export interface OrganizationMergeTable {
  subdomain: Subdomain;
  loser_id: OrganizationId;
  winner_id: OrganizationId;
}

/** Organizations that look alike and are not the same, as a person said. */
export interface NotDuplicateTable {
  subdomain: Subdomain;
  first_id: OrganizationId;
  second_id: OrganizationId;
  who: string;
  at: InstantWithDefault;
}

/** One row: the version of the rules by which the forms of names here were made. */
export interface NameFoldingTable {
  version: number;
}

export interface DispositionTable {
  connection_id: ConnectionId;
  kind: PartyKind;
  id: string;
  state: "linked" | "rolled-up" | "parked" | "ignored" | "out-of-scope";
  /** Why it is parked; null in every other state. */
  reason: ParkReason | null;
  detail: JsonbWithDefault<JsonObject>;
  waits_for: Generated<string[]>;
  decided_at: InstantWithDefault;
}

export interface CardTable {
  subdomain: Subdomain;
  organization_id: OrganizationId;
  connection_id: ConnectionId;
  applied: JsonbWithDefault<FieldValues>;
  applied_name: string | null;
  mapping_version: number;
  next_flip_on: LocalDate | null;
  settled_at: InstantWithDefault;
}

/** The webhook that an account sends its events to. */
export interface ZendeskWebhookTable {
  subdomain: Subdomain;
  path: string;
  endpoint: string;
  webhook_id: string | null;
  sealed_secret: string | null;
  active_at: InstantOrNull;
  tickets: boolean;
  seen_at: InstantOrNull;
  created_at: InstantWithDefault;
}

/** What an event named, to be read afresh. */
export interface DirectoryMarkTable {
  subdomain: Subdomain;
  kind: "organization" | "user";
  id: number;
  gen: Generated<number>;
  first_at: InstantWithDefault;
}

/** Each time that we restored a field of ours which somebody had changed. */
export interface RestoreTable {
  subdomain: Subdomain;
  organization_id: OrganizationId;
  field: string;
  restored_at: InstantWithDefault;
}

/** A value that Zendesk keeps in a form of its own, by hashes of both, with how often that was seen. */
export interface StoredFormTable {
  subdomain: Subdomain;
  field: string;
  sent: Buffer;
  stored: Buffer;
  seen: Generated<number>;
  seen_at: InstantWithDefault;
}
