import { type Account, nextId, recordsOf } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import { fieldTypes, type ObjectField } from "../world/entities.ts";
import { plans } from "../world/plans.ts";
import type { Author } from "./author.ts";
import { readOptions } from "./custom-fields.ts";
import { isJsonObject, type JsonObject, optionalString, textOf } from "./input.ts";
import { isTargetType } from "./lookups.ts";
import { type Problem, recordInvalid } from "./refusals.ts";

/** https://developer.zendesk.com/api-reference/custom-data/custom-objects/custom_object_fields/ */
export const fieldLimit = 100;

export function createObjectField(account: Account, objectKey: string, sent: JsonObject, author: Author): ObjectField {
  const problems: Problem[] = [];
  const held = account.objectFields.where("object", objectKey);
  const type = fieldTypes.find((known) => known === sent.type);
  if (!type) problems.push({ field: "type", code: "InvalidValue" });
  const key = textOf(sent.key).trim();
  if (key === "") problems.push({ field: "key", code: "BlankValue" });
  else if (!/^\w+$/.test(key) || /^\d+$/.test(key)) problems.push({ field: "key", code: "InvalidFormat" });
  else if (
    account.objectFields.first("key", `${objectKey}/${key}`) ||
    account.burnedKeys.has(`custom_object:${objectKey}/${key}`)
  )
    problems.push({ field: "key", code: "DuplicateValue", value: key });
  const title = textOf(sent.title ?? sent.raw_title).trim();
  if (title === "") problems.push({ field: "title", code: "BlankValue" });
  if (type === "regexp" && !sent.regexp_for_validation)
    problems.push({ field: "regexp_for_validation", code: "BlankValue" });
  const target = optionalString(sent.relationship_target_type);
  if (type === "lookup" && !isTargetType(account, target))
    problems.push({ field: "relationship_target_type", code: target === null ? "BlankValue" : "InvalidValue" });
  const lookups = held.filter((field) => field.type === "lookup").length;
  if (held.length >= fieldLimit || (type === "lookup" && lookups >= plans[account.plan].lookups))
    problems.push({ field: "base", code: "TooLong" });
  const options = readOptions(account, sent.custom_field_options, [], problems);
  if (type === "dropdown" && options.length === 0) problems.push({ field: "custom_field_options", code: "BlankValue" });
  if (problems.length > 0 || !type) throw recordInvalid(problems, account.switches.language);
  const time = isoSeconds(author.at);
  const description = textOf(sent.description ?? sent.raw_description ?? "");
  return account.objectFields.put({
    id: nextId(account),
    object_key: objectKey,
    type,
    key,
    title,
    description,
    raw_title: title,
    raw_description: description,
    position: typeof sent.position === "number" ? sent.position : held.length,
    active: sent.active !== false,
    system: false,
    regexp_for_validation: optionalString(sent.regexp_for_validation),
    tag: null,
    custom_field_options: options,
    relationship_target_type: target,
    relationship_filter: isJsonObject(sent.relationship_filter) ? sent.relationship_filter : null,
    created_at: time,
    updated_at: time,
  });
}

/** Type and key stay what they were. Options are replaced as a whole; values that lost theirs are cleared. */
export function updateObjectField(
  account: Account,
  before: ObjectField,
  sent: JsonObject,
  author: Author,
): ObjectField {
  const problems: Problem[] = [];
  const title = textOf(sent.title ?? sent.raw_title ?? before.title).trim();
  if (title === "") problems.push({ field: "title", code: "BlankValue" });
  const options =
    "custom_field_options" in sent
      ? readOptions(account, sent.custom_field_options, before.custom_field_options, problems)
      : before.custom_field_options;
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  const description = textOf(sent.description ?? sent.raw_description ?? before.description);
  const field = account.objectFields.put({
    ...before,
    title,
    raw_title: title,
    description,
    raw_description: description,
    position: typeof sent.position === "number" ? sent.position : before.position,
    active: typeof sent.active === "boolean" ? sent.active : before.active,
    custom_field_options: options,
    updated_at: isoSeconds(author.at),
  });
  const left = new Set(options.map(({ value }) => value));
  const gone = before.custom_field_options.map(({ value }) => value).filter((value) => !left.has(value));
  if (gone.length > 0) eraseValues(account, field, (value) => gone.includes(value));
  return field;
}

/** The key is burned, the values go with the field. */
export function deleteObjectField(account: Account, field: ObjectField): void {
  account.burnedKeys.add(`custom_object:${field.object_key}/${field.key}`);
  eraseValues(account, field, () => true);
  account.objectFields.remove(field.id);
}

export function orderedObjectFields(account: Account, objectKey: string): ObjectField[] {
  return account.objectFields.where("object", objectKey).sort((a, b) => a.position - b.position || a.id - b.id);
}

function eraseValues(account: Account, field: ObjectField, isGone: (value: string) => boolean): void {
  const table = recordsOf(account, field.object_key);
  for (const record of table.all()) {
    const { [field.key]: value, ...values } = record.values;
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) {
      const left = value.filter((one) => !isGone(one));
      if (left.length < value.length) table.put({ ...record, values: { ...values, [field.key]: left } });
    } else if (isGone(String(value))) table.put({ ...record, values });
  }
}

export function presentObjectField(field: ObjectField, root: string): JsonObject {
  const hasOptions = field.type === "dropdown" || field.type === "multiselect";
  return {
    url: `${root}/custom_objects/${field.object_key}/fields/${field.id}.json`,
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
    ...(hasOptions ? { custom_field_options: field.custom_field_options } : {}),
    ...(field.type === "lookup"
      ? {
          relationship_target_type: field.relationship_target_type,
          relationship_filter: field.relationship_filter ?? { all: [], any: [] },
        }
      : {}),
  };
}
