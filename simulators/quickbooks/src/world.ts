import { createLaggingView, type LaggingView, type Limiter, type Switches, type Weather } from "./behaviour/index.ts";
import type { Clock } from "./clock.ts";
import type { ChangeEvent, Company } from "./company/index.ts";
import type { Interventions } from "./control/interventions.ts";
import type { RequestLog } from "./control/request-log.ts";
import { VendorFault } from "./faults.ts";
import type { IdTokens, OAuthApp, Tokens } from "./oauth/index.ts";
import type { Randomness } from "./randomness.ts";
import type { Webhooks } from "./webhooks/index.ts";
import { type Mutation, mutateCompany } from "./writes/index.ts";

/** All state of one simulator. Made once per server; nothing is kept at module level. */
export interface World {
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** By realm; the first is the one that control calls mean when they name none. */
  readonly companies: Map<string, Company>;
  readonly app: OAuthApp;
  readonly otherApps: readonly OAuthApp[];
  tokens: Tokens;
  readonly idTokens: IdTokens;
  readonly webhooks: Webhooks;
  readonly log: RequestLog;
  readonly interventions: Interventions;
  readonly limiter: Limiter;
  switches: Switches;
  weather: Weather;
  /** Answers by realm and `requestid`, oldest first: the same id again gets the same answer and has no effect. */
  readonly answered: Map<string, string>;
  /** What queries see of a company while changes become visible late. */
  readonly views: Map<string, LaggingView>;
}

/** The vendor's own clock: simulated time, off by as much as the switch says. */
export function vendorNow(world: World): number {
  return world.clock.now() + world.switches.serverClockOffsetMs;
}

export function companyOf(world: World, realm: string | undefined): Company | undefined {
  return realm === undefined ? [...world.companies.values()][0] : world.companies.get(realm);
}

/** What queries and change data capture see. */
export function visibleCompany(world: World, company: Company): Company {
  if (world.switches.visibleAfterMs === 0) return company;
  return viewOf(world, company).at(vendorNow(world));
}

function viewOf(world: World, company: Company): LaggingView {
  const known = world.views.get(company.realm);
  if (known !== undefined) return known;
  const made = createLaggingView(company, world.switches.visibleAfterMs);
  world.views.set(company.realm, made);
  return made;
}

/** Puts a whole company in the place of another, as seeding and restoring do. */
export function putCompany(world: World, realm: string, company: Company): void {
  world.companies.set(realm, company);
  world.views.delete(realm);
}

export function setSwitches(world: World, switches: Switches): void {
  world.switches = switches;
  world.views.clear();
}

export function setWeather(world: World, weather: Weather): void {
  world.weather = weather;
  world.limiter.set({ ...world.limiter.limits(), neighboursPerMinute: weather.neighboursPerMinute });
}

/** Makes ready for a change, so that what was visible before it is still known. */
export function beforeChange(world: World, company: Company): void {
  if (world.switches.visibleAfterMs > 0) viewOf(world, company);
}

export function afterChange(world: World, company: Company, events: readonly ChangeEvent[]): void {
  if (world.switches.visibleAfterMs > 0) viewOf(world, company).changed(vendorNow(world));
  world.webhooks.enqueue(company.realm, events);
}

/** A mutation that the company refused, or whose company is unknown: the reason, for the control port. */
export class MutationRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MutationRefused";
  }
}

/** Applies what a person does; `silent` loses the event on its way. */
export function applyMutation(world: World, given: { realm: string | undefined; silent: boolean; mutation: Mutation }) {
  const company = companyOf(world, given.realm);
  if (company === undefined) throw new MutationRefused(`there is no company ${given.realm ?? ""}`);
  beforeChange(world, company);
  try {
    const { record, events } = mutateCompany(company, vendorNow(world), world.switches, given.mutation);
    afterChange(world, company, given.silent ? [] : events);
    return record;
  } catch (error) {
    if (error instanceof VendorFault) throw new MutationRefused(error.message);
    throw error;
  }
}
