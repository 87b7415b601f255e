import { missingParameter } from "../records/input.ts";
import { presentOrganization } from "../records/organizations.ts";
import { badRequest, invalidAttribute } from "../records/refusals.ts";
import { type Call, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { accountLimitExceeded, bucketHeader } from "../server/limits.ts";
import type { Account } from "../world/account.ts";
import type { Organization } from "../world/entities.ts";
import { plans } from "../world/plans.ts";

/** https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/ */
export const incrementalOperations: Operation[] = operationsOf("organizations", [
  [
    "IncrementalOrganizationExport",
    "GET",
    "incremental/organizations",
    "incremental/organizations",
    exportOrganizations,
    "admin",
  ],
]);

const pageSize = 1000;
const leastAgeSeconds = 60;

/** All exports together share one bucket: 10 a minute, 30 with the add-on (rate-limits page). */
export function countExport(call: Call, name = "incremental-exports"): void {
  const { limits, account } = call.tenant;
  const state = limits.count({
    key: "incremental-exports",
    limit: plans[account.plan].exportsPerMinute,
    windowMs: 60_000,
  });
  if (Number.isFinite(state.limit)) call.headers[`zendesk-ratelimit-${name}`] = bucketHeader(state);
  if (state.isExceeded) throw accountLimitExceeded(state, account.switches);
}

/** `start_time` in whole seconds, at least a minute ago: what is younger may still be written. */
export function readStartTime(call: Call): number {
  const sent = call.query.get("start_time");
  if (sent === null || sent === "") throw missingParameter("start_time");
  if (!/^\d{1,12}$/.test(sent)) throw invalidAttribute("start_time", "an integer", call.operation.action);
  const startTime = Number(sent);
  if (call.author.at / 1000 - startTime < leastAgeSeconds) {
    // Status and code as seen by airbytehq/airbyte, source-zendesk-support (pull request 23246).
    throw badRequest("StartTimeTooRecent", "Too recent start_time. Use a start_time older than 60 seconds");
  }
  return startTime;
}

export interface Exported<T> {
  rows: T[];
  endTime: number | null;
  endOfStream: boolean;
}

/** Rows changed since, oldest first; a page never splits a second, so that the next one can start at its end. */
export function exportPage<T extends { updated_at: string }>(
  sorted: readonly T[],
  startTime: number,
  limit: number,
): Exported<T> {
  const secondsOf = (row: T): number => Math.floor(Date.parse(row.updated_at) / 1000);
  const from = firstSince(sorted, startTime, secondsOf);
  let to = Math.min(sorted.length, from + limit);
  const last = sorted[to - 1];
  if (to > from && last) {
    const boundary = secondsOf(last);
    for (let next = sorted[to]; next && secondsOf(next) === boundary; next = sorted[to]) to += 1;
  }
  const rows = sorted.slice(from, to);
  const end = rows.at(-1);
  return { rows, endTime: end ? secondsOf(end) : null, endOfStream: to >= sorted.length };
}

function firstSince<T>(sorted: readonly T[], startTime: number, secondsOf: (row: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = sorted[middle];
    if (row !== undefined && secondsOf(row) < startTime) low = middle + 1;
    else high = middle;
  }
  return low;
}

const byUpdate = (a: Organization, b: Organization): number =>
  a.updated_at < b.updated_at ? -1 : a.updated_at > b.updated_at ? 1 : a.id - b.id;

function exportOrganizations(call: Call): Reply {
  countExport(call);
  const startTime = readStartTime(call);
  const { account } = call.tenant;
  const page = exportPage(changedOrganizations(account), startTime, readLimit(call));
  const nextPage = page.endTime === null ? null : `${call.address}?start_time=${page.endTime}`;
  return ok({
    organizations: page.rows.map((one) => presentOrganization(account, one, call.root)),
    next_page: nextPage,
    count: page.rows.length,
    end_of_stream: page.endOfStream,
    end_time: page.endTime,
  });
}

export function readLimit(call: Call): number {
  const sent = Number(call.query.get("per_page") ?? pageSize);
  return Number.isInteger(sent) && sent >= 1 ? Math.min(sent, pageSize) : pageSize;
}

/** Whether deletions appear is not documented: a switch. */
function changedOrganizations(account: Account): readonly Organization[] {
  const standing = account.organizations.sortedBy("updated", byUpdate);
  if (!account.switches.deletedInExport || account.deletedOrganizations.length === 0) return standing;
  const gone = account.deletedOrganizations.map(({ organization, at }) => ({
    ...organization,
    deleted_at: new Date(at).toISOString(),
    updated_at: `${new Date(at).toISOString().slice(0, 19)}Z`,
  }));
  return [...standing, ...gone].sort(byUpdate);
}
