// Zendesk's users in our words: role, place, and the addresses by which a client is known.
import { z } from "zod";
import { type JsonObject, parseOrganizationId, parseUserId, type UserId } from "../../domain/index.ts";
import type { ListedUser } from "../../sync/directory/ports.ts";
import { isObject } from "./json.ts";

/**
 * Secondary addresses beside every list of users, at no call of their own
 * (https://developer.zendesk.com/documentation/ticketing/using-the-zendesk-api/side_loading/). Where an account leaves them out, the primary
 * address alone counts.
 */
export const withIdentities = { include: "identities" } as const;

const userSchema = z.object({
  id: z.union([z.number(), z.string()]),
  email: z.string().nullish(),
  role: z.string().nullish(),
  organization_id: z.union([z.number(), z.string()]).nullish(),
});

const identitySchema = z.object({
  user_id: z.union([z.number(), z.string()]),
  type: z.literal("email"),
  value: z.string(),
  verified: z.literal(true),
});

/** The users of an answer; deleted ones, which exports and `show_many` name as inactive, apart. */
export function usersIn(body: JsonObject): { users: ListedUser[]; gone: UserId[] } | undefined {
  const { users: rows, identities } = body;
  if (!Array.isArray(rows)) return undefined;
  const secondary = secondaryAddresses(Array.isArray(identities) ? identities : []);
  const users: ListedUser[] = [];
  const gone: UserId[] = [];
  for (const row of rows) {
    const user = isObject(row) ? toUser(row, secondary) : undefined;
    if (user === undefined) continue;
    if (isObject(row) && row["active"] === false) gone.push(user.id);
    else users.push(user);
  }
  return { users, gone };
}

/** Verified ones only: anybody may claim an address for himself. */
function secondaryAddresses(identities: readonly unknown[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const identity of identities) {
    const read = identitySchema.safeParse(identity);
    if (!read.success) continue;
    const of = String(read.data.user_id);
    found.set(of, [...(found.get(of) ?? []), addressOf(read.data.value)]);
  }
  return found;
}

function toUser(json: JsonObject, secondary: ReadonlyMap<string, readonly string[]>): ListedUser | undefined {
  const found = userSchema.safeParse(json);
  if (!found.success) return undefined;
  const { id, email, role, organization_id } = found.data;
  const addresses = [...(email ? [addressOf(email)] : []), ...(secondary.get(String(id)) ?? [])];
  return {
    id: parseUserId(id),
    organizationId:
      organization_id === null || organization_id === undefined ? undefined : parseOrganizationId(organization_id),
    addresses: [...new Set(addresses)],
    agent: role !== "end-user",
  };
}

function addressOf(text: string): string {
  return text.trim().toLowerCase();
}
