import type { JsonObject } from "../records/input.ts";
import type { CustomField } from "../world/entities.ts";

/** What a posted form says, as the mutation of the control port that it stands for. */
export function readForm(
  form: URLSearchParams,
  entity: string,
  id: number | undefined,
  fields: readonly CustomField[],
): JsonObject {
  const action = form.get("do");
  const named = id === undefined ? { entity } : { entity, id };
  if (action === "delete") return { ...named, operation: "delete" };
  if (action === "merge") return { ...named, operation: "merge", into: Number(form.get("into")) };
  const operation = id === undefined ? "create" : "update";
  const readers: Record<string, () => JsonObject> = {
    organization: () => readOrganization(form, fields),
    user: () => readUser(form),
    organization_field: () => readField(form),
    ticket: () => readTicket(form),
  };
  return { ...named, operation, record: readers[entity]?.() ?? {} };
}

const words = (text: string | null): string[] => (text ?? "").split(/\s+/).filter((word) => word !== "");
const orNull = (text: string | null): string | null =>
  text === null || text.trim() === "" ? null : text.replaceAll("\r\n", "\n");

function readOrganization(form: URLSearchParams, fields: readonly CustomField[]): JsonObject {
  const values: JsonObject = {};
  for (const field of fields) {
    const sent = form.getAll(`field:${field.key}`).at(-1);
    if (sent === undefined) continue;
    if (field.type === "checkbox") values[field.key] = sent === "true";
    else if (sent === "") values[field.key] = null;
    else values[field.key] = field.type === "integer" || field.type === "decimal" ? Number(sent) : sent;
  }
  return {
    name: form.get("name"),
    external_id: orNull(form.get("external_id")),
    domain_names: words(form.get("domain_names")),
    tags: words(form.get("tags")),
    details: orNull(form.get("details")),
    notes: orNull(form.get("notes")),
    organization_fields: values,
  };
}

function readUser(form: URLSearchParams): JsonObject {
  const email = orNull(form.get("email"));
  const organizationId = orNull(form.get("organization_id"));
  return {
    name: form.get("name"),
    role: form.get("role"),
    ...(email === null ? {} : { email }),
    organization_id: organizationId === null ? null : Number(organizationId),
  };
}

/** Fields of tickets are named by their id. */
function readTicket(form: URLSearchParams): JsonObject {
  const named = [...form.keys()].filter((key) => key.startsWith("field:"));
  return { custom_fields: named.map((key) => ({ id: Number(key.slice(6)), value: orNull(form.get(key)) })) };
}

function readField(form: URLSearchParams): JsonObject {
  const lines = (form.get("options") ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const options = lines.map((line) => {
    const [value = "", ...name] = line.split(/\s+/);
    return { value, name: name.length > 0 ? name.join(" ") : value };
  });
  const chosen = { key: form.get("key"), type: form.get("type") };
  return {
    ...(form.has("key") ? chosen : {}),
    title: form.get("title"),
    ...(options.length > 0 ? { custom_field_options: options } : {}),
  };
}
