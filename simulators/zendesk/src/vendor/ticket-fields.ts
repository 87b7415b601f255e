import { isJsonObject, type JsonObject, type Kind, permit, requireObject, textOf } from "../records/input.ts";
import { recordNotFound } from "../records/refusals.ts";
import {
  createTicketField,
  deleteTicketField,
  presentTicketField,
  updateTicketField,
} from "../records/ticket-fields.ts";
import { type Call, created, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { listPage } from "../server/paging.ts";
import { isoSeconds } from "../world/clock.ts";
import type { CustomField } from "../world/entities.ts";
import { idParameter } from "./parameters.ts";

/** https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/ */
export const ticketFieldOperations: Operation[] = operationsOf("tickets", [
  ["ListTicketFields", "GET", "ticket_fields", "ticket_fields/index", list],
  ["CountTicketFields", "GET", "ticket_fields/count", "ticket_fields/count", count],
  ["ShowTicketfield", "GET", "ticket_fields/{id}", "ticket_fields/show", (call) => ok(shown(call, requireField(call)))],
  ["CreateTicketField", "POST", "ticket_fields", "ticket_fields/create", createOne, "admin"],
  ["UpdateTicketField", "PUT", "ticket_fields/{id}", "ticket_fields/update", updateOne, "admin"],
  ["DeleteTicketField", "DELETE", "ticket_fields/{id}", "ticket_fields/destroy", deleteOne, "admin"],
  ["ListTicketFieldOptions", "GET", "ticket_fields/{id}/options", "ticket_fields/options/index", listOptions],
  [
    "CreateOrUpdateTicketFieldOption",
    "POST",
    "ticket_fields/{id}/options",
    "ticket_fields/options/create",
    writeOption,
    "admin",
  ],
  ["ShowTicketFieldOption", "GET", "ticket_fields/{id}/options/{option}", "ticket_fields/options/show", showOption],
  [
    "DeleteTicketFieldOption",
    "DELETE",
    "ticket_fields/{id}/options/{option}",
    "ticket_fields/options/destroy",
    deleteOption,
    "admin",
  ],
]);

const keys: Record<string, Kind> = {
  type: "string",
  title: "string",
  raw_title: "string",
  description: "string",
  raw_description: "string",
  position: "integer",
  active: "boolean",
  required: "boolean",
  regexp_for_validation: "string",
  tag: "string",
  custom_field_options: "list",
  relationship_target_type: "string",
  relationship_filter: "hash",
};

const shown = (call: Call, field: CustomField): JsonObject => ({ ticket_field: presentTicketField(field, call.root) });

function requireField(call: Call): CustomField {
  const field = call.tenant.account.ticketFields.get(idParameter(call));
  if (!field) throw recordNotFound();
  return field;
}

function list(call: Call): Reply {
  return listPage({
    call,
    key: "ticket_fields",
    source: call.tenant.account.ticketFields,
    present: (field) => presentTicketField(field, call.root),
  });
}

function count(call: Call): Reply {
  return ok({ count: { value: call.tenant.account.ticketFields.size, refreshed_at: isoSeconds(call.author.at) } });
}

function read(call: Call): JsonObject {
  const { values, unpermitted } = permit(
    requireObject(call.body, "ticket_field", call.operation.action),
    "ticket_field",
    keys,
    call.operation.action,
  );
  call.dropped.push(...unpermitted);
  return values;
}

function createOne(call: Call): Reply {
  const field = createTicketField(call.tenant.account, read(call), call.author);
  return created(shown(call, field), `${call.root}/ticket_fields/${field.id}.json`);
}

function updateOne(call: Call): Reply {
  return ok(shown(call, updateTicketField(call.tenant.account, requireField(call), read(call), call.author)));
}

function deleteOne(call: Call): Reply {
  deleteTicketField(call.tenant.account, requireField(call));
  return noContent;
}

function listOptions(call: Call): Reply {
  const source = requireField(call).custom_field_options;
  return listPage({ call, key: "custom_field_options", source, present: (option) => presentOption(call, option) });
}

const presentOption = (call: Call, option: CustomField["custom_field_options"][number]): JsonObject => ({
  id: option.id,
  name: option.name,
  raw_name: option.raw_name,
  value: option.value,
  url: `${call.root}/ticket_fields/${call.params.id ?? ""}/options/${option.id}.json`,
});

function requireOption(call: Call): CustomField["custom_field_options"][number] {
  const option = requireField(call).custom_field_options.find((one) => one.id === idParameter(call, "option"));
  if (!option) throw recordNotFound();
  return option;
}

function showOption(call: Call): Reply {
  return ok({ custom_field_option: presentOption(call, requireOption(call)) });
}

/** 200 when the id names an option of the field, 201 when a new one was made. */
function writeOption(call: Call): Reply {
  const { account } = call.tenant;
  const field = requireField(call);
  const sent = requireObject(call.body, "custom_field_option", call.operation.action);
  const known = field.custom_field_options.find((one) => one.id === Number(sent.id));
  const others = field.custom_field_options.filter((one) => one !== known);
  const next = updateTicketField(
    account,
    field,
    { custom_field_options: [...others, { ...(known ?? { id: null }), ...sent }] },
    call.author,
  );
  const written = known
    ? next.custom_field_options.find((one) => one.id === known.id)
    : next.custom_field_options.find((one) => one.value === textOf(sent.value));
  const option = written ?? next.custom_field_options.at(-1);
  if (!option || !isJsonObject(sent)) throw recordNotFound();
  return { status: known ? 200 : 201, body: { custom_field_option: presentOption(call, option) } };
}

function deleteOption(call: Call): Reply {
  const option = requireOption(call);
  const field = requireField(call);
  const left = field.custom_field_options.filter((one) => one.id !== option.id);
  updateTicketField(call.tenant.account, field, { custom_field_options: left }, call.author);
  return noContent;
}
