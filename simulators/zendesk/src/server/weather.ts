import { type Latency, latencies, latencyMs, type Profile, type ProfileName, profiles } from "../control/profiles.ts";
import { Refusal } from "../records/refusals.ts";
import type { Random } from "../world/random.ts";
import type { Switches } from "../world/switches.ts";
import type { Tenant } from "./tenant.ts";

/** What the profile does to one call. */
export interface Misfortune {
  waitMs: number;
  dropBefore: boolean;
  dropAfter: boolean;
  refusal: Refusal | undefined;
  failAfter: boolean;
}

/** The profile that is on, and the luck of each call under it. Deterministic under the simulator's seed. */
export class Weather {
  readonly #random: Random;
  #name: ProfileName = "calm";
  #latency: Latency = latencies.zero;
  /** Values of the switches that the present profile has changed, per account. */
  readonly #before = new Map<Tenant, Partial<Switches>>();

  constructor(random: Random) {
    this.#random = random;
  }

  get name(): ProfileName {
    return this.#name;
  }

  /** Turns a profile on for all accounts; switches that the profile before had set go back to what they were. */
  change(name: ProfileName, latency: Latency | undefined, tenants: Iterable<Tenant>): void {
    const profile: Profile = profiles[name];
    for (const tenant of tenants) {
      const { account, limits } = tenant;
      account.switches = { ...account.switches, ...this.#before.get(tenant) };
      const touched = Object.keys(profile.switches) as (keyof Switches)[];
      this.#before.set(tenant, Object.fromEntries(touched.map((key) => [key, account.switches[key]])));
      account.switches = { ...account.switches, ...profile.switches };
      limits.share = profile.budget;
    }
    this.#name = name;
    this.#latency = latency ?? latencies[profile.latency];
  }

  draw(operation: string): Misfortune {
    const profile: Profile = profiles[this.#name];
    const happens = (share: number): boolean => share > 0 && this.#random.next() < share;
    const isRefresh = operation === "oauth.refresh";
    return {
      waitMs: latencyMs(this.#latency, this.#random),
      dropBefore: happens(profile.dropBefore),
      dropAfter: happens(isRefresh ? profile.dropRefresh : profile.dropAfter),
      refusal: happens(profile.unavailable)
        ? unavailable()
        : !operation.startsWith("oauth.") && happens(profile.refuseToken)
          ? tokenRefused()
          : undefined,
      failAfter: happens(profile.failAfter),
    };
  }
}

/** 503 with Retry-After means maintenance or load; Zendesk's own Ruby client waits for it. */
function unavailable(): Refusal {
  return new Refusal(
    503,
    { error: "ServiceUnavailable", description: "Sorry, we are down for maintenance. Please try again later." },
    { "retry-after": "10" },
  );
}

function tokenRefused(): Refusal {
  const description = "The access token provided is expired, revoked, malformed or invalid for other reasons.";
  return new Refusal(401, { error: "invalid_token", error_description: description });
}

/** A 500 whose effect is done: the caller has to look before it writes again. */
export function failedAfterEffect(): { status: number; body: unknown } {
  return { status: 500, body: { error: "InternalServerError", description: "Sorry, something went wrong on our end" } };
}
