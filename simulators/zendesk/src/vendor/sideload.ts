import { presentIdentity } from "../records/identities.ts";
import type { Call, Reply } from "../server/call.ts";
import type { User } from "../world/entities.ts";

/**
 * `include=identities` beside lists of users (https://developer.zendesk.com/documentation/ticketing/using-the-zendesk-api/side_loading/;
 * for show_many Zendesk's staff say so in community post 4410103990042). Other side-loads are not built and are left out, as unknown ones are.
 */
export function withIdentities(call: Call, reply: Reply, users: readonly User[]): Reply {
  const included = (call.query.get("include") ?? "").split(",").map((name) => name.trim());
  if (!included.includes("identities")) return reply;
  const { identities } = call.tenant.account;
  const found = users.flatMap((user) => identities.where("user", String(user.id)));
  const body = typeof reply.body === "object" && reply.body !== null ? reply.body : {};
  return { ...reply, body: { ...body, identities: found.map((identity) => presentIdentity(identity, call.root)) } };
}
