// What a job's status says of each item that we submitted, in every form that was recorded or documented.
// Recorded: creates as `{id, status: "Created"}` in input order (blakmatrix/node-zendesk, 2023), updates as `{action, id, status, success}`,
// a failure as `{index, error, details}` in a job with status "failed" (zendesk-java-client issue 98). Documented: `{id, index}`,
// `FailedResult {id, action, success: false, error, details}`. A job that is "completed" can hold failures.
import { type JsonObject, MalformedId, type OrganizationId, parseOrganizationId } from "../../domain/index.ts";
import type { ItemResult, JobState, OrganizationWrite } from "../../sync/reconcile/ports.ts";
import { detailCode } from "./failures.ts";
import { isObject } from "./json.ts";

type SubmittedItem = Pick<OrganizationWrite, "id" | "name" | "externalId">;

export function toJobState(job: JsonObject, items: readonly SubmittedItem[]): JobState {
  const status = job["status"];
  if (status === "queued" || status === "working")
    return { state: status, total: countOf(job["total"]) ?? items.length, progress: countOf(job["progress"]) ?? 0 };
  return { state: "ended", results: placeResults(job["results"], items) };
}

/** Each result finds its item by index, else by id, else by external id, else by order; what no result speaks of is unknown. */
function placeResults(results: unknown, items: readonly SubmittedItem[]): ItemResult[] {
  const placed: (ItemResult | undefined)[] = items.map(() => undefined);
  const list = Array.isArray(results) ? results.filter(isObject) : [];
  const byOrder = Array.isArray(results) && list.length === items.length && results.length === items.length;
  for (const [order, result] of list.entries()) {
    const place = placeOf(result, items, placed) ?? (byOrder && placed[order] === undefined ? order : undefined);
    const item = place === undefined ? undefined : items[place];
    if (place !== undefined && item !== undefined) placed[place] = toItemResult(result, item);
  }
  return placed.map((result) => result ?? { kind: "unknown" });
}

function placeOf(
  result: JsonObject,
  items: readonly SubmittedItem[],
  placed: readonly (ItemResult | undefined)[],
): number | undefined {
  const index = countOf(result["index"]);
  if (index !== undefined && index < items.length) return index;
  const find = (matches: (item: SubmittedItem) => boolean) => {
    const place = items.findIndex((item, place) => placed[place] === undefined && matches(item));
    return place === -1 ? undefined : place;
  };
  const id = organizationIdOf(result["id"]);
  const externalId = result["external_id"];
  return (
    (id === undefined ? undefined : find((item) => item.id === id)) ??
    (typeof externalId === "string" && externalId !== "" ? find((item) => item.externalId === externalId) : undefined)
  );
}

function toItemResult(result: JsonObject, item: SubmittedItem): ItemResult {
  const details = result["details"] ?? result["errors"];
  const error = result["error"];
  const hasError =
    (error !== undefined && error !== null && error !== "") || (details !== undefined && details !== null);
  if (hasError || result["success"] === false || result["status"] === "Failed") {
    const code = detailCode(details) ?? (typeof error === "string" && error !== "" ? error.slice(0, 80) : "Failed");
    return {
      kind: "failed",
      code,
      duplicateName: code === "DuplicateValue" || quotesName(details, item.name),
      says: `Zendesk refused this organization (${code}).`,
    };
  }
  const id = organizationIdOf(result["id"]) ?? (result["success"] === true ? item.id : undefined);
  return id === undefined ? { kind: "unknown" } : { kind: "done", id };
}

/**
 * Where a failure comes as a sentence only, in the language of our user, it quotes the value that it refuses. That makes a taken name
 * likely enough to look the name up, which is all that follows; nothing is concluded from the sentence itself.
 */
function quotesName(details: unknown, name: string | undefined): boolean {
  return typeof details === "string" && name !== undefined && name !== "" && details.includes(name);
}

function organizationIdOf(value: unknown): OrganizationId | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  try {
    return parseOrganizationId(value);
  } catch (fault) {
    if (fault instanceof MalformedId) return undefined;
    throw fault;
  }
}

function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}
