// What is wrong now, from what the database knows: decided anew every few seconds, so that no incident depends on anybody having noticed.
import type { IncidentCause, IncidentKind } from "./causes.ts";
import type { IncidentReport, IncidentStore, WatchFacts, WatchStore } from "./ports.ts";

/** The kinds that `watchFindings` is the only one to open, or puts right where a process died over them. */
export const watchedKinds = [
  "quickbooks",
  "zendesk",
  "grant-ends-in-7-days",
  "grant-ends-in-30-days",
  "quota-forecast",
  "parked-growth",
  "alerts-undelivered",
] as const satisfies readonly IncidentKind[];

/** The free tier of Intuit's App Partner Program, a month (blogs.intuit.com, 2025-08-11). */
export const freeReads = 500_000;

export interface WatchPolicy {
  /** Metered reads that the deployment's Intuit app may make in a month; undefined: sandbox, which is not metered. */
  monthlyReads: number | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Zendesk ends all API tokens then (developer.zendesk.com, OAuth migration). */
const apiTokensEndAt = new Date("2027-04-30T00:00:00Z");

export function watchFindings(facts: WatchFacts, policy: WatchPolicy): IncidentReport[] {
  return [
    ...facts.paused.flatMap(pausedFinding),
    ...facts.grants.flatMap((grant) => endingFinding(grant, facts.now)),
    ...facts.reads.flatMap((app) => forecast(app, allowanceOf(app, policy), facts.now)),
    ...facts.parked.flatMap(parkedFinding),
    ...facts.undelivered.map(
      ({ target, alerts }): IncidentReport => ({
        cause: `alerts-undelivered:${target}`,
        says: `Alerts to ${target} cannot be delivered for an hour. Check the target and the mail settings: ml-connector alerts test`,
        affectedNow: alerts,
      }),
    ),
  ];
}

function pausedFinding({ connectionId, by, because }: WatchFacts["paused"][number]): IncidentReport[] {
  const [system] = by.split(":", 1);
  if (system !== "quickbooks" && system !== "zendesk") return [];
  const name = system === "quickbooks" ? "QuickBooks" : "Zendesk";
  const says = because ?? `${name} refused us: the connection is paused. Connect it again, or mend what it named.`;
  return [{ cause: by as IncidentCause, says, connectionId, affectedNow: 1 }]; // it begins with a kind
}

/** The earliest end of a consent that no refresh moves. */
function endOf(grant: WatchFacts["grants"][number], now: Date): { at: Date; why: string } | undefined {
  const { system, way, issuedAt, refreshExpiresAt, hardExpiresAt } = grant;
  if (way === "client-credentials") return undefined;
  if (way === "api-token") return { at: apiTokensEndAt, why: "Zendesk ends all API tokens" };
  if (hardExpiresAt !== undefined && hardExpiresAt.getTime() - now.getTime() <= 30 * dayMs)
    return { at: hardExpiresAt, why: "five years after it was given" };
  if (refreshExpiresAt === undefined) return undefined;
  // Each refresh moves this end. QuickBooks gives 101 days, so that fewer than 30 mean that refreshing fails or the five years are reached;
  // Zendesk may give as few as 7, so that only the second half of them is a sign.
  const lifeMs = refreshExpiresAt.getTime() - issuedAt.getTime();
  const leftMs = refreshExpiresAt.getTime() - now.getTime();
  return system === "quickbooks" || leftMs < lifeMs / 2
    ? { at: refreshExpiresAt, why: "it could not be refreshed" }
    : undefined;
}

function endingFinding(grant: WatchFacts["grants"][number], now: Date): IncidentReport[] {
  const end = endOf(grant, now);
  const leftDays = end === undefined ? Number.POSITIVE_INFINITY : (end.at.getTime() - now.getTime()) / dayMs;
  if (end === undefined || leftDays > 30) return [];
  const { system, subject, connections } = grant;
  const name = system === "quickbooks" ? `QuickBooks company ${subject}` : `Zendesk account ${subject}`;
  const kind = leftDays <= 7 ? "grant-ends-in-7-days" : "grant-ends-in-30-days";
  return [
    {
      cause: `${kind}:${system}:${subject}`,
      says: `The consent of ${name} ends on ${end.at.toISOString().slice(0, 10)} (${end.why}). Connect it again before: nothing is lost, and nothing is loaded anew.`,
      affectedNow: connections,
    },
  ];
}

/** Of the allowance: above the first it opens; the present pace is measured over a day at least. */
const forecastShare = 0.9;

/** Undefined: not metered. */
function allowanceOf({ own }: WatchFacts["reads"][number], policy: WatchPolicy): number | undefined {
  if (own === undefined) return policy.monthlyReads;
  return own.sandbox ? undefined : (own.monthlyReads ?? freeReads);
}

function forecast(
  { clientId, reads, connections }: WatchFacts["reads"][number],
  allowance: number | undefined,
  now: Date,
): IncidentReport[] {
  if (allowance === undefined) return [];
  const monthStart = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const monthMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - monthStart;
  const elapsedMs = Math.max(dayMs, now.getTime() - monthStart);
  const expected = Math.round(Math.max(reads, (reads / elapsedMs) * monthMs));
  if (expected <= allowance * forecastShare) return [];
  return [
    {
      cause: `quota-forecast:${clientId}`,
      says: `This Intuit app has made ${reads} metered reads this month and will have made ${expected} by its end; ${allowance} are allowed, and past them QuickBooks refuses all reads until the next month. Set gatherSeconds, poll less often, or move to a higher tier of the App Partner Program.`,
      affectedNow: connections,
    },
  ];
}

const leastGrowth = 20;
const growthShare = 0.05;

function parkedFinding({ connectionId, parked, before, parties }: WatchFacts["parked"][number]): IncidentReport[] {
  const more = parked - before;
  if (more < leastGrowth || more <= parties * growthShare) return [];
  return [
    {
      cause: "parked-growth",
      says: `${more} customers and vendors were parked within 24 hours, ${parked} in all: their organizations are not kept current. See why: ml-connector review list`,
      connectionId,
      affectedNow: more,
    },
  ];
}

/** One look. Every process may do it; one at a time does. */
export async function watch(
  ports: { watch: WatchStore; incidents: Pick<IncidentStore, "keepTrue"> },
  policy: WatchPolicy,
): Promise<void> {
  await ports.watch.sampleParked();
  await ports.incidents.keepTrue(watchedKinds, watchFindings(await ports.watch.facts(), policy));
}
