import type { Clock } from "./clock.ts";
import type {
  CustomField,
  CustomObject,
  Identity,
  Membership,
  ObjectField,
  ObjectRecord,
  Organization,
  Ticket,
  User,
} from "./entities.ts";
import type { Plan } from "./plans.ts";
import type { Random } from "./random.ts";
import { defaultSwitches, type Switches } from "./switches.ts";
import { Table } from "./table.ts";

/** What happened to a record, told to whoever listens (webhooks). `api` = by a call, `person` = in the vendor's UI. */
export interface Happening {
  kind: string;
  at: number;
  by: "api" | "person";
  organization?: Organization;
  user?: User;
  ticket?: Ticket;
  event: Record<string, unknown>;
}

export interface Merge {
  id: string;
  loser_id: number;
  winner_id: number;
  status: "new" | "in progress" | "error" | "complete";
  /** When the merge is done, in simulated milliseconds. */
  completesAt: number;
}

/** One Zendesk account: its records and its rules. Tokens, jobs and limits live beside it, keyed by it. */
export interface Account {
  readonly subdomain: string;
  readonly id: number;
  readonly clock: Clock;
  readonly random: Random;
  plan: Plan;
  switches: Switches;
  readonly organizations: Table<Organization>;
  readonly organizationFields: Table<CustomField>;
  readonly userFields: Table<CustomField>;
  readonly ticketFields: Table<CustomField>;
  readonly users: Table<User>;
  readonly identities: Table<Identity>;
  readonly memberships: Table<Membership>;
  readonly tickets: Table<Ticket>;
  readonly customObjects: Table<CustomObject>;
  readonly objectFields: Table<ObjectField>;
  /** By the object's key: an account may hold many records, and every question is about those of one object. */
  readonly objectRecords: Map<string, Table<ObjectRecord>>;
  readonly merges: Map<string, Merge>;
  /** Keys of deleted fields per kind: they can never be used again. */
  readonly burnedKeys: Set<string>;
  /** Organizations that are gone, for exports that show deletions. */
  readonly deletedOrganizations: { organization: Organization; at: number }[];
  /** What lagging reads still show of organizations that have changed, and until when. */
  readonly lagging: Map<number, { organization: Organization; until: number }>;
  readonly listeners: ((happening: Happening) => void)[];
  lastId: number;
  lastTicketId: number;
}

export interface NewAccount {
  subdomain: string;
  plan: Plan;
  clock: Clock;
  random: Random;
}

// Zendesk's ids of organizations and users have 14 digits today and grow in steps of 128 with a shard in the low bits:
// recorded in blakmatrix/node-zendesk, test/fixtures (2023-10).
const firstId = 30_000_000_000_000;
const idStep = 128;

export function createAccount({ subdomain, plan, clock, random }: NewAccount): Account {
  return {
    subdomain,
    id: 10_000_000 + Math.floor(random.next() * 9_000_000),
    clock,
    random,
    plan,
    switches: defaultSwitches(),
    organizations: organizationTable(),
    organizationFields: new Table<CustomField>({ key: (field) => field.key }),
    userFields: new Table<CustomField>({ key: (field) => field.key }),
    ticketFields: new Table<CustomField>({ key: (field) => field.key }),
    users: new Table<User>({ external: (user) => externalKey(user.external_id) }),
    identities: new Table<Identity>({
      user: (identity) => String(identity.user_id),
      value: (identity) => identity.value.toLowerCase(),
    }),
    memberships: new Table<Membership>({
      user: (membership) => String(membership.user_id),
      organization: (membership) => String(membership.organization_id),
    }),
    tickets: new Table<Ticket>({
      organization: (ticket) => (ticket.organization_id === null ? undefined : String(ticket.organization_id)),
      requester: (ticket) => String(ticket.requester_id),
    }),
    customObjects: new Table<CustomObject>({ key: (object) => object.key }),
    objectFields: new Table<ObjectField>({
      key: (field) => `${field.object_key}/${field.key}`,
      object: (field) => field.object_key,
    }),
    objectRecords: new Map(),
    merges: new Map(),
    burnedKeys: new Set(),
    deletedOrganizations: [],
    lagging: new Map(),
    listeners: [],
    lastId: firstId,
    lastTicketId: 0,
  };
}

function organizationTable(): Table<Organization> {
  return new Table<Organization>({
    name: (organization) => nameKey(organization.name),
    exactName: (organization) => organization.name,
    external: (organization) => externalKey(organization.external_id),
  });
}

/** Two names are one when they differ only in case and outer white space (organizations reference, "Create Organization"). */
export function nameKey(name: string): string {
  return name.trim().toLowerCase();
}

/** external_id is case-insensitive: `company1` and `Company1` are the same (organizations reference, JSON format). */
export function externalKey(externalId: string | null): string | undefined {
  return externalId === null ? undefined : externalId.toLowerCase();
}

/** The records of one object. Their external ids are case-sensitive, unlike those of organizations. */
export function recordsOf(account: Account, objectKey: string): Table<ObjectRecord> {
  const known = account.objectRecords.get(objectKey);
  if (known) return known;
  const table = new Table<ObjectRecord>({
    ulid: (record) => record.ulid,
    external: (record) => record.external_id ?? undefined,
  });
  account.objectRecords.set(objectKey, table);
  return table;
}

export function nextId(account: Account): number {
  account.lastId += idStep;
  return account.lastId;
}

/** New ids come after every id that was loaded, so that id order is the order of creation. */
export function noteId(account: Account, id: number): void {
  if (id > account.lastId && id < Number.MAX_SAFE_INTEGER / 2) account.lastId = id;
}

export function announce(account: Account, happening: Happening): void {
  for (const listener of account.listeners) listener(happening);
}

export function clearRecords(account: Account): void {
  for (const table of [
    account.organizations,
    account.organizationFields,
    account.userFields,
    account.ticketFields,
    account.users,
    account.identities,
    account.memberships,
    account.tickets,
    account.customObjects,
    account.objectFields,
  ]) {
    table.clear();
  }
  account.objectRecords.clear();
  account.merges.clear();
  account.burnedKeys.clear();
  account.deletedOrganizations.length = 0;
  account.lagging.clear();
  account.lastId = firstId;
  account.lastTicketId = 0;
}
