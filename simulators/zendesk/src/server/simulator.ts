import type { Script } from "../control/script.ts";
import { settleMerges } from "../records/merges.ts";
import type { Snapshot } from "../state/snapshot.ts";
import type { Clock } from "../world/clock.ts";
import type { Random } from "../world/random.ts";
import type { RequestLog } from "./log.ts";
import type { Router } from "./router.ts";
import type { Tenant } from "./tenant.ts";
import type { Weather } from "./weather.ts";

/** Everything one simulator process holds. */
export interface Simulator {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds that only move forward, for measured durations. */
  readonly stopwatch: () => number;
  /** By subdomain; the first one answers where the Host header names none. */
  readonly tenants: Map<string, Tenant>;
  readonly router: Router;
  readonly script: Script;
  readonly log: RequestLog;
  readonly weather: Weather;
  /** States put aside by name over the control port. */
  readonly snapshots: Map<string, Snapshot>;
}

/** The account that a Host header means: `acme.localhost:1234` is `acme`, an address of the machine is the first account. */
export function tenantOf(simulator: Simulator, host: string): Tenant {
  const label = host.split(":")[0]?.split(".")[0]?.toLowerCase() ?? "";
  const [first] = simulator.tenants.values();
  const tenant = simulator.tenants.get(label) ?? first;
  if (!tenant) throw new Error("a simulator has at least one account");
  return tenant;
}

export function settleAll(simulator: Simulator): void {
  for (const tenant of simulator.tenants.values()) {
    tenant.jobs.settle();
    settleMerges(tenant.account);
  }
}
