import { requireCustomObjects } from "../records/custom-objects.ts";
import { presentRecord } from "../records/custom-records.ts";
import { objectOfTarget, sourcesOf } from "../records/lookups.ts";
import { recordNotFound } from "../records/refusals.ts";
import { presentTicket } from "../records/tickets.ts";
import { type Call, type Operation, operationsOf, type Reply } from "../server/call.ts";
import { listPage } from "../server/paging.ts";
import { idParameter } from "./parameters.ts";

/** https://developer.zendesk.com/api-reference/ticketing/lookup_relationships/lookup_relationships/ */
export const lookupOperations: Operation[] = operationsOf("lookup_relationships", [
  [
    "GetSourcesByTarget",
    "GET",
    "{target_type}/{target_id}/relationship_fields/{field}/{source_type}",
    "relationship_fields/sources",
    listSources,
  ],
]);

/** Clients send the colons of `zen:organization` as they are or escaped. */
function segment(call: Call, name: string): string {
  try {
    return decodeURIComponent(call.params[name] ?? "");
  } catch {
    throw recordNotFound();
  }
}

/** The records or tickets whose lookup field names this target. */
function listSources(call: Call): Reply {
  const { account } = call.tenant;
  const targetId = segment(call, "target_id");
  const source = segment(call, "source_type");
  const fieldId = idParameter(call, "field");
  const isOfTarget = (field: { type: string; relationship_target_type: string | null } | undefined): boolean =>
    field?.type === "lookup" && field.relationship_target_type === segment(call, "target_type");
  const objectKey = objectOfTarget(source);
  if (objectKey !== undefined) {
    requireCustomObjects(account);
    const field = account.objectFields.get(fieldId);
    if (!field || !isOfTarget(field) || field.object_key !== objectKey) throw recordNotFound();
    const { recordListLagMs } = account.switches;
    const records = sourcesOf(account, field, targetId).filter(
      (one) => recordListLagMs === 0 || call.author.at - Date.parse(one.created_at) >= recordListLagMs,
    );
    const present = (one: (typeof records)[number]) => presentRecord(account, objectKey, one, call.root);
    return listPage({ call, key: "custom_object_records", source: records, present });
  }
  const field = account.ticketFields.get(fieldId);
  if (source !== "zen:ticket" || !field || !isOfTarget(field)) throw recordNotFound();
  const tickets = account.tickets.all().filter((ticket) => ticket.custom_fields[field.key] === targetId);
  return listPage({
    call,
    key: "tickets",
    source: tickets,
    present: (ticket) => presentTicket(account, ticket, call.root),
  });
}
