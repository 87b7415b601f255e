import { isJsonObject, type JsonObject } from "../records/input.ts";
import { blankUser } from "../records/users.ts";
import { type Account, clearRecords, nextId, noteId } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import { seedObject, seedObjectField, seedRecord } from "./object-rows.ts";
import {
  alignMemberships,
  readField,
  readMembership,
  readOrganization,
  readUser,
  seedIdentity,
  seedPrimaryAddress,
  seedTicket,
} from "./rows.ts";

/** What is wrong with an account file, and where. */
export class SeedProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SeedProblem";
  }
}

const lists = [
  "organization_fields",
  "user_fields",
  "ticket_fields",
  "organizations",
  "users",
  "user_identities",
  "organization_memberships",
  "tickets",
  "custom_objects",
  "custom_object_fields",
  "custom_object_records",
] as const;

// A dump has more than a file: what it says beside the records is read past.
const besideRecords = ["subdomain", "plan", "switches", "tokens", "jobs", "accounts", "now", "merges", "webhooks"];
const partsOfFile = new Set<string>([...lists, "burned_keys", ...besideRecords]);

/**
 * Replaces an account's records by those of an account file: entities as the list calls return them, ids kept, what is
 * missing completed with the vendor's defaults. Everything is read before anything is replaced.
 */
export function seedAccount(account: Account, seed: unknown): void {
  if (!isJsonObject(seed)) throw new SeedProblem("an account is a JSON object with organizations, users ...");
  const rows = new Map<string, JsonObject[]>();
  for (const name of lists) rows.set(name, readList(seed, name));
  const unknown = Object.keys(seed).find((key) => !partsOfFile.has(key));
  if (unknown !== undefined)
    throw new SeedProblem(`${unknown}: not part of an account file; it has ${lists.join(", ")}`);
  checkReferences(rows);
  clearRecords(account);
  const of = (name: (typeof lists)[number]): JsonObject[] => rows.get(name) ?? [];
  for (const name of lists)
    for (const row of of(name)) if (typeof row.id === "number" && name !== "tickets") noteId(account, row.id);
  const now = isoSeconds(account.clock.now());
  for (const row of of("organization_fields")) account.organizationFields.put(readField(account, row, now));
  for (const row of of("user_fields")) account.userFields.put(readField(account, row, now));
  for (const row of of("ticket_fields")) account.ticketFields.put(readField(account, row, now));
  for (const row of of("organizations")) account.organizations.put(readOrganization(account, row, now));
  for (const row of of("users")) account.users.put(readUser(account, row, now));
  for (const row of of("user_identities")) seedIdentity(account, row, now);
  for (const user of account.users.all()) seedPrimaryAddress(account, user);
  for (const row of of("organization_memberships")) account.memberships.put(readMembership(account, row, now));
  alignMemberships(account, now);
  for (const row of of("tickets")) seedTicket(account, row, now);
  for (const row of of("custom_objects")) seedObject(account, row, now);
  for (const row of of("custom_object_fields")) seedObjectField(account, row, now);
  for (const row of of("custom_object_records")) seedRecord(account, row, now);
  if (Array.isArray(seed.burned_keys)) for (const key of seed.burned_keys) account.burnedKeys.add(String(key));
  ensureOwner(account, now);
}

/** Memberships and tickets must point at records of the same file. */
function checkReferences(rows: ReadonlyMap<string, JsonObject[]>): void {
  const idsOf = (name: string) => new Set((rows.get(name) ?? []).map((row) => row.id));
  const [users, organizations] = [idsOf("users"), idsOf("organizations")];
  const check = (name: string, key: string, ids: ReadonlySet<unknown>): void => {
    (rows.get(name) ?? []).forEach((row, index) => {
      if (!ids.has(row[key]))
        throw new SeedProblem(`${name}[${index}].${key}: the file has no such record (${String(row[key])})`);
    });
  };
  check("organization_memberships", "user_id", users);
  check("organization_memberships", "organization_id", organizations);
  check("user_identities", "user_id", users);
  check("tickets", "requester_id", users);
  const objects = new Set((rows.get("custom_objects") ?? []).map((row) => row.key));
  check("custom_object_fields", "object_key", objects);
  check("custom_object_records", "custom_object_key", objects);
}

/** Every account has an owner who is an admin; a file without one gets one. */
function ensureOwner(account: Account, now: string): void {
  if (account.users.all().some((user) => user.role === "admin" && user.active)) return;
  const owner = { ...blankUser(nextId(account), "admin", now), name: "Account Owner", verified: true };
  account.users.put({ ...owner, email: `owner@${account.subdomain}.example` });
  seedPrimaryAddress(account, account.users.get(owner.id) ?? owner);
}

function readList(seed: JsonObject, name: string): JsonObject[] {
  const list = seed[name];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw new SeedProblem(`${name}: must be a list`);
  const ids = new Set<number>();
  return list.map((row, index) => {
    if (!isJsonObject(row)) throw new SeedProblem(`${name}[${index}]: must be an object`);
    if (name === "custom_object_records") return checkRecordRow(row, index);
    if (row.id !== undefined) {
      if (typeof row.id !== "number" || !Number.isSafeInteger(row.id))
        throw new SeedProblem(`${name}[${index}].id: must be a whole number`);
      if (ids.has(row.id)) throw new SeedProblem(`${name}[${index}].id: ${row.id} is there twice`);
      ids.add(row.id);
    }
    const required = requiredOf(name).find((key) => row[key] === undefined || row[key] === null || row[key] === "");
    if (required) throw new SeedProblem(`${name}[${index}].${required} is missing`);
    return row;
  });
}

/** Records are known by ULIDs, not by numbers. */
function checkRecordRow(row: JsonObject, index: number): JsonObject {
  if (row.id !== undefined && (typeof row.id !== "string" || row.id === ""))
    throw new SeedProblem(`custom_object_records[${index}].id: must be a ULID`);
  if (typeof row.name !== "string" || row.name === "")
    throw new SeedProblem(`custom_object_records[${index}].name is missing`);
  return row;
}

function requiredOf(name: string): string[] {
  if (name === "custom_objects") return ["key"];
  if (name === "custom_object_fields") return ["key", "object_key"];
  if (name === "organization_memberships") return ["user_id", "organization_id"];
  if (name === "organization_fields" || name === "user_fields") return ["key"];
  if (name === "user_identities") return ["user_id", "value"];
  if (name === "tickets") return ["requester_id"];
  return name === "ticket_fields" ? ["title"] : ["name"];
}
