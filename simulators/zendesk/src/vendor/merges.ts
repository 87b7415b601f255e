import { isJsonObject, missingParameter, textOf } from "../records/input.ts";
import { presentMerge, startMerge } from "../records/merges.ts";
import { invalidAttribute, recordNotFound } from "../records/refusals.ts";
import { type Call, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { requireOrganization } from "./organizations.ts";
import { idParameter } from "./parameters.ts";

/** https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/#merge-organization-with-another-organization */
export const mergeOperations: Operation[] = operationsOf("organizations", [
  ["CreateOrganizationMerge", "POST", "organizations/{id}/merge", "organization_merges/create", merge, "admin"],
  ["ListOrganizationMerges", "GET", "organizations/{id}/merges", "organization_merges/index", listMerges, "admin"],
  ["ShowOrganizationMerge", "GET", "organization_merges/{id}", "organization_merges/show", showMerge, "admin"],
]);

function merge(call: Call): Reply {
  const loser = requireOrganization(call);
  const sent = isJsonObject(call.body) ? call.body.organization_merge : undefined;
  if (!isJsonObject(sent) || sent.winner_id === undefined) throw missingParameter("organization_merge");
  if (!/^\d{1,18}$/.test(textOf(sent.winner_id)))
    throw invalidAttribute("organization_merge.winner_id", "an integer", call.operation.action);
  return ok({
    organization_merge: presentMerge(
      startMerge(call.tenant.account, loser, Number(sent.winner_id), call.author),
      call.root,
    ),
  });
}

/** Answers for losers too, whose organization is gone. */
function listMerges(call: Call): Reply {
  const { account } = call.tenant;
  const id = idParameter(call);
  const found = [...account.merges.values()].filter((one) => one.loser_id === id || one.winner_id === id);
  if (found.length === 0 && !account.organizations.has(id)) throw recordNotFound();
  return ok({ organization_merges: found.map((one) => presentMerge(one, call.root)) });
}

function showMerge(call: Call): Reply {
  const found = call.tenant.account.merges.get(call.params.id ?? "");
  if (!found) throw recordNotFound();
  return ok({ organization_merge: presentMerge(found, call.root) });
}
