import type {
  Answer,
  ConnectionId,
  Disposition,
  LocalDate,
  MatchStep,
  OrganizationId,
  ParkReason,
  PartyKey,
  PartyKind,
  Realm,
  Settings,
  Subdomain,
} from "../../domain/index.ts";
import type { ListedOrganization, ListedUser } from "../directory/index.ts";
import type { Family, FoundParty, Grouping } from "../replica/index.ts";

/** The remembered pair of a party and an organization. */
export interface Link {
  connectionId: ConnectionId;
  party: PartyKey;
  subdomain: Subdomain;
  organizationId: OrganizationId;
  origin: "created" | "adopted";
  step: MatchStep;
  evidence: string[];
  confirmedBy: string | undefined;
}

export interface StandingAnswer {
  party: PartyKey;
  answer: Answer;
  who: string;
}

/** One parked party, as the review queue shows it. */
export interface ParkedParty {
  party: PartyKey;
  displayName: string;
  disposition: Extract<Disposition, { kind: "parked" }>;
  since: Date;
}

/** Which of the parked parties a bulk answer is for. What is left out does not matter. */
export interface BulkFilter {
  reason?: ParkReason;
  kind?: PartyKind;
  /** Of the display name: `*` stands for anything. */
  name?: string;
  /** Among its candidates. */
  organizationId?: OrganizationId;
  candidates?: "none" | "one";
  /** Its mail is of a domain that its only candidate, or a user of it, has. Free mail never counts. */
  sameDomain?: true;
}

/** `link`: to the only candidate. */
export interface BulkRule {
  filter: BulkFilter;
  answer: "link" | "create" | "ignore";
}

export interface AnswerBatch {
  id: number;
  rule: BulkRule;
  who: string;
  at: Date;
  answers: number;
  undone: { who: string; at: Date } | undefined;
}

/** Parties that are left out of Zendesk by their name, also those that come later. A person's answer about one of them counts more. */
export interface IgnorePattern {
  /** `*` stands for anything. */
  name: string;
  kind?: PartyKind;
}

export interface IgnoreRule {
  id: number;
  pattern: IgnorePattern;
  who: string;
  at: Date;
}

/** One organization that many unrelated parties claim: one question. */
export interface ContainerQuestion {
  organizationId: OrganizationId;
  name: string;
  parties: number;
  examples: { party: PartyKey; displayName: string }[];
}

/** What a person sees and answers besides single parties; each change is one transaction, with its journal rows and marks. */
export interface ReviewStore {
  /** In the order of their keys. */
  parkedAfter(
    connectionId: ConnectionId,
    filter: { reason: ParkReason | undefined; after: PartyKey | undefined; limit: number },
  ): Promise<ParkedParty[]>;
  containerQuestions(connectionId: ConnectionId, limit: number): Promise<ContainerQuestion[]>;
  /** Undefined: somebody else answered for one of them meanwhile; nothing was stored. */
  storeBatch(
    connectionId: ConnectionId,
    batch: { rule: BulkRule; answers: readonly { party: PartyKey; answer: Answer }[]; who: string },
  ): Promise<number | undefined>;
  batches(connectionId: ConnectionId, limit: number): Promise<AnswerBatch[]>;
  /** How many of its answers stood still and were taken back. Undefined: there is no such batch, or it was undone before. */
  undoBatch(connectionId: ConnectionId, id: number, who: string): Promise<number | undefined>;
  ignored(connectionId: ConnectionId, limit: number): Promise<{ party: PartyKey; displayName: string; by: string }[]>;
  /** Marks the parties that it is known to concern. */
  addIgnoreRule(
    connectionId: ConnectionId,
    pattern: IgnorePattern,
    affected: readonly PartyKey[],
    who: string,
  ): Promise<number>;
  /** Marks everybody who is ignored by it. False: there is no such rule. */
  endIgnoreRule(connectionId: ConnectionId, id: number, who: string): Promise<boolean>;
  /** Whoever waits for the organization is marked. False: it was said before, or, with `several` false, never. */
  sayOfSeveralClients(
    connectionId: ConnectionId,
    organization: { id: OrganizationId; several: boolean },
    who: string,
  ): Promise<boolean>;
  listSeveralClients(subdomain: Subdomain): Promise<{ organizationId: OrganizationId; name: string; who: string }[]>;
  /**
   * Organizations of the account that share a near key, a few in each group; in each at least one is a card of this connection. An
   * organization may be in several groups.
   */
  nearGroups(connectionId: ConnectionId): Promise<NearMember[][]>;
  /** Pairs of which somebody said that they are two clients, the smaller id first. */
  notDuplicates(connectionId: ConnectionId): Promise<(readonly [OrganizationId, OrganizationId])[]>;
  sayNotDuplicate(
    connectionId: ConnectionId,
    pair: readonly [OrganizationId, OrganizationId],
    who: string,
  ): Promise<void>;
}

export interface NearMember {
  organizationId: OrganizationId;
  name: string;
  /** The first party of this connection that it shows; undefined where it shows none. */
  party: PartyKey | undefined;
}

export interface LinkStore {
  linksOf(connectionId: ConnectionId, parties: readonly PartyKey[]): Promise<Link[]>;
  linksTo(subdomain: Subdomain, organizations: readonly OrganizationId[]): Promise<Link[]>;
  answersOf(connectionId: ConnectionId, parties: readonly PartyKey[]): Promise<StandingAnswer[]>;
  /** Those of the organizations that hold several clients, as a person said. */
  severalClientsOf(subdomain: Subdomain, organizations: readonly OrganizationId[]): Promise<OrganizationId[]>;
  /** Those that stand, oldest first. */
  ignoreRules(connectionId: ConnectionId): Promise<IgnoreRule[]>;
  dispositionsOf(connectionId: ConnectionId, parties: readonly PartyKey[]): Promise<Map<string, Disposition>>;
  countDispositions(
    connectionId: ConnectionId,
  ): Promise<{ state: Disposition["kind"]; reason: string | undefined; count: number }[]>;
  parked(
    connectionId: ConnectionId,
    filter: { reason?: string; except?: string; limit: number },
  ): Promise<ParkedParty[]>;
  /** Ends the standing answer of the party, if any, stores the new one, and marks the party: one transaction. */
  storeAnswer(connectionId: ConnectionId, party: PartyKey, answer: Answer, who: string): Promise<void>;
  /** Ends the standing answer and marks the party; the one that stood before it stands again. Undefined when there was none. */
  undoAnswer(connectionId: ConnectionId, party: PartyKey, who: string): Promise<Answer | undefined>;
}

/** What matching asks of the replica: always by indexed keys, never of the batch at hand. */
export interface EvidenceReplica {
  familiesOf(of: Grouping, parties: readonly PartyKey[]): Promise<Family[]>;
  partiesByAddresses(connectionIds: readonly ConnectionId[], addresses: readonly string[]): Promise<FoundParty[]>;
  partiesByNameStems(of: readonly Grouping[], stems: readonly string[]): Promise<FoundParty[]>;
  /** By what follows the `@`, letter for letter. */
  partiesByDomains(connectionIds: readonly ConnectionId[], domains: readonly string[]): Promise<FoundParty[]>;
}

/** What matching asks of the directory. */
export interface EvidenceDirectory {
  organizationsByIds(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedOrganization[]>;
  organizationsByKeys(subdomain: Subdomain, keys: readonly string[]): Promise<ListedOrganization[]>;
  organizationsByStems(subdomain: Subdomain, stems: readonly string[]): Promise<ListedOrganization[]>;
  organizationsByMailAddresses(subdomain: Subdomain, mailAddresses: readonly string[]): Promise<ListedOrganization[]>;
  organizationsByDomains(subdomain: Subdomain, domains: readonly string[]): Promise<ListedOrganization[]>;
  usersByAddresses(subdomain: Subdomain, addresses: readonly string[]): Promise<ListedUser[]>;
  usersOfOrganizations(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedUser[]>;
}

/** One connection of the account whose parties compete for its organizations. */
export interface Claimants {
  id: ConnectionId;
  realm: Realm;
  scope: Settings["scope"];
  families: Settings["families"];
  matchDomains: Settings["matchDomains"];
  billingEmailField: Settings["billingEmailField"];
  zone: string;
  today: LocalDate;
}
