import type { AccessPorts } from "../access/index.ts";
import type { ClientSeeker } from "../connections/index.ts";
import type { LocalDate, Subdomain } from "../domain/index.ts";
import type { AccessStores } from "../store/access-stores.ts";
import type { Database } from "../store/index.ts";
import type { Engine } from "./engine.ts";
import type { Log } from "./log.ts";
import type { Overseer } from "./overseer.ts";
import type { PingOptions } from "./ping.ts";

/** The program while it runs, in the service or in one command. */
export interface Running {
  engine: Engine;
  overseer: Overseer;
  privateAlertTargets: boolean;
  database: Database;
  pingOptions: Omit<PingOptions, "engine">;
  /** A service runs on this database. */
  isServed(): Promise<boolean>;
  /** Who may do what. */
  access: AccessPorts & Pick<AccessStores, "provisioned">;
  log: Log;
  /** Starts the workers here, unless a service on the same built-in database does the work already. */
  work(): Promise<void>;
  wake(subdomain: Subdomain): Promise<void>;
  /** Throws OperatorError where this connection has no client at one of the systems: neither the deployment's nor one that it brings. */
  ensureConfigured(connection: ClientSeeker, brings?: { quickbooks?: unknown; zendesk?: unknown }): Promise<void>;
  /** Throws OperatorError where the key ring does not open what the database holds: nothing must be sealed with a wrong one. */
  ensureKeys(): Promise<void>;
  /** Listens for OAuth callbacks, unless a service does. */
  listen(): Promise<void>;
  /** Listens and works until it is told to stop. */
  serve(): Promise<{ url: string; operatorKey: string; setup: string | undefined; stopped: Promise<void> }>;
  /** By the business clock. */
  today(zone: string): LocalDate;
  close(): Promise<void>;
}
