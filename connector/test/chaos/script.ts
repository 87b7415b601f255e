// What happens in a run of chaos, and when: fixed by its seed. How the processes interleave is not.
import { type Random, seededRandom } from "../../src/cli/demo/random.ts";
import type { LineFault } from "./line.ts";

export type Happening = { atMs: number } & (
  | { do: "change" }
  | { do: "edit"; what: "own-text" | "our-field" | "our-name" | "delete" }
  | { do: "weather"; system: "quickbooks" | "zendesk"; name: string }
  | { do: "cut"; line: "quickbooks" | "zendesk" | "webhooks"; how: LineFault; forMs: number }
  /** `nextDay`: the business clock stands one day later when it comes back. */
  | { do: "kill"; what: "service" | "database"; nextDay: boolean }
);

const minuteMs = 60_000;
const changeEveryMs = 700;
const editEveryMs = 5_000;
const weatherEveryMs = 9_000;
const cutEveryMs = 11_000;
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
const faults: readonly LineFault[] = ["refused", "reset", "stalled"];

export function writeScript(seed: number, minutes: number, mostChanges: number): Happening[] {
  const random = seededRandom(seed);
  const end = minutes * minuteMs - lastMs;
  const all = [
    ...every(random, changeEveryMs, end, (atMs): Happening => ({ atMs, do: "change" })),
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
        how: random.pick(faults),
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
      { length: random.between(1, 2) },
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
    if (one.do === "change" && left === 0) break;
    if (one.do === "change") left -= 1;
    kept.push(one);
  }
  return kept;
}
