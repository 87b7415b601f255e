import { isJsonObject, missingParameter } from "../records/input.ts";
import { presentOrganization } from "../records/organizations.ts";
import { type Call, ok, type Reply } from "../server/call.ts";
import { offsetEnvelope, readOffsetRequest } from "../server/paging.ts";
import type { Organization } from "../world/entities.ts";

/**
 * Organizations whose name starts with the text, without case. The index lags: an organization made a second before came
 * back empty in a recording (blakmatrix/node-zendesk test/fixtures, organizations_test_autocomplete).
 */
export function autocompleteOrganizations(call: Call): Reply {
  const { account } = call.tenant;
  const sent =
    call.query.get("name") ?? (isJsonObject(call.body) && typeof call.body.name === "string" ? call.body.name : null);
  if (sent === null) throw missingParameter("name");
  const prefix = sent.trim().toLowerCase();
  const compare = (a: Organization, b: Organization): number => {
    const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
    return left < right ? -1 : left > right ? 1 : a.id - b.id;
  };
  const sorted = account.organizations.sortedBy("lowercase", compare);
  const found: Organization[] = [];
  for (let index = firstAtLeast(sorted, prefix); index < sorted.length; index += 1) {
    const organization = sorted[index];
    if (!organization?.name.toLowerCase().startsWith(prefix)) break;
    if (call.author.at - Date.parse(organization.updated_at) >= account.switches.searchLagMs) found.push(organization);
  }
  return ok(
    offsetEnvelope(call, "organizations", found, readOffsetRequest(call), (one) =>
      presentOrganization(account, one, call.root),
    ),
  );
}

function firstAtLeast(sorted: readonly Organization[], prefix: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.name.toLowerCase() ?? "") < prefix) low = middle + 1;
    else high = middle;
  }
  return low;
}
