import { isJson, type Json, listAt, stringsAt, textAt } from "./json.ts";

// An account as the rules look at it: organizations, users with all their addresses, memberships.

export interface Organization {
  id: number;
  name: string;
  externalId: string | undefined;
  fields: Json;
  domains: string[];
  tags: string[];
  record: Json;
}

export interface User {
  id: number;
  name: string;
  role: string;
  addresses: string[];
  /** Every organization that it belongs to, sorted. */
  organizations: number[];
  record: Json;
}

export interface Directory {
  organizations: ReadonlyMap<number, Organization>;
  users: ReadonlyMap<number, User>;
  fields: ReadonlyMap<string, Json>;
  usersOf(organizationId: number): User[];
}

export function openDirectory(account: Json): Directory {
  const organizations = new Map<number, Organization>();
  for (const record of listAt(account, "organizations")) {
    const id = Number(record["id"]);
    organizations.set(id, {
      id,
      name: textAt(record, "name") ?? "",
      externalId: textAt(record, "external_id"),
      fields: isJson(record["organization_fields"]) ? record["organization_fields"] : {},
      domains: stringsAt(record, "domain_names").map((domain) => domain.toLowerCase()),
      tags: stringsAt(record, "tags"),
      record,
    });
  }
  const users = usersIn(account);
  const byOrganization = new Map<number, User[]>();
  for (const user of users.values()) {
    for (const id of user.organizations) byOrganization.set(id, [...(byOrganization.get(id) ?? []), user]);
  }
  const fields = new Map(listAt(account, "organization_fields").map((field) => [textAt(field, "key") ?? "", field]));
  return { organizations, users, fields, usersOf: (id) => byOrganization.get(id) ?? [] };
}

function usersIn(account: Json): Map<number, User> {
  const memberships = groupByUser(listAt(account, "organization_memberships"), (one) => Number(one["organization_id"]));
  const identities = groupByUser(
    listAt(account, "user_identities").filter(
      (one) => (textAt(one, "type") ?? "email") === "email" && one["verified"] === true,
    ),
    (one) => (textAt(one, "value") ?? "").toLowerCase(),
  );
  const users = new Map<number, User>();
  for (const record of listAt(account, "users")) {
    const id = Number(record["id"]);
    const own = typeof record["organization_id"] === "number" ? [record["organization_id"]] : [];
    const primary = textAt(record, "email")?.toLowerCase();
    users.set(id, {
      id,
      name: textAt(record, "name") ?? "",
      role: textAt(record, "role") ?? "end-user",
      addresses: [...new Set([...(primary === undefined ? [] : [primary]), ...(identities.get(id) ?? [])])],
      organizations: [...new Set([...own, ...(memberships.get(id) ?? [])])].sort((one, other) => one - other),
      record,
    });
  }
  return users;
}

function groupByUser<Value>(records: readonly Json[], valueOf: (record: Json) => Value): Map<number, Value[]> {
  const groups = new Map<number, Value[]>();
  for (const record of records) {
    const user = Number(record["user_id"]);
    groups.set(user, [...(groups.get(user) ?? []), valueOf(record)]);
  }
  return groups;
}

const ourKey = /^qbo:\d+:(customer|vendor):\d+$/i;

/** Our keys on an organization: its external_id where we made it, and the words of field `qbo_key`. */
export function keysOn(organization: Organization): string[] {
  const words = (textAt(organization.fields, "qbo_key") ?? "").split(/\s+/);
  const keys = [organization.externalId ?? "", ...words].filter((word) => ourKey.test(word));
  return [...new Set(keys.map((key) => key.toLowerCase()))];
}
