import { type Account, nextId } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { CustomObject } from "../world/entities.ts";
import { plans } from "../world/plans.ts";
import type { Author } from "./author.ts";
import { type JsonObject, type Kind, textOf } from "./input.ts";
import { clearLookups } from "./lookups.ts";
import { forbidden, invalidEndpoint, type Problem, recordInvalid } from "./refusals.ts";

/** https://developer.zendesk.com/api-reference/custom-data/custom-objects/custom_objects/ */
export const objectKeys: Record<string, Kind> = {
  key: "string",
  title: "string",
  raw_title: "string",
  title_pluralized: "string",
  raw_title_pluralized: "string",
  description: "string",
  raw_description: "string",
};

/** Plans without the feature refuse every call of it; whether by 403 or 404 is a switch. */
export function requireCustomObjects(account: Account): void {
  if (plans[account.plan].customObjects > 0) return;
  if (account.switches.missingFeature === "not-found") throw invalidEndpoint();
  throw forbidden("Custom objects are not available on your plan");
}

/** `by`: the caller's id, as the vendor writes it, in text. */
export function createObject(account: Account, sent: JsonObject, author: Author, by: string): CustomObject {
  const problems: Problem[] = [];
  const key = textOf(sent.key).trim();
  if (key === "") problems.push({ field: "key", code: "BlankValue" });
  else if (!/^[a-z]\w*$/i.test(key)) problems.push({ field: "key", code: "InvalidFormat" });
  else if (account.customObjects.first("key", key) || account.burnedKeys.has(`custom_object:${key}`))
    problems.push({ field: "key", code: "DuplicateValue", value: key });
  const title = textOf(sent.title ?? sent.raw_title).trim();
  const plural = textOf(sent.title_pluralized ?? sent.raw_title_pluralized).trim();
  if (title === "") problems.push({ field: "title", code: "BlankValue" });
  if (plural === "") problems.push({ field: "title_pluralized", code: "BlankValue" });
  if (account.customObjects.size >= objectLimit(account)) problems.push({ field: "base", code: "TooLong" });
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  const time = isoSeconds(author.at);
  return account.customObjects.put({
    id: nextId(account),
    key,
    title,
    title_pluralized: plural,
    description: textOf(sent.description ?? sent.raw_description),
    created_by_user_id: by,
    updated_by_user_id: by,
    created_at: time,
    updated_at: time,
  });
}

/** The key stays what it was, whatever is sent. */
export function updateObject(
  account: Account,
  before: CustomObject,
  sent: JsonObject,
  author: Author,
  by: string,
): CustomObject {
  const title = textOf(sent.title ?? sent.raw_title ?? before.title).trim();
  const plural = textOf(sent.title_pluralized ?? sent.raw_title_pluralized ?? before.title_pluralized).trim();
  const problems: Problem[] = [];
  if (title === "") problems.push({ field: "title", code: "BlankValue" });
  if (plural === "") problems.push({ field: "title_pluralized", code: "BlankValue" });
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  return account.customObjects.put({
    ...before,
    title,
    title_pluralized: plural,
    description: textOf(sent.description ?? sent.raw_description ?? before.description),
    updated_by_user_id: by,
    updated_at: isoSeconds(author.at),
  });
}

/** For good, with its fields and records; the key is burned ("Cannot be reused if deleted", custom objects reference). */
export function deleteObject(account: Account, object: CustomObject): void {
  account.burnedKeys.add(`custom_object:${object.key}`);
  for (const field of account.objectFields.where("object", object.key)) account.objectFields.remove(field.id);
  for (const record of account.objectRecords.get(object.key)?.all() ?? [])
    clearLookups(account, `zen:custom_object:${object.key}`, record.ulid);
  account.objectRecords.delete(object.key);
  account.customObjects.remove(object.id);
}

/** Objects by plan: https://developer.zendesk.com/api-reference/custom-data/introduction/ */
export function objectLimit(account: Account): number {
  return plans[account.plan].customObjects;
}

export function presentObject(object: CustomObject, root: string): JsonObject {
  return {
    url: `${root}/custom_objects/${object.key}.json`,
    key: object.key,
    created_by_user_id: object.created_by_user_id,
    updated_by_user_id: object.updated_by_user_id,
    created_at: object.created_at,
    updated_at: object.updated_at,
    title: object.title,
    raw_title: object.title,
    title_pluralized: object.title_pluralized,
    raw_title_pluralized: object.title_pluralized,
    description: object.description,
    raw_description: object.description,
  };
}
