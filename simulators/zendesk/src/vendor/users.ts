import { type JsonObject, missingParameter, permit, requireList, requireObject } from "../records/input.ts";
import { badRequest, forbidden, recordNotFound } from "../records/refusals.ts";
import { createUser, deleteUser, findUserToUpdate, presentUser, updateUser, userKeys } from "../records/users.ts";
import { type Call, created, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { bucketHeader, endpointLimitExceeded } from "../server/limits.ts";
import { listPage, offsetEnvelope, readOffsetRequest } from "../server/paging.ts";
import { externalKey } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { User } from "../world/entities.ts";
import { checkBatch, idListParameter, idParameter, listParameter } from "./parameters.ts";
import { searchUsers } from "./search-users.ts";
import { withIdentities } from "./sideload.ts";
import { submitJob } from "./submit-job.ts";

/** https://developer.zendesk.com/api-reference/ticketing/users/users/ */
export const userOperations: Operation[] = operationsOf("users", [
  ["ListUsers", "GET", "users", "users/index", listUsers],
  ["ShowUser", "GET", "users/{id}", "users/show", (call) => ok(shownOne(call, requireUser(call)))],
  ["ShowCurrentUser", "GET", "users/me", "users/me", showCurrent, "nobody"],
  ["ShowManyUsers", "GET", "users/show_many", "users/show_many", showMany],
  ["CountUsers", "GET", "users/count", "users/count", countUsers],
  ["SearchUsers", "GET", "users/search", "users/search", search],
  ["CreateUser", "POST", "users", "users/create", createOne],
  ["CreateOrUpdateUser", "POST", "users/create_or_update", "users/create_or_update", createOrUpdate],
  ["CreateManyUsers", "POST", "users/create_many", "users/create_many", (call) => createMany(call, "users.create")],
  [
    "CreateOrUpdateManyUsers",
    "POST",
    "users/create_or_update_many",
    "users/create_or_update_many",
    (call) => createMany(call, "users.create_or_update"),
  ],
  ["UpdateUser", "PUT", "users/{id}", "users/update", updateOne],
  ["UpdateManyUsers", "PUT", "users/update_many", "users/update_many", updateMany],
  ["DeleteUser", "DELETE", "users/{id}", "users/destroy", deleteOne],
  ["DestroyManyUsers", "DELETE", "users/destroy_many", "users/destroy_many", deleteMany],
]);

export function requireUser(call: Call): User {
  const user = call.tenant.account.users.get(idParameter(call));
  if (!user) throw recordNotFound();
  return user;
}

const presenter = (call: Call) => (user: User) => presentUser(call.tenant.account, user, call.root);
const shownOne = (call: Call, user: User): JsonObject => ({ user: presenter(call)(user) });

const byId = (a: User, b: User): number => a.id - b.id;

/** `role=` or `role[]=`, and `permission_set`, which no user here has. Deleted users are not listed. */
function listUsers(call: Call): Reply {
  const { users } = call.tenant.account;
  const roles = [...call.query.getAll("role"), ...call.query.getAll("role[]")];
  const external = externalKey(call.query.get("external_id"));
  const source = users
    .sortedBy("listed", byId)
    .filter(
      (user) =>
        user.active &&
        (roles.length === 0 || roles.includes(user.role)) &&
        (external === undefined || externalKey(user.external_id) === external),
    );
  const sorts = [
    { name: "name", of: (user: User) => user.name.toLowerCase() },
    { name: "created_at", of: (user: User) => user.created_at },
    { name: "updated_at", of: (user: User) => user.updated_at },
  ];
  const shown: User[] = [];
  const present = (user: User) => {
    shown.push(user);
    return presenter(call)(user);
  };
  return withIdentities(call, listPage({ call, key: "users", source, sorts, present }), shown);
}

/** Answers 200 to nobody in particular: no proof of anything (csa-zendesk API-SURFACE 5.1). */
function showCurrent(call: Call): Reply {
  if (call.caller) return ok({ user: { ...presenter(call)(call.caller.user), authenticity_token: "simulated" } });
  const { account } = call.tenant;
  const [someone] = account.users.all();
  const anonymous = Object.fromEntries(Object.keys(someone ? presenter(call)(someone) : {}).map((key) => [key, null]));
  return ok({
    user: {
      ...anonymous,
      id: null,
      name: "Anonymous user",
      email: "invalid@example.com",
      role: "end-user",
      tags: [],
      user_fields: {},
    },
  });
}

function showMany(call: Call): Reply {
  const { users } = call.tenant.account;
  const ids = idListParameter(call, "ids");
  const externalIds = listParameter(call, "external_ids");
  if (!ids && !externalIds) throw missingParameter("ids");
  const found = ids
    ? ids.flatMap((id) => users.get(id) ?? [])
    : (externalIds ?? []).flatMap((id) => users.where("external", externalKey(id) ?? ""));
  const shown = [...new Set(found)];
  return withIdentities(
    call,
    ok(offsetEnvelope(call, "users", shown, { page: 1, perPage: 100 }, presenter(call))),
    shown,
  );
}

function countUsers(call: Call): Reply {
  const value = call.tenant.account.users.all().filter((user) => user.active).length;
  return ok({ count: { value, refreshed_at: isoSeconds(call.author.at) } });
}

/** Offset only. By external_id it reads the database; by query it reads the index, which lags. */
function search(call: Call): Reply {
  const { account } = call.tenant;
  const external = call.query.get("external_id");
  const query = call.query.get("query");
  if (external === null && query === null)
    throw badRequest("ParameterMissing", "Parameter query or external_id is required");
  const found =
    external === null
      ? searchUsers(account, query ?? "", call.author.at)
      : account.users.where("external", externalKey(external) ?? "");
  return ok(offsetEnvelope(call, "users", found, readOffsetRequest(call), presenter(call)));
}

function readUser(call: Call, keys: typeof userKeys = userKeys): JsonObject {
  const { values, unpermitted } = permit(
    requireObject(call.body, "user", call.operation.action),
    "user",
    keys,
    call.operation.action,
  );
  call.dropped.push(...unpermitted);
  return values;
}

function answerCreated(call: Call, user: User): Reply {
  return created(shownOne(call, user), `${call.root}/users/${user.id}.json`);
}

function createOne(call: Call): Reply {
  return answerCreated(call, createUser(call.tenant.account, readUser(call), call.author));
}

const perUser = 5;
const header = "zendesk-ratelimit-create-update-user";

/** 1 a second per account and 5 a minute per user for updates and upserts (rate-limits page, endpoint table). */
function countUserWrite(call: Call, user: User | undefined): void {
  const { limits } = call.tenant;
  const account = limits.count({ key: "users.write", limit: 1, windowMs: 1000 });
  call.headers[header] = bucketHeader(account);
  if (account.isExceeded) throw endpointLimitExceeded(account, "Too many requests to create or update users");
  if (!user) return;
  const own = limits.count({ key: `users.write ${user.id}`, limit: perUser, windowMs: 60_000 });
  call.headers[header] = bucketHeader(own);
  if (own.isExceeded) throw endpointLimitExceeded(own, "Too many requests to update");
}

function createOrUpdate(call: Call): Reply {
  const { account } = call.tenant;
  const values = readUser(call, { ...userKeys, id: "integer" });
  const known = findUserToUpdate(account, values);
  countUserWrite(call, known);
  if (!known) return answerCreated(call, createUser(account, values, call.author));
  return ok(shownOne(call, updateUser(account, known, values, call.author)));
}

function updateOne(call: Call): Reply {
  const user = requireUser(call);
  if (!user.active) throw recordNotFound();
  countUserWrite(call, user);
  return ok(shownOne(call, updateUser(call.tenant.account, user, readUser(call), call.author)));
}

/** Refused unless Zendesk's support has enabled imports for the account (users reference, "Create Many Users"). */
function createMany(call: Call, kind: "users.create" | "users.create_or_update"): Reply {
  if (!call.tenant.account.switches.bulkUserImport)
    throw forbidden("Bulk user import is not enabled for this account. Please contact Zendesk support.");
  return submitJob(call, kind, readBatch(call, { ...userKeys, id: "integer" }));
}

function readBatch(call: Call, keys: typeof userKeys): JsonObject[] {
  const items = requireList(call.body, "users", call.operation.action);
  checkBatch("users", items);
  return items.map((item, index) => {
    const { values, unpermitted } = permit(item, `users.${index}`, keys, call.operation.action);
    call.dropped.push(...unpermitted);
    return values;
  });
}

function targets(call: Call): number[] | undefined {
  const ids = idListParameter(call, "ids");
  return (
    ids ??
    listParameter(call, "external_ids")?.map(
      (id) => call.tenant.account.users.first("external", externalKey(id) ?? "")?.id ?? 0,
    )
  );
}

function updateMany(call: Call): Reply {
  const ids = targets(call);
  if (!ids) return submitJob(call, "users.update", readBatch(call, { ...userKeys, id: "integer" }));
  const values = readUser(call);
  return submitJob(
    call,
    "users.update",
    ids.map((id) => Object.assign({}, values, { id })),
  );
}

/** Agents and admins stay; they have to be downgraded first. */
function deleteOne(call: Call): Reply {
  const user = requireUser(call);
  if (!user.active) throw recordNotFound();
  if (user.role === "admin") throw forbidden();
  return ok(shownOne(call, deleteUser(call.tenant.account, user, call.author)));
}

function deleteMany(call: Call): Reply {
  const ids = targets(call);
  if (!ids) throw missingParameter("ids");
  return submitJob(
    call,
    "users.delete",
    ids.map((id) => ({ id })),
  );
}
