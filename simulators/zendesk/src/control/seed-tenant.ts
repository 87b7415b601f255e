import type { Tenant } from "../server/tenant.ts";
import { seedAccount } from "../state/seed.ts";

/** Records, jobs and counted requests start anew; credentials and webhooks stay, so that whoever is connected stays connected. */
export function seedTenant(tenant: Tenant, seed: unknown): void {
  seedAccount(tenant.account, seed);
  tenant.jobs.clear();
  tenant.limits.clear();
  tenant.idempotency.clear();
  const { account, credentials } = tenant;
  const owner = account.users.all().find((user) => user.role === "admin" && user.active);
  for (const token of credentials.byAccess.values())
    if (owner && !account.users.has(token.userId)) token.userId = owner.id;
}
