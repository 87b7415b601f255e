// One run of chaos: connect, load and live while the script breaks things; then quiet; then everything is compared.
import { setTimeout as wait } from "node:timers/promises";
import { quickbooksControl } from "../../src/cli/demo/control.ts";
import { beginLife, nextChange } from "../../src/cli/demo/life-script.ts";
import type { CardTarget } from "../../src/cli/demo/life-world.ts";
import { seededRandom } from "../../src/cli/demo/random.ts";
import { createPlanStore } from "../../src/store/plan-store.ts";
import { eventually } from "../harness/eventually.ts";
import { compare } from "../oracle/compare.ts";
import { readInput } from "../oracle/input.ts";
import { journalMismatches } from "./journal-check.ts";
import { peopleAtWork } from "./people.ts";
import { lostRecords, writesOf, writtenRows } from "./receipt-check.ts";
import { type Happening, jobDays, writeScript } from "./script.ts";
import { buildWorld, type ChaosWorld } from "./world.ts";

const realm = "9341453000000001";
/** Every company that the simulator supplies is there. */
const zone = "America/Los_Angeles";
const quietMs = 240_000;
/** So long what waits for a time may wait by itself before the clock is helped along. */
const patienceMs = 15_000;

export interface ChaosResult {
  seed: number;
  changes: number;
  kills: number;
  faults: number;
  cards: number;
  equal: number;
  different: number;
  duplicates: number;
  lost: number;
  foreignTouched: number;
  journalMismatches: number;
}

export interface ChaosOptions {
  seed: number;
  minutes: number;
  changes: number;
  /** Told of everything that happens, in order. */
  note: (what: string, more?: object) => void;
}

export async function runChaos({ seed, minutes, changes, note }: ChaosOptions): Promise<ChaosResult> {
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date());
  const world = await buildWorld(seed, today, note);
  const life = quickbooksControl(world.quickbooksUrl);
  try {
    const before: unknown = await world.control("zendesk", "GET", "state");
    await world.connect();
    world.keepService();
    await world.listening();
    await world.sendWebhooks();
    await world.withDatabase((database) => createPlanStore(database).approve(1, "chaos"));
    const people = peopleAtWork(seededRandom(seed ^ 0xed17), before, (method, call, body) =>
      world.control("zendesk", method, call, body),
    );
    const storm = new Storm(world, seed, life, people, note);
    await storm.pass(writeScript(seed, minutes, changes));
    note("quiet");
    await calm(world);
    await settle(world, note);
    const lost = await world.withDatabase(async (database) => {
      const { deliveries }: { deliveries: Parameters<typeof lostRecords>[2] } = await world.control(
        "quickbooks",
        "GET",
        "webhooks",
      );
      return lostRecords(database, { ...(await life.company(realm)) }, deliveries);
    });
    // What no event told of: a person asks for the changes, as the next poll would.
    await world.run("sync");
    await settle(world, note);
    const meddled = people.meddledWith();
    const first = await compareAll(world, people.accountBefore());
    const unseen = first.differences.filter(({ organizationId: id }) => id === undefined || !meddled.has(id));
    note("compared", { different: first.different, unseen: unseen.slice(0, 40), foreign: first.foreignTouched });
    const { said }: { said: { differences: { record: string | null; reason: string }[] } } = await world.run(
      "verify",
      "--repair",
    );
    const stale = said.differences.filter(({ record, reason }) => record !== null && reason === "unexplained");
    note("repaired", said);
    await settle(world, note);
    const second = await compareAll(world, people.accountBefore());
    const now: unknown = await world.control("zendesk", "GET", "state");
    const lostWords = people.lostWords(now);
    const told = await journalOf(world, now);
    note("ended", { lost, lostWords, told, differences: second.differences.slice(0, 40) });
    if (told.length > 0) {
      const targets = told.map((line) => /: (\S+) \{/.exec(line)?.[1] ?? "");
      note("writes", { rows: await world.withDatabase((database) => writesOf(database, targets)) });
      note("Zendesk", { log: await world.control("zendesk", "GET", "log"), jobs: (now as { jobs: unknown }).jobs });
    }
    return {
      seed,
      changes: storm.changes,
      kills: storm.kills,
      faults: storm.cuts + (await refusedCalls(world)),
      cards: second.cards,
      equal: second.equal,
      different:
        second.different +
        stale.length +
        new Set(unseen.map(({ organizationId, party }) => organizationId ?? party)).size,
      duplicates: second.duplicates,
      lost: lost.length,
      foreignTouched: second.foreignTouched + lostWords.length,
      journalMismatches: told.length,
    };
  } finally {
    await life.close();
    await world.close();
  }
}

class Storm {
  changes = 0;
  kills = 0;
  cuts = 0;
  readonly #world: ChaosWorld;
  readonly #life: ReturnType<typeof quickbooksControl>;
  readonly #script: ReturnType<typeof beginLife>;
  readonly #people: ReturnType<typeof peopleAtWork>;
  readonly #note: ChaosOptions["note"];
  #company: Awaited<ReturnType<ReturnType<typeof quickbooksControl>["company"]>> | undefined;
  #cards: CardTarget[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(
    world: ChaosWorld,
    seed: number,
    life: ReturnType<typeof quickbooksControl>,
    people: ReturnType<typeof peopleAtWork>,
    note: ChaosOptions["note"],
  ) {
    this.#world = world;
    this.#life = life;
    this.#script = beginLife(seed);
    this.#people = people;
    this.#note = note;
  }

  async pass(script: readonly Happening[]): Promise<void> {
    const startedAt = performance.now();
    for (const one of script) {
      await wait(Math.max(0, one.atMs - (performance.now() - startedAt)));
      if (one.do !== "change") this.#note("happening", { happening: one });
      // Whoever is killed takes a moment to come back: life goes on meanwhile.
      const running = this.#happen(one)
        .catch((fault: unknown) =>
          this.#note("could not be done", { happening: one, why: String(fault).slice(0, 300) }),
        )
        .finally(() => this.#running.delete(running));
      this.#running.add(running);
      if (one.do === "change" || one.do === "edit") await running;
    }
    await Promise.all(this.#running);
  }

  async #happen(one: Happening): Promise<void> {
    switch (one.do) {
      case "change":
        for (let made = 0; made < one.size; made += 1) await this.#change();
        return undefined;
      case "edit": {
        const done = await this.#people.act(one.what);
        this.#note("edited", { edit: done });
        return undefined;
      }
      case "weather":
        await this.#world.control(one.system, "POST", "profile", { name: one.name });
        return undefined;
      case "fault":
        await this.#world.control("zendesk", "POST", "faults", one.fault);
        return undefined;
      case "jobs":
        await this.#world.control("zendesk", "POST", "switches", one.switches);
        return undefined;
      case "cut":
        this.cuts += 1;
        this.#world.lines[one.line].fault(one.how, one.forMs);
        return undefined;
      case "kill":
        if (one.what === "service") {
          this.kills += 1;
          await this.#world.killService(one.nextDay, one.nextDay ? 500 : 0);
        } else if (this.#world.killDatabase()) this.kills += 1;
        return undefined;
    }
  }

  async #change(): Promise<void> {
    const today = this.#world.today();
    const next = () => this.#company && nextChange(this.#script, { company: this.#company, cards: this.#cards, today });
    let change = next();
    if (!change) {
      this.#script.used.clear();
      this.#company = await this.#life.company(realm);
      this.#cards = cardsOf(await this.#world.standings());
      change = next();
    }
    if (!change) return;
    await this.#life.makeChange(change);
    this.changes += 1;
    this.#note("change", { says: change.says, party: change.party });
  }
}

function cardsOf(standings: Awaited<ReturnType<ChaosWorld["standings"]>>): CardTarget[] {
  return standings.flatMap(({ key, disposition, organizationId, origin }) =>
    disposition === "linked" && organizationId !== undefined && origin !== undefined
      ? [{ party: key, organizationId, origin }]
      : [],
  );
}

async function calm(world: ChaosWorld): Promise<void> {
  for (const line of Object.values(world.lines)) line.heal();
  for (const system of ["quickbooks", "zendesk"] as const)
    await world.control(system, "POST", "profile", { name: "calm" });
  await world.control("zendesk", "DELETE", "script");
  await world.control("zendesk", "POST", "switches", jobDays[0]);
  await world.listening();
  await world.sendWebhooks();
}

/** Until nothing is left to do. What waits for a time is let wait for a moment, then the time passes. */
async function settle(world: ChaosWorld, note: ChaosOptions["note"]): Promise<void> {
  const until = performance.now() + quietMs;
  for (;;) {
    try {
      await eventually(
        async () => (await world.unacknowledged()) === 0 && (await world.unfinished()) === 0,
        patienceMs,
      );
      return;
    } catch (fault) {
      if (performance.now() > until) {
        note("did not settle", { why: String(fault).slice(0, 300) });
        return;
      }
      await world.letTimePass().catch(() => undefined);
      await world.sendWebhooks();
    }
  }
}

async function compareAll(world: ChaosWorld, accountBefore: unknown) {
  const settings = { scope: "default", families: "roll-up", tolerance: "1", graceDays: 0, members: true };
  return compare(
    readInput({
      company: await world.control("quickbooks", "GET", "state"),
      account: await world.control("zendesk", "GET", "state"),
      accountBefore,
      connector: {
        realm,
        appUrl: "https://qbo.intuit.com",
        zone,
        today: world.today(),
        settings,
        parties: await world.standings(),
        answers: [],
      },
    }),
  );
}

async function journalOf(world: ChaosWorld, account: unknown): Promise<string[]> {
  const { requests }: { requests: Parameters<typeof journalMismatches>[0]["calls"] } = await world.control(
    "zendesk",
    "GET",
    "log",
  );
  const { jobs } = account as { jobs: Parameters<typeof journalMismatches>[0]["jobs"] };
  const rows = await world.withDatabase(writtenRows);
  return journalMismatches({ calls: requests, jobs, rows, realm });
}

/** Calls that the weather refused, throttled or cut, on both sides. */
async function refusedCalls(world: ChaosWorld): Promise<number> {
  let refused = 0;
  for (const system of ["quickbooks", "zendesk"] as const) {
    const { requests }: { requests: { status: number }[] } = await world.control(system, "GET", "log");
    refused += requests.filter(
      ({ status }) => status === 0 || status === 401 || status === 429 || status >= 500,
    ).length;
  }
  return refused;
}
