import {
  createField,
  customFieldKeys,
  deleteField,
  type FieldOwner,
  fieldsOf,
  presentField,
  reorderFields,
  updateField,
} from "../records/custom-fields.ts";
import { isJsonObject, type JsonObject, missingParameter, permit, requireObject } from "../records/input.ts";
import { invalidAttribute, recordNotFound } from "../records/refusals.ts";
import { type Call, created, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { listPage } from "../server/paging.ts";
import type { CustomField } from "../world/entities.ts";
import { idParameter } from "./parameters.ts";

/** Fields of organizations and of users share one form. https://developer.zendesk.com/api-reference/ticketing/organizations/organization_fields/ */
export const customFieldOperations: Operation[] = [
  ...fieldOperations("organization", "organization_fields", "OrganizationField"),
  ...fieldOperations("user", "users", "UserField"),
];

function fieldOperations(owner: FieldOwner, resource: string, noun: string): Operation[] {
  const path = `${owner}_fields`;
  return operationsOf(resource, [
    [`List${noun}s`, "GET", path, `${path}/index`, (call) => listFields(call, owner)],
    [`Show${noun}`, "GET", `${path}/{id}`, `${path}/show`, (call) => ok(shown(call, owner, requireField(call, owner)))],
    [`Create${noun}`, "POST", path, `${path}/create`, (call) => createOne(call, owner), "admin"],
    [`Update${noun}`, "PUT", `${path}/{id}`, `${path}/update`, (call) => updateOne(call, owner), "admin"],
    [`Delete${noun}`, "DELETE", `${path}/{id}`, `${path}/destroy`, (call) => deleteOne(call, owner), "admin"],
    [`Reorder${noun}`, "PUT", `${path}/reorder`, `${path}/reorder`, (call) => reorder(call, owner), "admin"],
  ]);
}

const byPosition = (a: CustomField, b: CustomField): number => a.position - b.position || a.id - b.id;

function listFields(call: Call, owner: FieldOwner): Reply {
  const source = fieldsOf(call.tenant.account, owner);
  return listPage({
    call,
    key: `${owner}_fields`,
    source,
    offsetOrder: byPosition,
    present: (field) => presentField(owner, field, call.root),
  });
}

function requireField(call: Call, owner: FieldOwner): CustomField {
  // The reference takes the key in place of the id as well.
  const fields = fieldsOf(call.tenant.account, owner);
  const sent = call.params.id ?? "";
  const field = /^\d+$/.test(sent) ? fields.get(idParameter(call)) : fields.first("key", sent);
  if (!field) throw recordNotFound();
  return field;
}

function shown(call: Call, owner: FieldOwner, field: CustomField): JsonObject {
  return { [`${owner}_field`]: presentField(owner, field, call.root) };
}

function readField(call: Call, owner: FieldOwner): JsonObject {
  const root = `${owner}_field`;
  const { values, unpermitted } = permit(
    requireObject(call.body, root, call.operation.action),
    root,
    customFieldKeys,
    call.operation.action,
  );
  call.dropped.push(...unpermitted);
  return values;
}

function createOne(call: Call, owner: FieldOwner): Reply {
  const field = createField(call.tenant.account, owner, readField(call, owner), call.author);
  return created(shown(call, owner, field), `${call.root}/${owner}_fields/${field.id}.json`);
}

function updateOne(call: Call, owner: FieldOwner): Reply {
  const field = requireField(call, owner);
  return ok(shown(call, owner, updateField(call.tenant.account, owner, field, readField(call, owner), call.author)));
}

function deleteOne(call: Call, owner: FieldOwner): Reply {
  deleteField(call.tenant.account, owner, requireField(call, owner), call.author);
  return noContent;
}

function reorder(call: Call, owner: FieldOwner): Reply {
  const name = `${owner}_field_ids`;
  const ids = isJsonObject(call.body) ? call.body[name] : undefined;
  if (ids === undefined) throw missingParameter(name);
  if (!Array.isArray(ids)) throw invalidAttribute(name, "an array", call.operation.action);
  reorderFields(call.tenant.account, owner, ids.map(Number));
  return { status: 200 };
}
