import { type Account, nextId } from "../world/account.ts";
import type { CustomField, FieldOption } from "../world/entities.ts";
import { isJsonObject, type JsonObject, textOf } from "./input.ts";
import type { Problem } from "./refusals.ts";

// What fields of organizations, users, tickets and custom objects have in common: how their definition is read, changed and shown.

/** What is sent laid over what was. Type and key stay what they were, whatever is sent; options are replaced as a whole. */
export function changedDefinition<Field extends CustomField>(
  account: Account,
  before: Field,
  sent: JsonObject,
  problems: Problem[],
): Field {
  const next = { ...before };
  const title = sent.title ?? sent.raw_title;
  if (title !== undefined) {
    next.title = textOf(title).trim();
    next.raw_title = next.title;
    if (next.title === "") problems.push({ field: "title", code: "BlankValue" });
  }
  const description = sent.description ?? sent.raw_description;
  if (description !== undefined) {
    next.description = textOf(description);
    next.raw_description = next.description;
  }
  if (typeof sent.position === "number") next.position = sent.position;
  if (typeof sent.active === "boolean") next.active = sent.active;
  if ("custom_field_options" in sent)
    next.custom_field_options = readOptions(account, sent.custom_field_options, before.custom_field_options, problems);
  return next;
}

/** Values of options that a change took away: they go from the records that have them. */
export function optionsGone(before: CustomField, after: CustomField): string[] {
  const left = new Set(after.custom_field_options.map(({ value }) => value));
  return before.custom_field_options.map(({ value }) => value).filter((value) => !left.has(value));
}

/**
 * The sent list replaces the options; an option keeps its id when it is named by id or by value, `id: null` makes a new one.
 * https://developer.zendesk.com/api-reference/ticketing/organizations/organization_fields/#updating-drop-down-field-options
 */
export function readOptions(
  account: Account,
  sent: unknown,
  before: readonly FieldOption[],
  problems: Problem[],
): FieldOption[] {
  if (!Array.isArray(sent)) return [...before];
  const options: FieldOption[] = [];
  for (const one of sent) {
    if (!isJsonObject(one) || typeof one.name !== "string" || one.name.trim() === "") {
      problems.push({ field: "custom_field_options", code: "InvalidValue" });
      continue;
    }
    const known = before.find((option) => option.id === Number(one.id) || option.value === one.value);
    const value = typeof one.value === "string" && one.value !== "" ? one.value : (known?.value ?? one.name);
    const name = one.name.trim();
    options.push({
      id: known?.id ?? nextId(account),
      name,
      raw_name: name,
      value: value.toLowerCase().replaceAll(/\s+/g, "_"),
    });
  }
  const values = options.map((option) => option.value);
  if (new Set(values).size < values.length)
    problems.push({ field: "custom_field_options", code: "DuplicateValue", value: "value" });
  return options;
}

/** Key order as recorded. */
export function presentDefinition(field: CustomField): JsonObject {
  return {
    id: field.id,
    type: field.type,
    key: field.key,
    title: field.title,
    description: field.description,
    raw_title: field.raw_title,
    raw_description: field.raw_description,
    position: field.position,
    active: field.active,
    system: field.system,
    regexp_for_validation: field.regexp_for_validation,
    created_at: field.created_at,
    updated_at: field.updated_at,
  };
}

/** Options and relations only where the type has them. */
export function presentChoices(field: CustomField): JsonObject {
  if (field.type === "dropdown" || field.type === "multiselect")
    return { custom_field_options: field.custom_field_options };
  if (field.type !== "lookup") return {};
  return {
    relationship_target_type: field.relationship_target_type,
    relationship_filter: field.relationship_filter ?? { all: [], any: [] },
  };
}
