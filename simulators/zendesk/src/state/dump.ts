import { presentField } from "../records/custom-fields.ts";
import { presentObject } from "../records/custom-objects.ts";
import { presentRecord } from "../records/custom-records.ts";
import { presentIdentity } from "../records/identities.ts";
import type { JsonObject } from "../records/input.ts";
import { presentMembership } from "../records/memberships.ts";
import { presentObjectField } from "../records/object-fields.ts";
import { presentOrganization } from "../records/organizations.ts";
import { presentTicketField } from "../records/ticket-fields.ts";
import { presentTicket } from "../records/tickets.ts";
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
    ticket_fields: account.ticketFields.all().map((one) => presentTicketField(one, root)),
    tickets: account.tickets.all().map((one) => presentTicket(account, one, root)),
    custom_objects: account.customObjects.all().map((one) => presentObject(one, root)),
    custom_object_fields: account.objectFields
      .all()
      .map((one) => ({ ...presentObjectField(one, root), object_key: one.object_key })),
    custom_object_records: [...account.objectRecords].flatMap(([key, records]) =>
      records.all().map((one) => presentRecord(account, key, one, root)),
    ),
    burned_keys: [...account.burnedKeys],
  };
}
