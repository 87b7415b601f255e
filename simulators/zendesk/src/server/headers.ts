import { createHash } from "node:crypto";
import type { Random } from "../world/random.ts";
import type { Operation } from "./call.ts";
import type { BucketState } from "./limits.ts";

/** Headers of every answer, as recorded in blakmatrix/node-zendesk test/fixtures (2023). */
export function standingHeaders(random: Random, ms: number): Record<string, string> {
  return {
    "x-zendesk-api-version": "v2",
    "x-zendesk-application-version": "v18586",
    "x-zendesk-origin-server": "simulator",
    "x-zendesk-zorg": "yes",
    "x-request-id": `${random.hex(16)}-SIM`,
    "x-runtime": (ms / 1000).toFixed(6),
  };
}

/**
 * The account's budget in every spelling: `x-rate-limit` on all answers, `rate-limit*` in recordings of 2023, `ratelimit-*`
 * on lists of the ticketing API (https://developer.zendesk.com/api-reference/introduction/rate-limits/).
 */
export function limitHeaders(state: BucketState, isList: boolean): Record<string, string> {
  const limit = Number.isFinite(state.limit) ? state.limit : 100_000;
  const remaining = Number.isFinite(state.remaining) ? state.remaining : 100_000;
  const headers: Record<string, string> = {
    "x-rate-limit": String(limit),
    "rate-limit": String(limit),
    "x-rate-limit-remaining": String(remaining),
    "rate-limit-remaining": String(remaining),
    "rate-limit-reset": String(state.resetSeconds),
  };
  if (isList) {
    headers["ratelimit-limit"] = String(limit);
    headers["ratelimit-remaining"] = String(remaining);
    headers["ratelimit-reset"] = String(state.resetSeconds);
  }
  return headers;
}

/** How long an answer may be kept: lists by cursor 30 s, other answers never; recorded as above. */
export function cacheHeaders(status: number, text: string, isCursorList: boolean): Record<string, string> {
  if (status !== 200 && status !== 201) return { "cache-control": "no-cache" };
  const etag = `W/"${createHash("md5").update(text).digest("hex")}"`;
  return { etag, "cache-control": isCursorList ? "max-age=30, private" : "max-age=0, private, must-revalidate" };
}

/** Ruby's way of writing the dropped keys, as seen in facetoe/zenpy issue 636. */
export function warnHeader(operation: Operation, dropped: readonly string[]): Record<string, string> {
  if (dropped.length === 0) return {};
  const slash = operation.action.lastIndexOf("/");
  const [controller, action] = [operation.action.slice(0, slash), operation.action.slice(slash + 1)];
  const keys = dropped.map((key) => JSON.stringify(key.replaceAll(/[^\x20-\x7e]/g, "?"))).join(", ");
  const warning = `{:allowed_parameters=>{:controller=>"${controller}", :action=>"${action}", :unpermitted_keys=>[${keys}], :invalid_values=>[]}}`;
  return { "x-zendesk-api-warn": warning.slice(0, 4000) };
}
