import { type JsonObject, missingParameter, permit, requireList, requireObject } from "../records/input.ts";
import { presentMembership } from "../records/memberships.ts";
import {
  createOrganization,
  deleteOrganization,
  laggingOrganization,
  organizationKeys,
  presentOrganization,
  updateOrganization,
} from "../records/organizations.ts";
import { badRequest, errorList, forbidden, recordNotFound } from "../records/refusals.ts";
import { presentUser } from "../records/users.ts";
import { type Call, created, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { endpointLimitExceeded } from "../server/limits.ts";
import { listPage, offsetEnvelope, readOffsetRequest } from "../server/paging.ts";
import { externalKey, nameKey } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { Organization } from "../world/entities.ts";
import { autocompleteOrganizations } from "./find-organizations.ts";
import { checkBatch, idListParameter, idParameter, listParameter } from "./parameters.ts";
import { submitJob } from "./submit-job.ts";

/** https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/ */
export const organizationOperations: Operation[] = operationsOf("organizations", [
  ["ListOrganizations", "GET", "organizations", "organizations/index", listOrganizations],
  ["ShowOrganization", "GET", "organizations/{id}", "organizations/show", showOrganization],
  ["ShowManyOrganizations", "GET", "organizations/show_many", "organizations/show_many", showMany],
  ["CreateOrganization", "POST", "organizations", "organizations/create", createOne, "admin"],
  [
    "CreateOrUpdateOrganization",
    "POST",
    "organizations/create_or_update",
    "organizations/create_or_update",
    createOrUpdate,
    "admin",
  ],
  ["CreateManyOrganizations", "POST", "organizations/create_many", "organizations/create_many", createMany, "admin"],
  ["UpdateOrganization", "PUT", "organizations/{id}", "organizations/update", updateOne],
  ["UpdateManyOrganizations", "PUT", "organizations/update_many", "organizations/update_many", updateMany, "admin"],
  ["DeleteOrganization", "DELETE", "organizations/{id}", "organizations/destroy", deleteOne, "admin"],
  [
    "BulkDeleteOrganizations",
    "DELETE",
    "organizations/destroy_many",
    "organizations/destroy_many",
    deleteMany,
    "admin",
  ],
  ["SearchOrganizations", "GET", "organizations/search", "organizations/search", searchOrganizations],
  [
    "AutocompleteOrganizations",
    "GET",
    "organizations/autocomplete",
    "organizations/autocomplete",
    autocompleteOrganizations,
  ],
  [
    "AutocompleteOrganizations",
    "POST",
    "organizations/autocomplete",
    "organizations/autocomplete",
    autocompleteOrganizations,
  ],
  ["CountOrganizations", "GET", "organizations/count", "organizations/count", countOrganizations],
  ["OrganizationRelated", "GET", "organizations/{id}/related", "organizations/related", showRelated],
  ["ListOrganizationUsers", "GET", "organizations/{id}/users", "organizations/users/index", listMembers],
  [
    "ListOrganizationMembershipsByOrganization",
    "GET",
    "organizations/{id}/organization_memberships",
    "organization_memberships/index",
    listMemberships,
  ],
]);

export const byName = (a: Organization, b: Organization): number => {
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : a.id - b.id;
};

const sorts = [
  { name: "name", of: (one: Organization) => one.name.toLowerCase() },
  { name: "created_at", of: (one: Organization) => one.created_at },
  { name: "updated_at", of: (one: Organization) => one.updated_at },
];

const presenter = (call: Call) => (one: Organization) => presentOrganization(call.tenant.account, one, call.root);

export function requireOrganization(call: Call): Organization {
  const organization = call.tenant.account.organizations.get(idParameter(call));
  if (!organization) throw recordNotFound();
  return organization;
}

/** Offset pages come by name, cursor pages by id: both as recorded (zendesk_api_client_rb 2015, node-zendesk 2023). */
function listOrganizations(call: Call): Reply {
  const source = call.tenant.account.organizations;
  return listPage({ call, key: "organizations", source, offsetOrder: byName, sorts, present: presenter(call) });
}

function showOrganization(call: Call): Reply {
  return ok({ organization: presenter(call)(requireOrganization(call)) });
}

/** Comes by name whatever the order of the ids, in an offset envelope; unknown ids are left out (node-zendesk 2023). */
function showMany(call: Call): Reply {
  const { account } = call.tenant;
  const ids = idListParameter(call, "ids");
  const externalIds = listParameter(call, "external_ids");
  if (!ids && !externalIds) throw missingParameter("ids");
  const found = ids
    ? ids.flatMap((id) => account.organizations.get(id) ?? [])
    : (externalIds ?? []).flatMap((id) => account.organizations.where("external", externalKey(id) ?? ""));
  const shown = [...new Set(found)]
    .flatMap((one) => laggingOrganization(account, one, call.author.at) ?? [])
    .sort(byName);
  return ok(offsetEnvelope(call, "organizations", shown, { page: 1, perPage: 100 }, presenter(call)));
}

function readOrganization(call: Call): JsonObject {
  const sent = requireObject(call.body, "organization", call.operation.action);
  return permitOrganization(call, sent, "organization", organizationKeys);
}

function permitOrganization(call: Call, sent: JsonObject, path: string, keys: typeof organizationKeys): JsonObject {
  const { values, unpermitted } = permit(sent, path, keys, call.operation.action);
  call.dropped.push(...unpermitted);
  return values;
}

function answerCreated(call: Call, organization: Organization): Reply {
  const shown = presenter(call)(organization);
  return created({ organization: shown }, shown.url);
}

function createOne(call: Call): Reply {
  return answerCreated(call, createOrganization(call.tenant.account, readOrganization(call), call.author));
}

/** Finds by id or external_id, never by name: a taken name is a 422 (zendesk_api_client_rb issue 457). */
function createOrUpdate(call: Call): Reply {
  const { account } = call.tenant;
  const sent = requireObject(call.body, "organization", call.operation.action);
  const { id, ...values } = permitOrganization(call, sent, "organization", { ...organizationKeys, id: "integer" });
  const external = externalKey(
    typeof values.external_id === "string" || typeof values.external_id === "number"
      ? String(values.external_id)
      : null,
  );
  const known =
    id === undefined || id === null
      ? external === undefined
        ? undefined
        : account.organizations.first("external", external)
      : account.organizations.get(Number(id));
  if (id !== undefined && id !== null && !known) throw recordNotFound();
  if (!known) return answerCreated(call, createOrganization(account, values, call.author));
  return ok({ organization: presenter(call)(updateOrganization(account, known, values, call.author)) });
}

function createMany(call: Call): Reply {
  const items = requireList(call.body, "organizations", call.operation.action);
  checkBatch("organizations", items);
  const permitted = items.map((item, index) =>
    permitOrganization(call, item, `organizations.${index}`, organizationKeys),
  );
  return submitJob(call, "organizations.create", permitted);
}

const updatesPerMinute = 5;

/** Five updates a minute per organization, whoever sends them (rate-limits page, "Update Organization"). */
function countUpdate(call: Call, id: number): void {
  const state = call.tenant.limits.count({
    key: `UpdateOrganization ${id}`,
    limit: updatesPerMinute,
    windowMs: 60_000,
  });
  if (state.isExceeded) throw endpointLimitExceeded(state, "Too many requests to update");
}

function updateOne(call: Call): Reply {
  const organization = requireOrganization(call);
  countUpdate(call, organization.id);
  const values = readOrganization(call);
  // Plain agents may write notes only (organizations reference, "Update Organization").
  if (call.caller?.user.role !== "admin" && Object.keys(values).some((key) => key !== "notes")) throw forbidden();
  return ok({
    organization: presenter(call)(updateOrganization(call.tenant.account, organization, values, call.author)),
  });
}

/** The same change for the ids of the query, or a batch in which each item names its organization. */
function updateMany(call: Call): Reply {
  const targets = queryTargets(call);
  if (targets) {
    const values = readOrganization(call);
    return submitJob(
      call,
      "organizations.update",
      countAll(
        call,
        targets.map((id) => Object.assign({}, values, { id })),
      ),
    );
  }
  const items = requireList(call.body, "organizations", call.operation.action);
  checkBatch("organizations", items);
  const keys = { ...organizationKeys, id: "integer" as const };
  const permitted = items.map((item, index) => permitOrganization(call, item, `organizations.${index}`, keys));
  return submitJob(call, "organizations.update", countAll(call, permitted));
}

function countAll(call: Call, items: JsonObject[]): JsonObject[] {
  if (call.tenant.account.switches.updateManyCountsAsUpdate)
    for (const item of items) countUpdate(call, Number(item.id));
  return items;
}

/** `?ids=` or `?external_ids=`; an external id that nobody has becomes an item that fails. */
function queryTargets(call: Call): number[] | undefined {
  const { organizations } = call.tenant.account;
  const ids = idListParameter(call, "ids");
  if (ids) return ids;
  return listParameter(call, "external_ids")?.map(
    (id) => organizations.first("external", externalKey(id) ?? "")?.id ?? 0,
  );
}

function deleteOne(call: Call): Reply {
  deleteOrganization(call.tenant.account, requireOrganization(call), call.author);
  return noContent;
}

function deleteMany(call: Call): Reply {
  const targets = queryTargets(call);
  if (!targets) throw missingParameter("ids");
  return submitJob(
    call,
    "organizations.delete",
    targets.map((id) => ({ id })),
  );
}

/** Exact and without case, by external_id or by name, not both; fresh unless the switch says that it lags. */
function searchOrganizations(call: Call): Reply {
  const { organizations } = call.tenant.account;
  const [externalId, name] = [call.query.get("external_id"), call.query.get("name")];
  if (externalId !== null && name !== null) {
    throw errorList(
      400,
      "InvalidQueryParameter",
      "Invalid query parameter",
      "Specify either external_id or name, not both",
    );
  }
  if (externalId === null && name === null)
    throw badRequest("ParameterMissing", "Parameter external_id or name is required");
  const found =
    name === null
      ? organizations.where("external", externalKey(externalId) ?? "")
      : organizations.where("name", nameKey(name));
  const { organizationSearchLagMs } = call.tenant.account.switches;
  const visible = found.filter(
    (one) => organizationSearchLagMs === 0 || call.author.at - Date.parse(one.created_at) >= organizationSearchLagMs,
  );
  return ok(offsetEnvelope(call, "organizations", visible, readOffsetRequest(call), presenter(call)));
}

function countOrganizations(call: Call): Reply {
  return ok({ count: { value: call.tenant.account.organizations.size, refreshed_at: isoSeconds(call.author.at) } });
}

function showRelated(call: Call): Reply {
  const { account } = call.tenant;
  const id = String(requireOrganization(call).id);
  const counts = {
    tickets_count: account.tickets.where("organization", id).length,
    users_count: account.memberships.where("organization", id).length,
  };
  return ok({ organization_related: counts });
}

function listMembers(call: Call): Reply {
  const { account } = call.tenant;
  const memberships = account.memberships.where("organization", String(requireOrganization(call).id));
  const role = call.query.get("role");
  const source = memberships
    .flatMap((membership) => account.users.get(membership.user_id) ?? [])
    .filter((user) => user.active && (role === null || user.role === role))
    .sort((a, b) => a.id - b.id);
  return listPage({ call, key: "users", source, present: (user) => presentUser(account, user, call.root) });
}

function listMemberships(call: Call): Reply {
  const { account } = call.tenant;
  const source = account.memberships
    .where("organization", String(requireOrganization(call).id))
    .sort((a, b) => a.id - b.id);
  return listPage({
    call,
    key: "organization_memberships",
    source,
    present: (one) => presentMembership(account, one, call.root),
  });
}
