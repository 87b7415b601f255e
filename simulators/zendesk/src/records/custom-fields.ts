import { type Account, nextId } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import { type CustomField, fieldTypes } from "../world/entities.ts";
import type { Table } from "../world/table.ts";
import type { Author } from "./author.ts";
import { changedDefinition, optionsGone, presentChoices, presentDefinition, readOptions } from "./field-definitions.ts";
import { isJsonObject, type JsonObject, type Kind, optionalString, textOf } from "./input.ts";
import { type Problem, recordInvalid } from "./refusals.ts";
import { replaceMirrored } from "./tags.ts";

export type FieldOwner = "organization" | "user";

/** https://developer.zendesk.com/api-reference/ticketing/organizations/organization_fields/ */
export const customFieldKeys: Record<string, Kind> = {
  type: "string",
  key: "string",
  title: "string",
  description: "string",
  raw_title: "string",
  raw_description: "string",
  position: "integer",
  active: "boolean",
  regexp_for_validation: "string",
  tag: "string",
  custom_field_options: "list",
  relationship_target_type: "string",
  relationship_filter: "hash",
};

// A field that was just made stands at 9999 until someone orders the list: recorded in zendesk/zendesk_api_client_rb,
// spec/fixtures/cassettes (OrganizationField, create). A read soon after showed 0, which no documentation explains.
const newFieldPosition = 9999;

export function fieldsOf(account: Account, owner: FieldOwner): Table<CustomField> {
  return owner === "organization" ? account.organizationFields : account.userFields;
}

export function createField(account: Account, owner: FieldOwner, sent: JsonObject, author: Author): CustomField {
  const problems: Problem[] = [];
  const fields = fieldsOf(account, owner);
  const type = fieldTypes.find((known) => known === (sent.type ?? "text"));
  if (!type) problems.push({ field: "type", code: "InvalidValue" });
  const key = textOf(sent.key).trim();
  if (key === "") problems.push({ field: "key", code: "BlankValue" });
  else if (!/^\w+$/.test(key) || /^\d+$/.test(key)) problems.push({ field: "key", code: "InvalidFormat" });
  else if (fields.first("key", key) || account.burnedKeys.has(`${owner}:${key}`)) {
    // A deleted key cannot be reused (organization fields reference, `key`).
    problems.push({ field: "key", code: "DuplicateValue", value: key });
  }
  const title = textOf(sent.title ?? sent.raw_title).trim();
  if (title === "") problems.push({ field: "title", code: "BlankValue" });
  if (type === "regexp" && !sent.regexp_for_validation)
    problems.push({ field: "regexp_for_validation", code: "BlankValue" });
  if (type === "lookup" && !sent.relationship_target_type) {
    problems.push({ field: "relationship_target_type", code: "BlankValue" });
  }
  const options = readOptions(account, sent.custom_field_options, [], problems);
  if (type === "dropdown" && options.length === 0) problems.push({ field: "custom_field_options", code: "BlankValue" });
  if (problems.length > 0 || !type) throw recordInvalid(problems, account.switches.language);
  const time = isoSeconds(author.at);
  const description = textOf(sent.description ?? sent.raw_description ?? title);
  return fields.put({
    id: nextId(account),
    type,
    key,
    title,
    description,
    raw_title: title,
    raw_description: description,
    position: typeof sent.position === "number" ? sent.position : newFieldPosition,
    active: sent.active !== false,
    system: false,
    regexp_for_validation: optionalString(sent.regexp_for_validation),
    tag: type === "checkbox" ? (optionalString(sent.tag)?.toLowerCase() ?? null) : null,
    custom_field_options: options,
    relationship_target_type: optionalString(sent.relationship_target_type),
    relationship_filter: isJsonObject(sent.relationship_filter) ? sent.relationship_filter : null,
    created_at: time,
    updated_at: time,
  });
}

/** Type and key stay what they were, whatever is sent. */
export function updateField(
  account: Account,
  owner: FieldOwner,
  before: CustomField,
  sent: JsonObject,
  author: Author,
): CustomField {
  const problems: Problem[] = [];
  const next = changedDefinition(account, before, sent, problems);
  if ("regexp_for_validation" in sent) next.regexp_for_validation = optionalString(sent.regexp_for_validation);
  if ("tag" in sent && before.type === "checkbox") next.tag = optionalString(sent.tag)?.toLowerCase() ?? null;
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  if (JSON.stringify(next) === JSON.stringify(before)) return before;
  const field = fieldsOf(account, owner).put({ ...next, updated_at: isoSeconds(author.at) });
  const gone = optionsGone(before, field);
  if (gone.length > 0) eraseValues(account, owner, field, gone, (value) => gone.includes(value), author);
  return field;
}

/** The key is burned, the values go with the field. */
export function deleteField(account: Account, owner: FieldOwner, field: CustomField, author: Author): void {
  account.burnedKeys.add(`${owner}:${field.key}`);
  const options = field.custom_field_options.map((option) => option.value);
  eraseValues(account, owner, field, field.tag === null ? options : [...options, field.tag], () => true, author);
  fieldsOf(account, owner).remove(field.id);
}

export function reorderFields(account: Account, owner: FieldOwner, ids: readonly number[]): void {
  const fields = fieldsOf(account, owner);
  ids.forEach((id, position) => {
    const field = fields.get(id);
    if (field) fields.put({ ...field, position });
  });
}

function eraseValues(
  account: Account,
  owner: FieldOwner,
  field: CustomField,
  tags: readonly string[],
  isGone: (value: string) => boolean,
  author: Author,
): void {
  const time = isoSeconds(author.at);
  const without = <T extends Record<string, unknown>>(values: T): T | undefined => {
    const { [field.key]: value, ...rest } = values;
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return isGone(textOf(value)) ? (rest as T) : undefined;
    const left = value.map(String).filter((one) => !isGone(one));
    return (left.length === 0 ? rest : { ...rest, [field.key]: left }) as T; // the same keys, fewer values
  };
  if (owner === "organization") {
    for (const organization of account.organizations.all()) {
      const values = without(organization.organization_fields);
      if (!values) continue;
      const left = replaceMirrored(organization.tags, tags, []);
      account.organizations.put({ ...organization, organization_fields: values, tags: left, updated_at: time });
    }
    return;
  }
  for (const user of account.users.all()) {
    const values = without(user.user_fields);
    if (values)
      account.users.put({ ...user, user_fields: values, tags: replaceMirrored(user.tags, tags, []), updated_at: time });
  }
}

/** The tag only on checkboxes. */
export function presentField(owner: FieldOwner, field: CustomField, root: string): JsonObject {
  return {
    url: `${root}/${owner}_fields/${field.id}.json`,
    ...presentDefinition(field),
    ...presentChoices(field),
    ...(field.type === "checkbox" ? { tag: field.tag } : {}),
  };
}
