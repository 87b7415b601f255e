// What happens in a run of chaos, and when: fixed by its seed. How the processes interleave is not.
import { type Random, seededRandom } from "../../src/cli/demo/random.ts";
import type { LineFault } from "./line.ts";

export type Happening = { atMs: number } /** So many clients and vendors at once. */ & (
  | { do: "change"; size: number }
  | { do: "edit"; what: "own-text" | "our-field" | "our-name" | "delete" }
  | { do: "weather"; system: "quickbooks" | "zendesk"; name: string }
  /** The next such call of Zendesk. */
  | { do: "fault"; fault: CallFault }
  /** How Zendesk's jobs behave, until the next such happening. */
  | { do: "jobs"; switches: (typeof jobDays)[number] }
  | { do: "cut"; line: "quickbooks" | "zendesk" | "webhooks"; how: LineFault; forMs: number }
  /** `nextDay`: the business clock stands one day later when it comes back. */
  | { do: "kill"; what: "service" | "database"; nextDay: boolean }
);

export interface CallFault {
  operation: string;
  nth: number;
  status?: number;
  drop?: true;
  /** A 500 comes after the effect: before it, it would be no news. */
  afterEffect: boolean;
  delayMs: number;
}

const minuteMs = 60_000;
const changeEveryMs = 600;
const editEveryMs = 5_000;
const weatherEveryMs = 9_000;
const cutEveryMs = 8_000;
const faultEveryMs = 2_000;
const jobsEveryMs = 15_000;
/** Nothing new happens in the last moments: what happened has to be taken in under the same weather. */
const lastMs = 2_000;

/** Bad days come often, good ones too: recovery needs room as well. */
const weathers = {
  quickbooks: [
    "calm",
    "calm",
    "flaky-network",
    "flaky-network",
    "webhooks-lost",
    "throttled",
    "busy-hour",
    "vendor-outage",
  ],
  zendesk: ["calm", "calm", "flaky-network", "flaky-network", "throttled", "busy-hour", "month-end", "vendor-outage"],
} as const;
const lineFaults: readonly LineFault[] = ["refused", "reset", "stalled"];
/** Single calls, jobs, and what is asked after an unknown outcome. */
const operations = [
  "UpdateOrganization",
  "UpdateOrganization",
  "CreateOrUpdateOrganization",
  "UpdateManyOrganizations",
  "CreateManyOrganizations",
  "ShowManyJobStatuses",
  "ShowManyOrganizations",
  "ListJobStatuses",
] as const;
const calmJobs = { jobPace: 100, jobCutAfter: null, jobResultsLost: false, jobOrder: "in-order" };
export const jobDays = [
  calmJobs,
  calmJobs,
  { ...calmJobs, jobPace: 5 },
  { ...calmJobs, jobCutAfter: 3 },
  { ...calmJobs, jobResultsLost: true },
  { ...calmJobs, jobOrder: "shuffled", jobPace: 10 },
] as const;

export function writeScript(seed: number, minutes: number, mostChanges: number): Happening[] {
  const random = seededRandom(seed);
  const end = minutes * minuteMs - lastMs;
  const all = [
    ...every(random, changeEveryMs, end, (atMs): Happening => ({ atMs, do: "change", size: sizeOf(random) })),
    ...every(random, faultEveryMs, end, (atMs): Happening => ({ atMs, do: "fault", fault: faultOf(random) })),
    ...every(random, jobsEveryMs, end, (atMs): Happening => ({ atMs, do: "jobs", switches: random.pick(jobDays) })),
    ...every(random, editEveryMs, end, (atMs): Happening => ({ atMs, do: "edit", what: editOf(random) })),
    ...every(random, weatherEveryMs, end, (atMs): Happening => {
      const system = random.pick(["quickbooks", "zendesk"] as const);
      return { atMs, do: "weather", system, name: random.pick(weathers[system]) };
    }),
    ...every(
      random,
      cutEveryMs,
      end,
      (atMs): Happening => ({
        atMs,
        do: "cut",
        line: random.pick(["quickbooks", "zendesk", "zendesk", "webhooks"]),
        how: random.pick(lineFaults),
        forMs: random.between(200, 4_000),
      }),
    ),
    ...kills(random, minutes, end),
  ].toSorted((one, other) => one.atMs - other.atMs);
  return shortened(all, mostChanges);
}

/** At least one of each in every minute begun, at any moment of it. */
function kills(random: Random, minutes: number, end: number): Happening[] {
  return Array.from({ length: Math.ceil(minutes) }, (_, minute) => minute).flatMap((minute): Happening[] => {
    const within = () => Math.min(end, minute * minuteMs + random.between(2_000, minuteMs - 4_000));
    const services = Array.from(
      { length: random.between(1, 3) },
      (): Happening => ({
        atMs: within(),
        do: "kill",
        what: "service",
        nextDay: random.chance(0.3),
      }),
    );
    return [...services, { atMs: within(), do: "kill", what: "database", nextDay: false }];
  });
}

/** Mostly one at a time; now and then so many that they go by jobs. */
function sizeOf(random: Random): number {
  return random.chance(0.07) ? random.between(6, 25) : 1;
}

function faultOf(random: Random): CallFault {
  const call = {
    operation: random.pick(operations),
    nth: random.between(1, 2),
    delayMs: random.pick([0, 0, 300, 2_500]),
  };
  const kind = random.between(1, 6);
  if (kind <= 2) return { ...call, status: 500, afterEffect: true };
  if (kind <= 4) return { ...call, drop: true, afterEffect: kind === 3 };
  return { ...call, status: kind === 5 ? 503 : 429, afterEffect: false };
}

function editOf(random: Random): Extract<Happening, { do: "edit" }>["what"] {
  const drawn = random.between(1, 20);
  if (drawn === 1) return "delete";
  return drawn <= 3 ? "our-name" : drawn <= 8 ? "our-field" : "own-text";
}

/** At random distances with this mean. */
function every(random: Random, meanMs: number, end: number, make: (atMs: number) => Happening): Happening[] {
  const made: Happening[] = [];
  for (let atMs = random.between(0, meanMs); atMs < end; atMs += random.between(1, 2 * meanMs)) made.push(make(atMs));
  return made;
}

/** A failing script with fewer changes: it ends with the last of them. */
function shortened(all: readonly Happening[], mostChanges: number): Happening[] {
  let left = mostChanges;
  const kept: Happening[] = [];
  for (const one of all) {
    if (one.do !== "change") {
      kept.push(one);
      continue;
    }
    if (left === 0) break;
    const size = Math.min(one.size, left);
    left -= size;
    kept.push({ ...one, size });
  }
  return kept;
}
