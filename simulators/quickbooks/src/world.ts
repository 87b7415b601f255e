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
  tokens: Tokens;
  readonly idTokens: IdTokens;
  readonly webhooks: Webhooks;
  readonly log: RequestLog;
  readonly interventions: Interventions;
}

export function companyOf(world: World, realm: string | undefined): Company | undefined {
  return realm === undefined ? [...world.companies.values()][0] : world.companies.get(realm);
}

export function tellChanges(world: World, realm: string, events: readonly ChangeEvent[]): void {
  world.webhooks.enqueue(realm, events);
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
  try {
    const { record, events } = mutateCompany(company, world.clock.now(), given.mutation);
    if (!given.silent) tellChanges(world, company.realm, events);
    return record;
  } catch (error) {
    if (error instanceof VendorFault) throw new MutationRefused(error.message);
    throw error;
  }
}
