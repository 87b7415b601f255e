import type { Job } from "../jobs/job.ts";
import type { Token } from "../oauth/tokens.ts";
import type { Tenant } from "../server/tenant.ts";
import type { Webhook } from "../webhooks/webhook.ts";
import { type Account, type Merge, recordsOf } from "../world/account.ts";
import type { ObjectRecord } from "../world/entities.ts";
import type { Plan } from "../world/plans.ts";
import type { Switches } from "../world/switches.ts";
import type { Table } from "../world/table.ts";

interface SavedTenant {
  plan: Plan;
  switches: Switches;
  tables: readonly (readonly { id: number }[])[];
  objectRecords: readonly (readonly [string, readonly ObjectRecord[]])[];
  burnedKeys: readonly string[];
  merges: readonly Merge[];
  deleted: Account["deletedOrganizations"];
  lastId: number;
  lastTicketId: number;
  jobs: readonly Job[];
  tokens: readonly Token[];
  webhooks: readonly Webhook[];
}

/** Everything that Zendesk would remember, of all accounts: records, jobs, tokens, webhooks. Not the clock, not the log. */
export type Snapshot = ReadonlyMap<string, SavedTenant>;

// Records are replaced, never changed in place: keeping them is keeping the state.
const tablesOf = (account: Account): Table<{ id: number }>[] =>
  [
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
  ] as unknown as Table<{ id: number }>[]; // one list of tables of different records, each put back where it came from

export function takeSnapshot(tenants: ReadonlyMap<string, Tenant>): Snapshot {
  return new Map([...tenants].map(([subdomain, tenant]) => [subdomain, save(tenant)]));
}

function save({ account, jobs, credentials, deliveries }: Tenant): SavedTenant {
  return {
    plan: account.plan,
    switches: { ...account.switches },
    tables: tablesOf(account).map((table) => table.all()),
    objectRecords: [...account.objectRecords].map(([key, table]) => [key, table.all()] as const),
    burnedKeys: [...account.burnedKeys],
    merges: [...account.merges.values()].map((merge) => ({ ...merge })),
    deleted: [...account.deletedOrganizations],
    lastId: account.lastId,
    lastTicketId: account.lastTicketId,
    jobs: jobs.dump(),
    tokens: [...credentials.byAccess.values()].map((token) => ({ ...token })),
    webhooks: [...deliveries.webhooks.values()],
  };
}

/** Accounts that were made since stay as they are. */
export function restoreSnapshot(tenants: ReadonlyMap<string, Tenant>, snapshot: Snapshot): void {
  for (const [subdomain, saved] of snapshot) {
    const tenant = tenants.get(subdomain);
    if (tenant) restore(tenant, saved);
  }
}

function restore({ account, jobs, credentials, deliveries, limits, idempotency }: Tenant, saved: SavedTenant): void {
  account.plan = saved.plan;
  account.switches = { ...saved.switches };
  for (const [index, table] of tablesOf(account).entries()) {
    table.clear();
    for (const record of saved.tables[index] ?? []) table.put(record);
  }
  account.objectRecords.clear();
  for (const [key, records] of saved.objectRecords) for (const record of records) recordsOf(account, key).put(record);
  account.burnedKeys.clear();
  for (const key of saved.burnedKeys) account.burnedKeys.add(key);
  account.merges.clear();
  for (const merge of saved.merges) account.merges.set(merge.id, { ...merge });
  account.deletedOrganizations.splice(0, account.deletedOrganizations.length, ...saved.deleted);
  account.lastId = saved.lastId;
  account.lastTicketId = saved.lastTicketId;
  jobs.load(saved.jobs);
  credentials.byAccess.clear();
  credentials.byRefresh.clear();
  for (const token of saved.tokens) {
    const copy = { ...token };
    credentials.byAccess.set(copy.access, copy);
    if (copy.refresh !== null) credentials.byRefresh.set(copy.refresh, copy);
  }
  deliveries.clear();
  deliveries.webhooks.clear();
  for (const webhook of saved.webhooks) deliveries.webhooks.set(webhook.id, webhook);
  limits.clear();
  idempotency.clear();
}
