import type { Random } from "../world/random.ts";
import type { Switches } from "../world/switches.ts";

/** How long answers take: `median` of a log-normal distribution with spread `sigma`, in milliseconds. */
export interface Latency {
  median: number;
  sigma: number;
}

export const latencies = {
  zero: { median: 0, sigma: 0 },
  /** x-runtime of recorded calls lies around 90 ms (blakmatrix/node-zendesk test/fixtures, 2023). */
  recorded: { median: 90, sigma: 0.35 },
  slow: { median: 900, sigma: 0.8 },
} as const satisfies Record<string, Latency>;

export type LatencyName = keyof typeof latencies;

export function latencyMs(latency: Latency, random: Random): number {
  if (latency.median === 0) return 0;
  // Box-Muller; the first number must not be 0.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.min(30_000, latency.median * Math.exp(latency.sigma * normal));
}

/** Named weather: shares of calls that go wrong, what neighbours take of the budget, how jobs and events fare. */
export interface Profile {
  says: string;
  latency: LatencyName;
  /** Share of the account's requests a minute that is left for us. */
  budget: number;
  dropBefore: number;
  dropAfter: number;
  unavailable: number;
  /** 500 after the effect is done. */
  failAfter: number;
  /** A valid token is refused. */
  refuseToken: number;
  /** The pair is rotated and the answer never arrives. */
  dropRefresh: number;
  switches: Partial<Switches>;
}

const fair: Profile = {
  says: "nothing goes wrong",
  latency: "zero",
  budget: 1,
  dropBefore: 0,
  dropAfter: 0,
  unavailable: 0,
  failAfter: 0,
  refuseToken: 0,
  dropRefresh: 0,
  switches: {},
};

export const profiles = {
  calm: fair,
  zero: { ...fair, says: "jobs and answers at once, for capacity tests", switches: { jobPace: 0 } },
  "busy-hour": {
    ...fair,
    says: "other integrations take 40 % of the budget, jobs take twice as long",
    latency: "recorded",
    budget: 0.6,
    switches: { jobPace: 7 },
  },
  "month-end": {
    ...fair,
    says: "slow answers, 70 % of the budget is gone, jobs queue behind each other, now and then a 503",
    latency: "slow",
    budget: 0.3,
    unavailable: 0.01,
    switches: { jobPace: 5, jobConcurrency: 2, jobStartDelayMs: 2000, searchLagMs: 300_000 },
  },
  "flaky-network": {
    ...fair,
    says: "connections break before and after the effect",
    latency: "recorded",
    dropBefore: 0.03,
    dropAfter: 0.03,
    failAfter: 0.01,
  },
  throttled: { ...fair, says: "only a tenth of the budget is left", budget: 0.1 },
  "token-trouble": {
    ...fair,
    says: "valid tokens are refused at times, refreshed pairs get lost on the way",
    refuseToken: 0.03,
    dropRefresh: 0.5,
  },
  "webhooks-lost": {
    ...fair,
    says: "a third of the events never arrives, some come twice, most overtake each other",
    switches: { webhookLoss: 0.33, webhookDuplicates: 0.1, webhookShuffleMs: 2000 },
  },
  "vendor-outage": { ...fair, says: "every call answers 503 with Retry-After", unavailable: 1 },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

export function isProfile(name: unknown): name is ProfileName {
  return typeof name === "string" && Object.hasOwn(profiles, name);
}

export function isLatency(name: unknown): name is LatencyName {
  return typeof name === "string" && Object.hasOwn(latencies, name);
}
