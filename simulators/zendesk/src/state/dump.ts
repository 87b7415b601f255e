import { presentField } from "../records/custom-fields.ts";
import { presentIdentity } from "../records/identities.ts";
import type { JsonObject } from "../records/input.ts";
import { presentMembership } from "../records/memberships.ts";
import { presentOrganization } from "../records/organizations.ts";
import { presentUser } from "../records/users.ts";
import type { Account } from "../world/account.ts";

/** An account in the form of its file: what is dumped can be seeded again. */
export function dumpAccount(account: Account, root: string): JsonObject {
  return {
    subdomain: account.subdomain,
    plan: account.plan,
    organizations: account.organizations.all().map((one) => presentOrganization(account, one, root)),
    users: account.users.all().map((one) => presentUser(account, one, root)),
    user_identities: account.identities.all().map((one) => presentIdentity(one, root)),
    organization_memberships: account.memberships.all().map((one) => presentMembership(account, one, root)),
    organization_fields: account.organizationFields.all().map((one) => presentField("organization", one, root)),
    user_fields: account.userFields.all().map((one) => presentField("user", one, root)),
    tickets: account.tickets.all(),
    burned_keys: [...account.burnedKeys],
  };
}
