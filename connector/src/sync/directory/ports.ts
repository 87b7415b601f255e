import type { FieldValues, Organization, OrganizationId, Subdomain, UserId } from "../../domain/index.ts";

/** One organization as Zendesk lists it, with our keys found in external_id and in field `qbo_key`. */
export interface ListedOrganization extends Organization {
  keys: string[];
  updatedAt: string | undefined;
  /** E-mail addresses in fields that are not ours, as `field address`: an operator may name one of them as billing e-mail. */
  mailAddresses?: string[];
  /** The notes to the letter, where Zendesk was just asked: the directory does not keep people's text. */
  notes?: string | undefined;
}

export interface ListedUser {
  id: UserId;
  organizationId: OrganizationId | undefined;
  /** Lower case. */
  addresses: string[];
  /** Agents and admins: never moved, and no evidence. */
  agent: boolean;
}

/** Zendesk, as the directory reads it. Cursors are opaque; undefined = first page / no further page. */
export interface DirectorySource {
  listOrganizations(
    subdomain: Subdomain,
    cursor: string | undefined,
  ): Promise<{ organizations: ListedOrganization[]; next: string | undefined }>;
  listUsers(
    subdomain: Subdomain,
    cursor: string | undefined,
  ): Promise<{ users: ListedUser[]; next: string | undefined }>;
  /** Of those who are not deleted, about; undefined where the account does not say. */
  countUsers(subdomain: Subdomain): Promise<number | undefined>;
  /**
   * At most 1,000 users who changed, oldest change first, deleted ones apart. What changed within the last minute is not among them.
   * `cursor`: where the next page begins, also after the last one, once more has changed.
   */
  exportUsers(subdomain: Subdomain, from: UserExportPlace): Promise<UserExportPage>;
}

/** `time`: seconds since 1970, where there is no cursor (any more). */
export interface UserExportPlace {
  time: number;
  cursor?: string | undefined;
}

export interface UserExportPage {
  users: ListedUser[];
  gone: UserId[];
  cursor: string | undefined;
  last: boolean;
}

/** What an organization is found by: its folded name, and the stem of its name. Computed in code, never by SQL. */
export interface NameForms {
  nameKey: string;
  nameStem: string;
  /** What two names have to share to be compared as possible duplicates. */
  nearKeys: string[];
}

/** Values of only some columns are laid over what is known; `fields` of only some keys over the other keys. */
export interface OrganizationPatch {
  id: OrganizationId;
  name?: string;
  /** null: it has none (any more). */
  externalId?: string | null;
  domains?: string[];
  fields?: FieldValues;
  notesHaveText?: boolean | undefined;
  /** `fields` are all that the organization has, as Zendesk answered it. */
  whole?: boolean;
  updatedAt?: string | undefined;
}

/** Where a load stands; survives a crash between pages. */
export interface DirectoryLoad {
  /** By the database's clock: what was last seen before it was not seen by this load. */
  startedAt: Date;
  stage: "organizations" | "users" | "user-export" | "listed";
  /** Of the next page; of an export that is done, where the next one begins. */
  cursor: string | undefined;
  organizations: number;
  users: number;
}

export interface DirectoryReader {
  organizationsByIds(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedOrganization[]>;
  /** Organizations that carry one of our keys, in external_id or in field `qbo_key`. */
  organizationsByKeys(subdomain: Subdomain, keys: readonly string[]): Promise<ListedOrganization[]>;
  organizationsByStems(subdomain: Subdomain, stems: readonly string[]): Promise<ListedOrganization[]>;
  organizationsByNameKeys(subdomain: Subdomain, nameKeys: readonly string[]): Promise<ListedOrganization[]>;
  /** By `field address`, see `ListedOrganization.mailAddresses`. */
  organizationsByMailAddresses(subdomain: Subdomain, mailAddresses: readonly string[]): Promise<ListedOrganization[]>;
  organizationsByDomains(subdomain: Subdomain, domains: readonly string[]): Promise<ListedOrganization[]>;
  usersByAddresses(subdomain: Subdomain, addresses: readonly string[]): Promise<ListedUser[]>;
  usersOfOrganizations(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedUser[]>;
  counts(subdomain: Subdomain): Promise<{ organizations: number; users: number }>;
}

export interface DirectoryStore extends DirectoryReader {
  /**
   * Keeps what Zendesk answered to a question asked at `readAt`; rows that were written since stay as they are. Parked parties that wait
   * for what changed are marked, and the load moves on, in the same transaction.
   */
  keepOrganizations(
    subdomain: Subdomain,
    organizations: readonly ListedOrganization[],
    readAt: Date,
    load?: DirectoryLoad,
  ): Promise<void>;
  keepUsers(subdomain: Subdomain, users: readonly ListedUser[], readAt: Date, load?: DirectoryLoad): Promise<void>;
  /** By the database's clock. */
  now(): Promise<Date>;
  /** A load that was begun and not ended, unless it is so old that its cursor may be worth nothing. */
  loadUnderWay(subdomain: Subdomain): Promise<DirectoryLoad | undefined>;
  organizationsNotSeenSince(subdomain: Subdomain, since: Date): Promise<OrganizationId[]>;
  /** Their linked parties, and whoever waits for them, are marked. */
  markOrganizationsGone(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<void>;
  /** What an organization that is gone was merged into, as Zendesk once told. */
  mergedInto(subdomain: Subdomain, loser: OrganizationId): Promise<OrganizationId | undefined>;
  noteMerge(subdomain: Subdomain, loser: OrganizationId, winner: OrganizationId): Promise<void>;
  /** Linked parties of organizations whose fields or name are not as we last left them are marked. Returns how many organizations. */
  markDrifted(subdomain: Subdomain, organizations: readonly ListedOrganization[]): Promise<number>;
  /** Whoever waits for one of their addresses is marked. */
  markUsersGone(subdomain: Subdomain, ids: readonly UserId[]): Promise<void>;
  usersNotSeenSince(subdomain: Subdomain, since: Date): Promise<UserId[]>;
  /** `users`: where the hourly export of users goes on. */
  loaded(subdomain: Subdomain, users: UserExportPlace): Promise<void>;
}
