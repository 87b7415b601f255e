import { type Account, nextId, recordsOf } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import { fieldTypes, type ObjectField } from "../world/entities.ts";
import { plans } from "../world/plans.ts";
import type { Author } from "./author.ts";
import { changedDefinition, optionsGone, presentChoices, presentDefinition, readOptions } from "./field-definitions.ts";
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
  const next = changedDefinition(account, before, sent, problems);
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  const field = account.objectFields.put({ ...next, updated_at: isoSeconds(author.at) });
  const gone = optionsGone(before, field);
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
  return {
    url: `${root}/custom_objects/${field.object_key}/fields/${field.id}.json`,
    ...presentDefinition(field),
    ...presentChoices(field),
  };
}
