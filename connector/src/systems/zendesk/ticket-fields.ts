// Ticket fields and their options. A drop-down of tickets is called `tagger` there (ticket fields reference, "Field types").
import type { JsonObject, TicketFieldDefinition } from "../../domain/index.ts";
import type { ListedTicketField, TicketFieldWriter } from "../../sync/reconcile/ticket-fields/ports.ts";
import type { AccountCalls } from "./calls.ts";
import { listPage } from "./directory-source.ts";
import { isObject } from "./json.ts";

export function createTicketFieldWriter(calls: AccountCalls): TicketFieldWriter {
  return {
    async listTicketFields(subdomain) {
      const fields: ListedTicketField[] = [];
      let cursor: string | undefined;
      do {
        const list = { operation: "ListTicketFields", path: "ticket_fields", rowsKey: "ticket_fields", cursor };
        const { rows, next } = await listPage(calls, subdomain, list);
        fields.push(...rows.map(toListed).filter((field) => field !== undefined));
        cursor = next;
      } while (cursor !== undefined);
      return fields;
    },

    async createTicketField(subdomain, field) {
      const { requestId } = await calls.ask(subdomain, {
        operation: "CreateTicketField",
        method: "POST",
        path: "ticket_fields",
        body: { ticket_field: toWire(field) },
      });
      return { requestId };
    },

    async putTicketFieldOption(subdomain, fieldId, option) {
      const { requestId } = await calls.ask(subdomain, {
        operation: "CreateOrUpdateTicketFieldOption",
        method: "POST",
        path: `ticket_fields/${fieldId}/options`,
        body: {
          custom_field_option: {
            ...(option.id === undefined ? {} : { id: option.id }),
            name: option.name,
            value: option.value,
          },
        },
      });
      return { requestId };
    },
  };
}

/** https://developer.zendesk.com/api-reference/ticketing/lookup_relationships/lookup_relationships/ has the form of a filter. */
function toWire({ purpose, title, description, tags, options }: TicketFieldDefinition): JsonObject {
  const lookup = {
    type: "lookup",
    relationship_target_type: "zen:organization",
    relationship_filter: {
      all: [],
      any: tags.map((value) => ({ field: "tags", operator: "includes", value })),
    },
  };
  const dropDown = { type: "tagger", custom_field_options: options.map(({ name, value }) => ({ name, value })) };
  return { title, description, ...(purpose === "vendor" ? lookup : dropDown) };
}

function toListed(row: JsonObject): ListedTicketField | undefined {
  const { id, type, description, custom_field_options: options } = row;
  if (typeof id !== "number" || typeof type !== "string") return undefined;
  const listed = Array.isArray(options) ? options.filter(isObject) : [];
  return {
    id,
    type,
    description: typeof description === "string" ? description : "",
    options: listed.flatMap((option) =>
      typeof option["id"] === "number" && typeof option["value"] === "string"
        ? [
            {
              id: option["id"],
              value: option["value"],
              name: typeof option["name"] === "string" ? option["name"] : option["value"],
            },
          ]
        : [],
    ),
  };
}
