import { isJsonObject, missingParameter } from "../records/input.ts";
import { updateOrganization } from "../records/organizations.ts";
import { forbidden, invalidAttribute, recordNotFound } from "../records/refusals.ts";
import { normaliseTags } from "../records/tags.ts";
import { updateUser } from "../records/users.ts";
import { type Call, created, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { idParameter } from "./parameters.ts";

type Owner = "organizations" | "users";

/** https://developer.zendesk.com/api-reference/ticketing/ticket-management/tags/ ; forms recorded in zendesk_api_client_rb (Tag). */
export const tagOperations: Operation[] = [...tagsOf("organizations", "Organization"), ...tagsOf("users", "User")];

function tagsOf(owner: Owner, noun: string): Operation[] {
  const path = `${owner}/{id}/tags`;
  return operationsOf(owner, [
    [`List${noun}Tags`, "GET", path, "tags/index", (call) => ok({ tags: currentTags(call, owner) })],
    [`Set${noun}Tags`, "POST", path, "tags/create", (call) => setTags(call, owner)],
    [`Put${noun}Tags`, "PUT", path, "tags/update", (call) => addTags(call, owner)],
    [`Delete${noun}Tags`, "DELETE", path, "tags/destroy", (call) => removeTags(call, owner)],
  ]);
}

function currentTags(call: Call, owner: Owner): string[] {
  const { account } = call.tenant;
  // Tagging of users and organizations is a setting of the account.
  if (!account.switches.tagging) throw forbidden();
  const record =
    owner === "organizations" ? account.organizations.get(idParameter(call)) : account.users.get(idParameter(call));
  if (!record) throw recordNotFound();
  return record.tags;
}

function sentTags(call: Call): string[] {
  const tags = isJsonObject(call.body) ? call.body.tags : (call.query.get("tags")?.split(",") ?? undefined);
  if (tags === undefined) throw missingParameter("tags");
  if (!Array.isArray(tags)) throw invalidAttribute("tags", "an array", call.operation.action);
  return normaliseTags(tags);
}

function store(call: Call, owner: Owner, tags: string[]): string[] {
  const { account } = call.tenant;
  const id = idParameter(call);
  const organization = account.organizations.get(id);
  if (owner === "organizations" && organization)
    return updateOrganization(account, organization, { tags }, call.author).tags;
  const user = account.users.get(id);
  if (!user) throw recordNotFound();
  return updateUser(account, user, { tags }, call.author).tags;
}

function setTags(call: Call, owner: Owner): Reply {
  currentTags(call, owner);
  return created(
    { tags: store(call, owner, sentTags(call)) },
    call.address.endsWith(".json") ? call.address : `${call.address}.json`,
  );
}

function addTags(call: Call, owner: Owner): Reply {
  return ok({ tags: store(call, owner, [...new Set([...currentTags(call, owner), ...sentTags(call)])]) });
}

function removeTags(call: Call, owner: Owner): Reply {
  const gone = new Set(sentTags(call));
  return ok({
    tags: store(
      call,
      owner,
      currentTags(call, owner).filter((tag) => !gone.has(tag)),
    ),
  });
}
