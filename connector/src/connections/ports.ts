import type {
  ConnectionId,
  Json,
  JsonObject,
  MappingDocument,
  Realm,
  Settings,
  Subdomain,
  System,
} from "../domain/index.ts";
import type { GrantSource, Permission } from "./credentials/index.ts";

export type ConnectionState = "connecting" | "loading" | "planned" | "active" | "paused" | "disconnected";

/** One company paired with one account. */
export interface Connection {
  id: ConnectionId;
  /** Undefined until a company was connected, and proven. */
  realm: Realm | undefined;
  subdomain: Subdomain;
  state: ConnectionState;
  /** `person:NAME`, or `SYSTEM:CODE` of the failure that stopped it. */
  pausedBy: string | undefined;
  settings: Settings;
}

/** What a company says of itself. */
export interface CompanyFacts {
  name: string;
  country: string | undefined;
  homeCurrency: string;
  multiCurrency: boolean;
  /** CompanyInfo.DefaultTimeZone: in Intuit's XSD, often absent. */
  zone: string | undefined;
  /** For a proposal where the zone is absent. */
  address: CompanyAddress | undefined;
}

export interface CompanyAddress {
  country: string | undefined;
  state: string | undefined;
}

/** Days are counted in this zone. Proposed: nothing that depends on a day runs before a person has confirmed it. */
export type CompanyZone =
  | { kind: "known"; name: string; source: "company" | "confirmed" }
  | { kind: "proposed"; name: string | undefined };

export interface Company {
  realm: Realm;
  name: string | undefined;
  country: string | undefined;
  homeCurrency: string;
  zone: CompanyZone;
}

export interface CompanyStore {
  read(realm: Realm): Promise<Company | undefined>;
  /** A zone that a person confirmed stays. */
  save(realm: Realm, facts: CompanyFacts, zone: CompanyZone): Promise<void>;
  confirmZone(realm: Realm, zone: string): Promise<void>;
}

export interface ConnectionStore {
  /** Makes the account known, too. */
  create(subdomain: Subdomain, settings: JsonObject): Promise<ConnectionId>;
  read(id: ConnectionId): Promise<StoredConnection | undefined>;
  all(): Promise<StoredConnection[]>;
  /** The connections whose work needs this company or account. */
  using(system: System, subject: string): Promise<StoredConnection[]>;
  /** False when the connection has another company, or another connection already pairs the two. */
  bindCompany(id: ConnectionId, realm: Realm): Promise<boolean>;
  saveSettings(id: ConnectionId, settings: JsonObject): Promise<void>;
  /** connecting -> loading, where company and zone are known. */
  startLoading(id: ConnectionId): Promise<boolean>;
  /** loading, planned, active -> paused. A person's pause replaces any other; nothing replaces a person's. */
  pause(id: ConnectionId, by: string): Promise<boolean>;
  /** paused -> where its plans say it was. `by`: only what this paused; a trailing `*` stands for anything. */
  resume(id: ConnectionId, by: string): Promise<ConnectionState | undefined>;
}

/** What is ours in Zendesk of one connection. */
export interface ClearedAndKept {
  clears: {
    /** By key, with the number of organizations that hold a value. */
    fields: { key: string; organizations: number }[];
    externalIds: number;
    records: number;
  };
  stays: { users: number; members: number; ticketFields: number };
}

/** What the end of a connection needs. */
export interface ConnectionEndStore {
  /** Organizations that parties of it are linked to. */
  linked(id: ConnectionId): Promise<{ created: number; adopted: number }>;
  /** What letting go of them would empty or take away, and what of ours stays. */
  ours(id: ConnectionId): Promise<ClearedAndKept>;
  /** Writes and jobs under way, and records of ours that are still there. */
  openWrites(id: ConnectionId): Promise<number>;
  /** Answers "ignore" for every linked party, and has everybody looked at. */
  ignoreEveryone(id: ConnectionId, who: string): Promise<void>;
  /** Nothing works for it any more. Without its company the same pair can be connected anew. */
  disconnect(id: ConnectionId, options: { keepsCompany: boolean }): Promise<void>;
  /** disconnected -> connecting: its links are remembered, everything is read again. */
  restart(id: ConnectionId): Promise<boolean>;
  /** Deletes one that nobody has finished. */
  abandon(id: ConnectionId): Promise<boolean>;
  webhookPath(subdomain: Subdomain): Promise<string | undefined>;
  forgetWebhook(subdomain: Subdomain): Promise<void>;
  /** Everything that we know of its company goes, but the journal. */
  purge(id: ConnectionId): Promise<void>;
}

export type StoredConnection = Omit<Connection, "settings"> & { settings: Json };

/** A client that a connection brings, as it is stored. */
export interface StoredOwnClient {
  connectionId: ConnectionId;
  system: System;
  clientId: string;
  sealedSecret: string;
  /** QuickBooks only: a list of verifier tokens as JSON. */
  sealedVerifiers: string | undefined;
  /** QuickBooks only: its keys for development open sandbox companies alone. */
  environment: "production" | "sandbox" | undefined;
  /** QuickBooks only: what Intuit's tier allows this app in a month, where it is not the deployment's. */
  monthlyReads: number | undefined;
}

export interface OwnClientStore {
  read(connectionId: ConnectionId, system: System): Promise<StoredOwnClient | undefined>;
  save(client: StoredOwnClient): Promise<void>;
  /** False: there was none. */
  remove(connectionId: ConnectionId, system: System): Promise<boolean>;
  /** Of all connections that use this company or account and have not ended. */
  ofSubject(system: System, subject: string): Promise<StoredOwnClient[]>;
  /** Those that can check QuickBooks' deliveries, with the company that they may speak for. */
  verifying(): Promise<(StoredOwnClient & { realm: string | undefined })[]>;
}

/** What we are at a system. */
export interface OurClient {
  clientId: string;
  grants: GrantSource;
  environment: "production" | "sandbox";
  /** The connection that brought it; undefined: the deployment's own. */
  broughtBy: ConnectionId | undefined;
}

/** Who asks for a client; without an id: a connection that is about to begin. */
export type ClientSeeker = Pick<StoredConnection, "realm" | "subdomain"> & { id?: ConnectionId };

/** Which of our clients a consent goes through, and which one's tokens speak. */
export interface OurClients {
  /** Where a consent of this connection goes: its own client, else the one of others with the same company or account, else the deployment's. */
  ofConnection(connection: ClientSeeker, system: System): Promise<OurClient>;
  /** Whose tokens speak for this company or account now. */
  speaking(system: System, subject: string): Promise<OurClient>;
  /** The client of a stored credential, where we still have its secret. */
  named(system: System, subject: string, clientId: string): Promise<OurClient | undefined>;
  /** A consent, or somebody's change: what this process remembers is void. */
  forget(system: System, subject: string): void;
}

/** A consent under way: stored by hash only, for ten minutes, for one use. */
export interface PendingConsent {
  system: System;
  connectionId: ConnectionId;
  permission: Permission;
  /** The PKCE verifier, sealed. */
  sealedVerifier: string | undefined;
  /** Of the secret of the browser in which it began; undefined: it began on the command line. */
  browserHash: Uint8Array | undefined;
}

export interface OauthStateStore {
  add(stateHash: Uint8Array, consent: PendingConsent, lifeMs: number): Promise<void>;
  /** Uses the state up. Undefined: unknown, used or too old. */
  take(stateHash: Uint8Array): Promise<PendingConsent | undefined>;
  conclude(stateHash: Uint8Array, outcome: string): Promise<void>;
  /** Why the latest sign-in of this connection that ended since then was refused; undefined: it was not, or none has ended. */
  refusal(connectionId: ConnectionId, since: Date): Promise<string | undefined>;
}

/** Zendesk's webhooks, as connections asks for them. Each throws RemoteFailure. */
export interface WebhookSource {
  listWebhooks(subdomain: Subdomain): Promise<{ id: string; endpoint: string; subscriptions: string[] }[]>;
  createWebhook(
    subdomain: Subdomain,
    webhook: { name: string; endpoint: string; subscriptions: readonly string[] },
  ): Promise<string>;
  deleteWebhook(subdomain: Subdomain, id: string): Promise<void>;
  readSigningSecret(subdomain: Subdomain, id: string): Promise<string>;
  /** Has Zendesk send a signed request there; the status that it was answered with, 0 where nobody did. */
  testWebhook(subdomain: Subdomain, id: string): Promise<number>;
}

export interface SubscriptionStore {
  /** The account's endpoint under `base`; an account that has a path keeps it. */
  intend(subdomain: Subdomain, path: string, base: string): Promise<{ path: string; endpoint: string }>;
  /** Something is active in the account, and its fields are there, but no webhook posts to `base`. */
  isMissing(subdomain: Subdomain, base: string): Promise<boolean>;
  /** A connection of the account has the setting `ticketEvents`. */
  wantsTickets(subdomain: Subdomain): Promise<boolean>;
  activate(subdomain: Subdomain, as: { webhookId: string; sealedSecret: string; tickets: boolean }): Promise<void>;
}

/** One version of a connection's mapping. Version 1 is the default that everybody starts with; versions never change. */
export interface MappingVersion {
  version: number;
  document: MappingDocument;
  who: string;
  at: Date;
  note: string | undefined;
}

export interface MappingStore {
  /** The one that is delivered. */
  current(connectionId: ConnectionId): Promise<MappingVersion>;
  /** Undefined: there was never such a version. */
  version(connectionId: ConnectionId, version: number): Promise<MappingVersion | undefined>;
  /** Newest first. */
  list(connectionId: ConnectionId): Promise<MappingVersion[]>;
  /** Keeps it as the next version and makes nothing of it: what is delivered changes when its plan is applied. */
  save(connectionId: ConnectionId, document: MappingDocument, who: string, note: string | undefined): Promise<number>;
}
