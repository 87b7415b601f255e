import {
  createIdentity,
  deleteIdentity,
  identityKeys,
  makePrimary,
  presentIdentity,
  updateIdentity,
} from "../records/identities.ts";
import { type JsonObject, permit, requireObject } from "../records/input.ts";
import { recordNotFound } from "../records/refusals.ts";
import { type Call, created, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { listPage } from "../server/paging.ts";
import type { Identity } from "../world/entities.ts";
import { idParameter } from "./parameters.ts";
import { requireUser } from "./users.ts";

/** https://developer.zendesk.com/api-reference/ticketing/users/user_identities/ */
export const identityOperations: Operation[] = operationsOf("users", [
  ["ListUserIdentities", "GET", "users/{id}/identities", "user_identities/index", list],
  [
    "ShowUserIdentity",
    "GET",
    "users/{id}/identities/{identity}",
    "user_identities/show",
    (call) => ok(shown(call, requireIdentity(call))),
  ],
  ["CreateUserIdentity", "POST", "users/{id}/identities", "user_identities/create", createOne],
  ["UpdateUserIdentity", "PUT", "users/{id}/identities/{identity}", "user_identities/update", updateOne],
  ["DeleteUserIdentity", "DELETE", "users/{id}/identities/{identity}", "user_identities/destroy", deleteOne],
  [
    "MakeUserIdentityPrimary",
    "PUT",
    "users/{id}/identities/{identity}/make_primary",
    "user_identities/make_primary",
    setPrimary,
  ],
  ["VerifyUserIdentity", "PUT", "users/{id}/identities/{identity}/verify", "user_identities/verify", verify],
  [
    "RequestUserVerfication", // spelt so in Zendesk's OpenAPI
    "PUT",
    "users/{id}/identities/{identity}/request_verification",
    "user_identities/request_verification",
    requestVerification,
  ],
]);

const shown = (call: Call, identity: Identity): JsonObject => ({ identity: presentIdentity(identity, call.root) });

function identitiesOf(call: Call): Identity[] {
  return call.tenant.account.identities.where("user", String(requireUser(call).id)).sort((a, b) => a.id - b.id);
}

function requireIdentity(call: Call): Identity {
  const identity = call.tenant.account.identities.get(idParameter(call, "identity"));
  if (!identity || identity.user_id !== requireUser(call).id) throw recordNotFound();
  return identity;
}

function list(call: Call): Reply {
  return listPage({
    call,
    key: "identities",
    source: identitiesOf(call),
    present: (one) => presentIdentity(one, call.root),
  });
}

function read(call: Call): JsonObject {
  const sent = requireObject(call.body, "identity", call.operation.action);
  const { values, unpermitted } = permit(sent, "identity", identityKeys, call.operation.action);
  call.dropped.push(...unpermitted);
  return values;
}

function createOne(call: Call): Reply {
  const identity = shown(call, createIdentity(call.tenant.account, requireUser(call), read(call), call.author));
  return created(identity, (identity.identity as JsonObject).url);
}

function updateOne(call: Call): Reply {
  return ok(shown(call, updateIdentity(call.tenant.account, requireIdentity(call), read(call), call.author)));
}

function deleteOne(call: Call): Reply {
  deleteIdentity(call.tenant.account, requireIdentity(call), call.author);
  return noContent;
}

/** Answers the whole list, as the reference shows. */
function setPrimary(call: Call): Reply {
  makePrimary(call.tenant.account, requireIdentity(call), call.author);
  return list(call);
}

function verify(call: Call): Reply {
  return ok(shown(call, updateIdentity(call.tenant.account, requireIdentity(call), { verified: true }, call.author)));
}

/** Sends an e-mail in the real product; nobody reads it here. */
function requestVerification(call: Call): Reply {
  requireIdentity(call);
  return { status: 200 };
}
