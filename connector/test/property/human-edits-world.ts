// A company and an account in which people work while the connector does, and what they do there.
import type { Random } from "../../src/cli/demo/random.ts";

type Loose = Record<string, unknown>;

const stamp = "2026-10-01T09:00:00-07:00";
const common = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp }, CurrencyRef: { value: "USD" } };
/** Clients 1 to 20 are known in Zendesk by their users, 21 to 40 are new there. */
const knownClients = 20;
const clients = 40;
const bystanders = 15;
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

export const company = {
  Customer: numbers(1, clients).map((id) => ({
    Id: `${id}`,
    DisplayName: `Client ${id}`,
    Active: true,
    Balance: 100,
    PrimaryEmailAddr: { Address: `desk@client${id}.example` },
    ...common,
  })),
  Invoice: numbers(1, clients).map((id) => ({
    Id: `${1_000 + id}`,
    CustomerRef: { value: `${id}` },
    TxnDate: "2026-10-01",
    DueDate: id % 2 === 0 ? "2026-11-01" : "2026-12-01",
    TotalAmt: 100,
    Balance: 100,
    ...common,
  })),
};

const organization = (id: number, name: string): Loose => ({
  id,
  name,
  external_id: `CRM-${id}`,
  details: `Details of ${id}`,
  notes: `Notes on ${id}`,
  domain_names: [`d${id}.example`],
  tags: ["vip", `t${id}`],
  organization_fields: { region: "north" },
});
const user = (id: number, email: string, organization_id: number | null): Loose => ({
  id,
  name: `Person ${id}`,
  email,
  role: "end-user",
  notes: `About ${id}`,
  organization_id,
});

/** 501 ... belong to the known clients, 601 ... to nobody of the company. Users of clients 31 to 40 belong nowhere yet. */
export const account = {
  organizations: [
    ...numbers(1, knownClients).map((id) => organization(500 + id, `Desk of client ${id}`)),
    ...numbers(1, bystanders).map((id) => organization(600 + id, `Bystander ${id}`)),
  ],
  organization_fields: [{ id: 91, key: "region", type: "text", title: "Region", active: true }],
  users: [
    ...numbers(1, knownClients).map((id) => user(900 + id, `desk@client${id}.example`, 500 + id)),
    ...numbers(31, clients).map((id) => user(900 + id, `desk@client${id}.example`, null)),
  ],
  organization_memberships: numbers(1, knownClients).map((id) => ({
    id: 700 + id,
    user_id: 900 + id,
    organization_id: 500 + id,
    default: true,
  })),
};

export interface Edit {
  entity: "organization" | "user";
  id: number;
  record: Loose;
}

/** What a person may do to an organization that is not ours. `tags`: those that it has now; a person adds to them. */
export function editOrganization(
  random: Random,
  target: { id: number; tags: readonly string[]; mayBeRenamed: boolean },
): Edit {
  const mark = `${target.id}-${random.between(1, 1_000_000)}`;
  const all: Loose = {
    notes: random.pick([`Noted ${mark}`, ""]),
    details: `Detailed ${mark}`,
    tags: [...target.tags, `tag-${mark}`],
    domain_names: [`a${mark}.example`, `b${mark}.example`],
    organization_fields: { region: random.pick([`south ${mark}`, null]) },
    ...(target.mayBeRenamed ? { name: `Renamed ${mark}`, external_id: `CRM-${mark}` } : {}),
  };
  const keys = random.shuffled(Object.keys(all)).slice(0, random.between(1, 4));
  return { entity: "organization", id: target.id, record: Object.fromEntries(keys.map((key) => [key, all[key]])) };
}

/** A user whom nobody had put anywhere may be put somewhere by a person, in the moment in which we are about to. */
export function editUser(random: Random, id: number, belongsNowhere: boolean): Edit {
  const mark = random.between(1, 1_000_000);
  const record: Loose = { name: `Renamed person ${mark}`, notes: `Noted ${mark}` };
  if (belongsNowhere && random.chance(0.5)) record["organization_id"] = 600 + random.between(1, bystanders);
  return { entity: "user", id, record };
}

/** The record as the person left it. */
export function edited(record: Loose, edit: Edit): Loose {
  const { organization_fields: fields, ...plain } = edit.record;
  const before = record["organization_fields"] as Loose | undefined;
  return { ...record, ...plain, ...(fields ? { organization_fields: { ...before, ...(fields as Loose) } } : {}) };
}
