import type {
  Answer,
  ConnectionId,
  Disposition,
  LocalDate,
  MatchStep,
  OrganizationId,
  PartyKey,
  Realm,
  Settings,
  Subdomain,
} from "../../domain/index.ts";
import type { ListedOrganization, ListedUser } from "../directory/index.ts";
import type { Family, FoundParty } from "../replica/index.ts";

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

export interface LinkStore {
  linksOf(connectionId: ConnectionId, parties: readonly PartyKey[]): Promise<Link[]>;
  linksTo(subdomain: Subdomain, organizations: readonly OrganizationId[]): Promise<Link[]>;
  answersOf(connectionId: ConnectionId, parties: readonly PartyKey[]): Promise<StandingAnswer[]>;
  dispositionsOf(connectionId: ConnectionId, parties: readonly PartyKey[]): Promise<Map<string, Disposition>>;
  countDispositions(
    connectionId: ConnectionId,
  ): Promise<{ state: Disposition["kind"]; reason: string | undefined; count: number }[]>;
  parked(connectionId: ConnectionId, filter: { reason?: string; limit: number }): Promise<ParkedParty[]>;
  /** Ends the standing answer of the party, if any, stores the new one, and marks the party: one transaction. */
  storeAnswer(connectionId: ConnectionId, party: PartyKey, answer: Answer, who: string): Promise<void>;
  /** Ends the standing answer and the link that it made, marks the party; undefined when there was none. */
  undoAnswer(connectionId: ConnectionId, party: PartyKey, who: string): Promise<Answer | undefined>;
}

/** What matching asks of the replica: always by indexed keys, never of the batch at hand. */
export interface EvidenceReplica {
  familiesOf(connectionId: ConnectionId, parties: readonly PartyKey[]): Promise<Family[]>;
  partiesByAddresses(connectionIds: readonly ConnectionId[], addresses: readonly string[]): Promise<FoundParty[]>;
  partiesByNameStems(connectionIds: readonly ConnectionId[], stems: readonly string[]): Promise<FoundParty[]>;
}

/** What matching asks of the directory. */
export interface EvidenceDirectory {
  organizationsByIds(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedOrganization[]>;
  organizationsByKeys(subdomain: Subdomain, keys: readonly string[]): Promise<ListedOrganization[]>;
  organizationsByStems(subdomain: Subdomain, stems: readonly string[]): Promise<ListedOrganization[]>;
  usersByAddresses(subdomain: Subdomain, addresses: readonly string[]): Promise<ListedUser[]>;
  usersOfOrganizations(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedUser[]>;
}

/** One connection of the account whose parties compete for its organizations. */
export interface Claimants {
  id: ConnectionId;
  realm: Realm;
  scope: Settings["scope"];
  zone: string;
  today: LocalDate;
}
