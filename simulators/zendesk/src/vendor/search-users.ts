import type { Account } from "../world/account.ts";
import type { User } from "../world/entities.ts";
import { readTerms, type Term } from "./search-terms.ts";

/**
 * What the search index finds for a query: `email:x`, `role:x`, `organization:x`, `external_id:x`, or words that start a
 * name or an address. Changes show only after the index's lag.
 * https://support.zendesk.com/hc/en-us/articles/4408886879258 (search reference)
 */
export function searchUsers(account: Account, query: string, now: number): User[] {
  const terms = readTerms(query).filter((term) => term.key !== "type");
  if (terms.length === 0) return [];
  return account.users.all().filter((user) => {
    if (!user.active || now - Date.parse(user.updated_at) < account.switches.searchLagMs) return false;
    return terms.every((term) => holds(account, user, term));
  });
}

function holds(account: Account, user: User, { key, text }: Term): boolean {
  const addresses = account.identities.where("user", String(user.id)).map((identity) => identity.value.toLowerCase());
  switch (key) {
    case "email":
      return addresses.includes(text);
    case "role":
      return user.role === text;
    case "external_id":
      return user.external_id?.toLowerCase() === text;
    case "organization":
    case "organization_id":
      return account.memberships.where("user", String(user.id)).some((one) => {
        const name = account.organizations.get(one.organization_id)?.name.toLowerCase();
        return String(one.organization_id) === text || name === text;
      });
    case "name":
      return user.name.toLowerCase().includes(text);
    default:
      return (
        user.name
          .toLowerCase()
          .split(/\s+/)
          .some((word) => word.startsWith(text)) || addresses.some((one) => one.startsWith(text))
      );
  }
}
