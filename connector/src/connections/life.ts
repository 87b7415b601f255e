// The life of a connection.
//
//   connecting --both sides connected, zone known--> loading --first plan--> planned --approved--> active
//                                                        \________________________\________________/
//                                                           paused by a person or a failure, and back to where it was
//
// Only what is written here and in the plan store moves a connection; marks are kept in every state.
import {
  type ConnectionId,
  isZone,
  OperatorError,
  parseSubdomain,
  type Realm,
  type RemoteFailure,
  type System,
} from "../domain/index.ts";
import type { IncidentStore } from "../oversight/incidents/index.ts";
import type { CredentialStore } from "./credentials/index.ts";
import type {
  Company,
  CompanyFacts,
  CompanyStore,
  Connection,
  ConnectionState,
  ConnectionStore,
  OurClients,
  StoredConnection,
} from "./ports.ts";
import { checkSettings, readSettings } from "./settings.ts";
import { companyZone } from "./zone.ts";

export interface LifeOptions {
  connections: ConnectionStore;
  companies: CompanyStore;
  credentials: CredentialStore;
  incidents: IncidentStore;
  clients: OurClients;
}

/** What a connection still waits for before it can load. */
export type Missing = "quickbooks" | "zendesk" | "zone";

export function toConnection(stored: StoredConnection): Connection {
  return { ...stored, settings: readSettings(stored.settings) };
}

/** Pairs an account with a company that is still to be connected. Throws MalformedId and OperatorError. */
export async function createConnection(
  request: { subdomain: string; settings?: unknown },
  options: Pick<LifeOptions, "connections">,
): Promise<ConnectionId> {
  return options.connections.create(parseSubdomain(request.subdomain), checkSettings(request.settings ?? {}));
}

/** Lays these settings over the stored ones. The caller marks what they change. */
export async function changeSettings(
  id: ConnectionId,
  patch: unknown,
  options: Pick<LifeOptions, "connections">,
): Promise<Connection> {
  const checked = checkSettings(patch);
  const stored = await known(id, options);
  const before =
    typeof stored.settings === "object" && stored.settings !== null && !Array.isArray(stored.settings)
      ? stored.settings
      : {};
  const settings = { ...before, ...checked };
  await options.connections.saveSettings(id, settings);
  return toConnection({ ...stored, settings });
}

/** What is missing; when nothing is, a connecting one starts to load. */
export async function startWhenReady(id: ConnectionId, options: LifeOptions): Promise<Missing[]> {
  const connection = await known(id, options);
  const company = connection.realm === undefined ? undefined : await options.companies.read(connection.realm);
  const missing: Missing[] = [];
  if (!(await isValid("quickbooks", connection.realm, options))) missing.push("quickbooks");
  if (!(await isValid("zendesk", connection.subdomain, options))) missing.push("zendesk");
  if (company !== undefined && company.zone.kind !== "known") missing.push("zone");
  if (missing.length === 0) await options.connections.startLoading(id);
  return missing;
}

/** A person says in which zone the company counts its days. The caller marks everything: due dates may fall on other days. */
export async function confirmZone(realm: Realm, zone: string, options: LifeOptions): Promise<Company> {
  if (!isZone(zone))
    throw new OperatorError(
      `${JSON.stringify(zone.slice(0, 60))} is no time zone: write one such as America/New_York.`,
    );
  await options.companies.confirmZone(realm, zone);
  const company = await options.companies.read(realm);
  if (company === undefined) throw new OperatorError(`Company ${realm} is not connected.`);
  for (const { id } of await options.connections.using("quickbooks", realm)) await startWhenReady(id, options);
  return company;
}

/** What a company says of itself may change: its name, its currency, its zone. A zone that a person confirmed stays. */
export async function refreshCompany(
  realm: Realm,
  readCompany: (realm: Realm) => Promise<CompanyFacts>,
  options: Pick<LifeOptions, "companies">,
): Promise<void> {
  const facts = await readCompany(realm);
  await options.companies.save(realm, facts, companyZone(facts));
}

export async function pauseByPerson(id: ConnectionId, who: string, options: LifeOptions): Promise<boolean> {
  await known(id, options);
  return options.connections.pause(id, `person:${who}`);
}

/** Whatever stopped it: the person has seen to it. */
export async function resumeByPerson(id: ConnectionId, options: LifeOptions): Promise<ConnectionState> {
  const { pausedBy } = await known(id, options);
  const state = await options.connections.resume(id, "*");
  if (state === undefined) throw new OperatorError(`Connection ${id} is not paused.`);
  if (pausedBy !== undefined) await options.incidents.resolve(pausedBy, { connectionId: id });
  return state;
}

/** A failure that concerns the whole connection stops it once, as one incident; its marks stay. */
export async function pauseForFailure(
  id: ConnectionId,
  failure: Pick<RemoteFailure, "system" | "code" | "says">,
  options: Pick<LifeOptions, "connections" | "incidents">,
): Promise<void> {
  const by = `${failure.system}:${failure.code}` as const;
  if (await options.connections.pause(id, by))
    await options.incidents.note({ cause: by, says: failure.says, connectionId: id });
}

/** The system whose refusal has paused the connection: a new consent there ends that. */
export function refusingSystem({ state, pausedBy }: Pick<StoredConnection, "state" | "pausedBy">): System | undefined {
  const system = state === "paused" ? pausedBy?.split(":")[0] : undefined;
  return system === "quickbooks" || system === "zendesk" ? system : undefined;
}

/** Resumes what failures of this system stopped: `code`, or all of them after a new consent. */
export async function resumeAfterFailure(
  system: System,
  subject: string,
  code: string | undefined,
  options: Pick<LifeOptions, "connections" | "incidents">,
): Promise<void> {
  const by = `${system}:${code ?? "*"}`;
  for (const { id, pausedBy } of await options.connections.using(system, subject)) {
    const state = await options.connections.resume(id, by);
    if (state !== undefined && pausedBy !== undefined) await options.incidents.resolve(pausedBy, { connectionId: id });
  }
}

async function isValid(system: System, subject: string | undefined, options: LifeOptions): Promise<boolean> {
  if (subject === undefined) return false;
  const { clientId } = await options.clients.speaking(system, subject);
  const credential = await options.credentials.read({ system, clientId, subject });
  return credential?.state === "valid";
}

async function known(id: ConnectionId, options: Pick<LifeOptions, "connections">): Promise<StoredConnection> {
  const connection = await options.connections.read(id);
  if (connection === undefined) throw new OperatorError(`There is no connection ${id}.`);
  return connection;
}
