import { type JsonObject, missingParameter, permit, requireList, requireObject } from "../records/input.ts";
import {
  createMembership,
  deleteMembership,
  makeDefault,
  membershipKeys,
  presentMembership,
} from "../records/memberships.ts";
import { presentOrganization } from "../records/organizations.ts";
import { recordNotFound } from "../records/refusals.ts";
import { type Call, created, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { listPage } from "../server/paging.ts";
import { isoSeconds } from "../world/clock.ts";
import type { Membership } from "../world/entities.ts";
import { checkBatch, idListParameter, idParameter } from "./parameters.ts";
import { submitJob } from "./submit-job.ts";

/** https://developer.zendesk.com/api-reference/ticketing/organizations/organization_memberships/ */
export const membershipOperations: Operation[] = operationsOf("organization_memberships", [
  ["ListOrganizationMemberships", "GET", "organization_memberships", "organization_memberships/index", listAll],
  ["ShowOrganizationMembershipById", "GET", "organization_memberships/{id}", "organization_memberships/show", showOne],
  ["CreateOrganizationMembership", "POST", "organization_memberships", "organization_memberships/create", createOne],
  [
    "CreateManyOrganizationMemberships",
    "POST",
    "organization_memberships/create_many",
    "organization_memberships/create_many",
    createMany,
  ],
  [
    "DeleteOrganizationMembership",
    "DELETE",
    "organization_memberships/{id}",
    "organization_memberships/destroy",
    deleteOne,
  ],
  [
    "DeleteManyOrganizationMemberships",
    "DELETE",
    "organization_memberships/destroy_many",
    "organization_memberships/destroy_many",
    deleteMany,
  ],
  [
    "ListOrganizationMembershipsByUser",
    "GET",
    "users/{id}/organization_memberships",
    "organization_memberships/index",
    listOfUser,
  ],
  [
    "CreateOrganizationMembershipByUser",
    "POST",
    "users/{id}/organization_memberships",
    "organization_memberships/create",
    createOfUser,
  ],
  [
    "ShowOrganizationMembershipByUser",
    "GET",
    "users/{id}/organization_memberships/{membership}",
    "organization_memberships/show",
    showOfUser,
  ],
  [
    "DeleteOrganizationMembershipByUser",
    "DELETE",
    "users/{id}/organization_memberships/{membership}",
    "organization_memberships/destroy",
    deleteOfUser,
  ],
  [
    "SetOrganizationMembershipAsDefault",
    "PUT",
    "users/{id}/organization_memberships/{membership}/make_default",
    "organization_memberships/make_default",
    setDefault,
  ],
  ["ListUserOrganizations", "GET", "users/{id}/organizations", "organizations/index", listOrganizationsOfUser],
  ["CountUserOrganizations", "GET", "users/{id}/organizations/count", "organizations/count", countOrganizationsOfUser],
]);

const presenter = (call: Call) => (one: Membership) => presentMembership(call.tenant.account, one, call.root);
const listOf = (call: Call, source: readonly Membership[] | undefined): Reply =>
  listPage({
    call,
    key: "organization_memberships",
    source: source ?? call.tenant.account.memberships,
    present: presenter(call),
  });

function requireMembership(call: Call, name = "id"): Membership {
  const membership = call.tenant.account.memberships.get(idParameter(call, name));
  if (!membership) throw recordNotFound();
  return membership;
}

function membershipsOfUser(call: Call): Membership[] {
  const { account } = call.tenant;
  const id = idParameter(call);
  if (!account.users.has(id)) throw recordNotFound();
  return account.memberships.where("user", String(id)).sort((a, b) => a.id - b.id);
}

function membershipOfUser(call: Call): Membership {
  const membership = requireMembership(call, "membership");
  if (membership.user_id !== idParameter(call)) throw recordNotFound();
  return membership;
}

function listAll(call: Call): Reply {
  return listOf(call, undefined);
}

function listOfUser(call: Call): Reply {
  return listOf(call, membershipsOfUser(call));
}

function showOne(call: Call): Reply {
  return ok({ organization_membership: presenter(call)(requireMembership(call)) });
}

function showOfUser(call: Call): Reply {
  return ok({ organization_membership: presenter(call)(membershipOfUser(call)) });
}

function read(call: Call, sent: JsonObject, path: string): JsonObject {
  const { values, unpermitted } = permit(sent, path, membershipKeys, call.operation.action);
  call.dropped.push(...unpermitted);
  return values;
}

function answerCreated(call: Call, values: JsonObject): Reply {
  const membership = presenter(call)(createMembership(call.tenant.account, values, call.author));
  return created({ organization_membership: membership }, membership.url);
}

/** One object; a list is refused (blakmatrix/node-zendesk issues 264 and 377). */
function createOne(call: Call): Reply {
  const sent = requireObject(call.body, "organization_membership", call.operation.action);
  return answerCreated(call, read(call, sent, "organization_membership"));
}

function createOfUser(call: Call): Reply {
  const sent = requireObject(call.body, "organization_membership", call.operation.action);
  return answerCreated(call, { ...read(call, sent, "organization_membership"), user_id: idParameter(call) });
}

function createMany(call: Call): Reply {
  const items = requireList(call.body, "organization_memberships", call.operation.action);
  checkBatch("organization_memberships", items);
  const permitted = items.map((item, index) => read(call, item, `organization_memberships.${index}`));
  return submitJob(call, "organization_memberships.create", permitted);
}

function deleteOne(call: Call): Reply {
  deleteMembership(call.tenant.account, requireMembership(call), call.author);
  return noContent;
}

function deleteOfUser(call: Call): Reply {
  deleteMembership(call.tenant.account, membershipOfUser(call), call.author);
  return noContent;
}

function deleteMany(call: Call): Reply {
  const ids = idListParameter(call, "ids");
  if (!ids) throw missingParameter("ids");
  return submitJob(
    call,
    "organization_memberships.delete",
    ids.map((id) => ({ id })),
  );
}

/** Answers the user's list of memberships. */
function setDefault(call: Call): Reply {
  makeDefault(call.tenant.account, membershipOfUser(call), call.author);
  return listOf(call, membershipsOfUser(call));
}

function organizationsOfUser(call: Call) {
  const { account } = call.tenant;
  return membershipsOfUser(call)
    .flatMap((membership) => account.organizations.get(membership.organization_id) ?? [])
    .sort((a, b) => a.id - b.id);
}

function listOrganizationsOfUser(call: Call): Reply {
  const { account } = call.tenant;
  return listPage({
    call,
    key: "organizations",
    source: organizationsOfUser(call),
    present: (one) => presentOrganization(account, one, call.root),
  });
}

function countOrganizationsOfUser(call: Call): Reply {
  return ok({ count: { value: organizationsOfUser(call).length, refreshed_at: isoSeconds(call.author.at) } });
}
