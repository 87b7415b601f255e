import { customFieldKeys } from "../records/custom-fields.ts";
import {
  createObject,
  deleteObject,
  objectKeys,
  objectLimit,
  presentObject,
  requireCustomObjects,
  updateObject,
} from "../records/custom-objects.ts";
import { isJsonObject, type JsonObject, type Kind, missingParameter, permit, requireObject } from "../records/input.ts";
import {
  createObjectField,
  deleteObjectField,
  fieldLimit,
  orderedObjectFields,
  presentObjectField,
  updateObjectField,
} from "../records/object-fields.ts";
import { invalidAttribute, recordNotFound } from "../records/refusals.ts";
import { type Call, created, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { listPage } from "../server/paging.ts";
import type { CustomObject, ObjectField } from "../world/entities.ts";

const fields = "custom_objects/{object}/fields";

/** https://developer.zendesk.com/api-reference/custom-data/custom-objects/custom_objects/ and .../custom_object_fields/ */
export const customObjectOperations: Operation[] = operationsOf("custom_objects", [
  ["ListCustomObjects", "GET", "custom_objects", "custom_objects/index", listObjects],
  ["CreateCustomObject", "POST", "custom_objects", "custom_objects/create", createOne, "admin"],
  ["ShowCustomObject", "GET", "custom_objects/{object}", "custom_objects/show", showOne],
  ["UpdateCustomObject", "PATCH", "custom_objects/{object}", "custom_objects/update", updateOne, "admin"],
  ["DeleteCustomObject", "DELETE", "custom_objects/{object}", "custom_objects/destroy", deleteOne, "admin"],
  ["CustomObjectsLimit", "GET", "custom_objects/limits/object_limit", "custom_objects/limits", showObjectLimit],
  ["CustomObjectRecordsLimit", "GET", "custom_objects/limits/record_limit", "custom_objects/limits", showRecordLimit],
  ["CustomObjectFieldsLimit", "GET", "custom_objects/{object}/limits/field_limit", "custom_objects/limits", showFields],
  ["ListCustomObjectFields", "GET", fields, "custom_object_fields/index", listFields],
  ["CreateCustomObjectField", "POST", fields, "custom_object_fields/create", createField, "admin"],
  ["ReorderCustomObjectFields", "PUT", `${fields}/reorder`, "custom_object_fields/reorder", reorder, "admin"],
  ["ShowCustomObjectField", "GET", `${fields}/{id}`, "custom_object_fields/show", showField],
  ["UpdateCustomObjectField", "PATCH", `${fields}/{id}`, "custom_object_fields/update", updateField, "admin"],
  ["DeleteCustomObjectField", "DELETE", `${fields}/{id}`, "custom_object_fields/destroy", deleteField, "admin"],
]);

/** "Each account can have a maximum of 50,000,000 custom object records" (records reference). */
const recordLimit = 50_000_000;

/** The object that the path names; the plan is asked first. */
export function requireCustomObject(call: Call): CustomObject {
  const { account } = call.tenant;
  requireCustomObjects(account);
  const object = account.customObjects.first("key", call.params.object ?? "");
  if (!object) throw recordNotFound();
  return object;
}

/** The id of who calls, in text, as records of custom objects show it. */
export const callerId = (call: Call): string => String(call.caller?.user.id ?? 0);

function read(call: Call, root: string, keys: Record<string, Kind>): JsonObject {
  const { action } = call.operation;
  const { values, unpermitted } = permit(requireObject(call.body, root, action), root, keys, action);
  call.dropped.push(...unpermitted);
  return values;
}

const shown = (call: Call, object: CustomObject): JsonObject => ({ custom_object: presentObject(object, call.root) });

function listObjects(call: Call): Reply {
  const { account } = call.tenant;
  requireCustomObjects(account);
  return listPage({
    call,
    key: "custom_objects",
    source: account.customObjects,
    present: (object) => presentObject(object, call.root),
  });
}

function createOne(call: Call): Reply {
  const { account } = call.tenant;
  requireCustomObjects(account);
  const object = createObject(account, read(call, "custom_object", objectKeys), call.author, callerId(call));
  return created(shown(call, object), `${call.root}/custom_objects/${object.key}.json`);
}

function showOne(call: Call): Reply {
  return ok(shown(call, requireCustomObject(call)));
}

function updateOne(call: Call): Reply {
  const object = requireCustomObject(call);
  const sent = read(call, "custom_object", objectKeys);
  return ok(shown(call, updateObject(call.tenant.account, object, sent, call.author, callerId(call))));
}

function deleteOne(call: Call): Reply {
  deleteObject(call.tenant.account, requireCustomObject(call));
  return noContent;
}

function showObjectLimit(call: Call): Reply {
  const { account } = call.tenant;
  requireCustomObjects(account);
  return ok({ count: account.customObjects.size, limit: objectLimit(account) });
}

function showRecordLimit(call: Call): Reply {
  const { account } = call.tenant;
  requireCustomObjects(account);
  const count = [...account.objectRecords.values()].reduce((sum, records) => sum + records.size, 0);
  return ok({ count, limit: recordLimit });
}

function showFields(call: Call): Reply {
  const object = requireCustomObject(call);
  return ok({ count: call.tenant.account.objectFields.where("object", object.key).length, limit: fieldLimit });
}

function requireField(call: Call): ObjectField {
  const object = requireCustomObject(call);
  const sent = call.params.id ?? "";
  const all = call.tenant.account.objectFields;
  const field = /^\d+$/.test(sent) ? all.get(Number(sent)) : all.first("key", `${object.key}/${sent}`);
  if (field?.object_key !== object.key) throw recordNotFound();
  return field;
}

const shownField = (call: Call, field: ObjectField): JsonObject => ({
  custom_object_field: presentObjectField(field, call.root),
});

function listFields(call: Call): Reply {
  const source = orderedObjectFields(call.tenant.account, requireCustomObject(call).key);
  const present = (field: ObjectField): JsonObject => presentObjectField(field, call.root);
  return listPage({ call, key: "custom_object_fields", source, present });
}

function createField(call: Call): Reply {
  const object = requireCustomObject(call);
  const sent = read(call, "custom_object_field", customFieldKeys);
  const field = createObjectField(call.tenant.account, object.key, sent, call.author);
  return created(shownField(call, field), `${call.root}/custom_objects/${object.key}/fields/${field.id}.json`);
}

function showField(call: Call): Reply {
  return ok(shownField(call, requireField(call)));
}

function updateField(call: Call): Reply {
  const field = requireField(call);
  const sent = read(call, "custom_object_field", customFieldKeys);
  return ok(shownField(call, updateObjectField(call.tenant.account, field, sent, call.author)));
}

function deleteField(call: Call): Reply {
  deleteObjectField(call.tenant.account, requireField(call));
  return noContent;
}

function reorder(call: Call): Reply {
  const object = requireCustomObject(call);
  const { account } = call.tenant;
  const name = "custom_object_field_ids";
  const ids = isJsonObject(call.body) ? call.body[name] : undefined;
  if (ids === undefined) throw missingParameter(name);
  if (!Array.isArray(ids)) throw invalidAttribute(name, "an array", call.operation.action);
  for (const [position, id] of ids.map(Number).entries()) {
    const field = account.objectFields.get(id);
    if (field?.object_key === object.key) account.objectFields.put({ ...field, position });
  }
  return { status: 200 };
}
