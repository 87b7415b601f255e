import { invalidAttribute, tooManyValues } from "../records/refusals.ts";
import type { Call } from "../server/call.ts";

/** `{id}` of a path. Words where a number belongs are a 400, not a 404 (seen for api/v2/users/show). */
export function idParameter(call: Call, name = "id"): number {
  const sent = call.params[name] ?? "";
  if (!/^\d{1,18}$/.test(sent)) throw invalidAttribute(name, "an integer", call.operation.action);
  return Number(sent);
}

const largestBatch = 100;

/** A comma list of the query, or nothing where it was not sent. */
export function listParameter(call: Call, name: string): string[] | undefined {
  const sent = call.query.get(name);
  if (sent === null) return undefined;
  const values = sent
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
  if (values.length > largestBatch) throw tooManyValues(name, largestBatch);
  return values;
}

export function idListParameter(call: Call, name: string): number[] | undefined {
  return listParameter(call, name)?.map((value) => {
    if (!/^\d{1,18}$/.test(value)) throw invalidAttribute(name, "a list of integers", call.operation.action);
    return Number(value);
  });
}

/** Batches hold 100 items at most (organizations, users and memberships references). */
export function checkBatch(name: string, items: readonly unknown[]): void {
  if (items.length > largestBatch) throw tooManyValues(name, largestBatch);
}
