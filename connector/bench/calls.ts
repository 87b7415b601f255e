import type { Span } from "./stage/index.ts";

/** What a remote call was, from its method and path alone. */
export interface RemoteCall {
  system: "quickbooks" | "zendesk";
  operation: string;
}

export function callOf({ method, path }: Pick<Span, "method" | "path">): RemoteCall {
  const [bare = ""] = path.split("?");
  if (bare.startsWith("/v3/company/")) return { system: "quickbooks", operation: bare.split("/")[4] ?? "" };
  if (bare.startsWith("/oauth2/") || bare.startsWith("/v2/oauth2/") || bare.startsWith("/v1/openid_connect/"))
    return { system: "quickbooks", operation: "oauth" };
  if (bare.startsWith("/oauth/")) return { system: "zendesk", operation: "oauth" };
  return { system: "zendesk", operation: `${method} ${bare.replace("/api/v2/", "").replaceAll(/\d{3,}/g, "{id}")}` };
}

/** Calls that connecting makes once: consent and tokens, our fields in Zendesk. */
function isOfConnecting({ operation }: RemoteCall): boolean {
  return operation === "oauth" || operation.endsWith(" organization_fields");
}

const organizationWrites = new Set([
  "POST organizations/create_many",
  "PUT organizations/update_many",
  "POST organizations/create_or_update",
  "POST organizations",
  "PUT organizations/{id}",
]);

export interface CallCounts {
  quickbooks: number;
  zendesk: number;
  connecting: number;
  organizationWrites: number;
  jobs: number;
  polls: number;
}

export function countCalls(spans: readonly Span[]): CallCounts {
  const counts: CallCounts = { quickbooks: 0, zendesk: 0, connecting: 0, organizationWrites: 0, jobs: 0, polls: 0 };
  for (const span of spans) {
    const call = callOf(span);
    if (isOfConnecting(call)) counts.connecting += 1;
    else counts[call.system] += 1;
    if (organizationWrites.has(call.operation)) counts.organizationWrites += 1;
    if (/ (organizations|organization_memberships)\/(create|update)_many$/.test(call.operation)) counts.jobs += 1;
    if (call.operation === "GET job_statuses/show_many") counts.polls += 1;
  }
  return counts;
}

/** By operation, for the person who watches. */
export function listCalls(spans: readonly Span[]): string {
  const counts = new Map<string, number>();
  for (const span of spans) {
    const { system, operation } = callOf(span);
    counts.set(`${system} ${operation}`, (counts.get(`${system} ${operation}`) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ");
}

/** Time in which at least one of these ran. */
export function unionMs(spans: readonly { startedAt: number; endedAt: number }[]): number {
  let covered = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { startedAt, endedAt } of [...spans].sort((one, other) => one.startedAt - other.startedAt)) {
    if (endedAt <= until) continue;
    covered += endedAt - Math.max(startedAt, until);
    until = endedAt;
  }
  return covered;
}
