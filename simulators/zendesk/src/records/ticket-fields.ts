import { type Account, nextId } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { CustomField, FieldType } from "../world/entities.ts";
import type { Author } from "./author.ts";
import { changedDefinition, optionsGone, presentChoices, readOptions } from "./field-definitions.ts";
import { isJsonObject, type JsonObject, optionalString, textOf } from "./input.ts";
import { type Problem, recordInvalid } from "./refusals.ts";

// A drop-down of tickets is called `tagger` (ticket fields reference, "Field types"); elsewhere it is `dropdown`.
const types: Record<string, FieldType> = {
  text: "text",
  textarea: "textarea",
  checkbox: "checkbox",
  date: "date",
  integer: "integer",
  decimal: "decimal",
  regexp: "regexp",
  tagger: "dropdown",
  multiselect: "multiselect",
  lookup: "lookup",
};

export function createTicketField(account: Account, sent: JsonObject, author: Author): CustomField {
  const problems: Problem[] = [];
  const type = Object.hasOwn(types, textOf(sent.type)) ? types[textOf(sent.type)] : undefined;
  if (!type) problems.push({ field: "type", code: "InvalidValue" });
  const title = textOf(sent.title ?? sent.raw_title).trim();
  if (title === "") problems.push({ field: "title", code: "BlankValue" });
  const options = readOptions(account, sent.custom_field_options, [], problems);
  if (type === "dropdown" && options.length === 0) problems.push({ field: "custom_field_options", code: "BlankValue" });
  if (problems.length > 0 || !type) throw recordInvalid(problems, account.switches.language);
  const time = isoSeconds(author.at);
  const description = textOf(sent.description ?? sent.raw_description ?? "");
  const id = nextId(account);
  return account.ticketFields.put({
    id,
    type,
    key: String(id),
    title,
    description,
    raw_title: title,
    raw_description: description,
    position: typeof sent.position === "number" ? sent.position : 9999,
    active: sent.active !== false,
    system: false,
    regexp_for_validation: optionalString(sent.regexp_for_validation),
    tag: optionalString(sent.tag),
    custom_field_options: options,
    relationship_target_type: optionalString(sent.relationship_target_type),
    relationship_filter: isJsonObject(sent.relationship_filter) ? sent.relationship_filter : null,
    created_at: time,
    updated_at: time,
  });
}

/** Options are replaced as a whole; values that lost their option are cleared from tickets. */
export function updateTicketField(
  account: Account,
  before: CustomField,
  sent: JsonObject,
  author: Author,
): CustomField {
  const problems: Problem[] = [];
  const next = changedDefinition(account, before, sent, problems);
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  const field = account.ticketFields.put({ ...next, updated_at: isoSeconds(author.at) });
  const gone = optionsGone(before, field);
  if (gone.length > 0) clearValues(account, field.id, (value) => gone.includes(value));
  return field;
}

export function deleteTicketField(account: Account, field: CustomField): void {
  account.ticketFields.remove(field.id);
  clearValues(account, field.id, () => true);
}

function clearValues(account: Account, fieldId: number, isGone: (value: string) => boolean): void {
  const key = String(fieldId);
  for (const ticket of account.tickets.all()) {
    const value = ticket.custom_fields[key];
    if (value === undefined || value === null || !isGone(String(value))) continue;
    const tags = ticket.tags.filter((tag) => tag !== value);
    account.tickets.put({ ...ticket, tags, custom_fields: { ...ticket.custom_fields, [key]: null } });
  }
}

export function presentTicketField(field: CustomField, root: string): JsonObject {
  const type = field.type === "dropdown" ? "tagger" : field.type;
  const hasOptions = field.type === "dropdown" || field.type === "multiselect";
  return {
    url: `${root}/ticket_fields/${field.id}.json`,
    id: field.id,
    type,
    title: field.title,
    raw_title: field.raw_title,
    description: field.description,
    raw_description: field.raw_description,
    position: field.position,
    active: field.active,
    required: false,
    collapsed_for_agents: false,
    regexp_for_validation: field.regexp_for_validation,
    title_in_portal: field.title,
    raw_title_in_portal: field.raw_title,
    visible_in_portal: false,
    editable_in_portal: false,
    required_in_portal: false,
    agent_can_edit: true,
    agent_description: null,
    tag: field.tag,
    created_at: field.created_at,
    updated_at: field.updated_at,
    removable: true,
    key: null,
    ...(hasOptions
      ? { custom_field_options: field.custom_field_options.map((option) => ({ ...option, default: false })) }
      : presentChoices(field)),
  };
}
