// `ml-connector doctor`: looks at everything that has to work, from the machine to both systems, and ends with what to do.
import { access, constants } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Check, DoctorResult } from "@ml-connector/contract";
import { OperatorError } from "../domain/index.ts";
import { createDiagnosisStore } from "../store/diagnosis-store.ts";
import { checksOf, todoOf } from "./checks.ts";
import { type Config, type Environment, readConfig } from "./config.ts";
import { freeBytes } from "./overseer.ts";
import { checkConnection } from "./ping.ts";
import type { Running } from "./program.ts";
import { systemClock } from "./systems.ts";

const megabyte = 1024 ** 2;
const leastFreeBytes = 1024 * megabyte;
const leastMemoryBytes = 256 * megabyte;
const slowMs = 50;
const mostSkewMs = 2_000;

export interface DoctorOptions {
  environment: Environment;
  open(config: Config): Promise<Running>;
}

export async function examine({ environment, open }: DoctorOptions): Promise<DoctorResult> {
  const config = readOrSay(environment);
  if ("group" in config) return result([config]);
  const checks = await outside(config);
  let running: Running;
  try {
    running = await open(config);
  } catch (fault) {
    if (!(fault instanceof OperatorError)) throw fault;
    return result([...checks, checksOf("database").failed("opened", fault.message, fault.message)]);
  }
  try {
    return result([...checks, ...(await inside(config, running))]);
  } finally {
    await running.close();
  }
}

/** The same by the running service, of itself. */
export async function examineRunning(config: Config, running: Running): Promise<DoctorResult> {
  return result([...(await outside(config)), ...(await inside(config, running))]);
}

async function outside(config: Config): Promise<Check[]> {
  return [
    checksOf("configuration").ok("environment", "read without a mistake"),
    ...(await machine(config)),
    ...clients(config),
  ];
}

async function inside(config: Config, running: Running): Promise<Check[]> {
  return [
    ...(await databaseChecks(running)),
    ...(await keyChecks(running)),
    ...(await serviceChecks(running)),
    ...(await connectionChecks(running, config)),
    ...(await clockChecks(running)),
    ...(await oversightChecks(running)),
  ];
}

function result(checks: Check[]): DoctorResult {
  return { ok: checks.every(({ state }) => state !== "failed"), checks, todo: todoOf(checks) };
}

function readOrSay(environment: Environment): Config | Check {
  try {
    return readConfig(environment);
  } catch (fault) {
    if (!(fault instanceof OperatorError)) throw fault;
    return checksOf("configuration").failed(
      "environment",
      fault.message,
      "Correct the configuration: docs/operations.md lists every name",
    );
  }
}

async function machine({ dataFolder }: Config): Promise<Check[]> {
  const of = checksOf("machine");
  const free = await freeBytes(await existing(dataFolder));
  const memory = os.freemem();
  return [
    of.ok(
      "runtime",
      `Node ${process.versions.node} on ${process.platform} ${process.arch}, ${os.availableParallelism()} cores`,
    ),
    memory < leastMemoryBytes
      ? of.warning(
          "memory",
          `${Math.floor(memory / megabyte)} MB are free`,
          "Give the machine more memory: 512 MB for the service, and what PostgreSQL needs",
        )
      : of.ok("memory", `${Math.floor(memory / megabyte)} MB are free`),
    free < leastFreeBytes
      ? of.failed(
          "disk",
          `${Math.floor(free / megabyte)} MB are free where ${dataFolder} is`,
          `Make room where ${dataFolder} is`,
        )
      : of.ok("disk", `${Math.floor(free / megabyte)} MB are free where ${dataFolder} is`),
    (await isWritable(await existing(dataFolder)))
      ? of.ok("data folder", `${dataFolder} can be written`)
      : of.failed(
          "data folder",
          `${dataFolder} cannot be written by this user`,
          `Let this user write ${dataFolder}, or set ML_CONNECTOR_DATA`,
        ),
  ];
}

/** The folder itself, or the nearest one above that is there. */
async function existing(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    const isThere = await access(at).then(
      () => true,
      () => false,
    );
    if (isThere || at === path.dirname(at)) return at;
  }
}

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function clients({ quickbooks, zendesk, mail }: Config): Check[] {
  const of = checksOf("configuration");
  return [
    quickbooks.app === undefined
      ? of.warning(
          "quickbooks client",
          "the deployment has none: each connection has to bring its own",
          "Set QUICKBOOKS_CLIENT_ID and QUICKBOOKS_CLIENT_SECRET, or: ml-connector clients bring quickbooks",
        )
      : of.ok("quickbooks client", `configured, for ${quickbooks.environment}`),
    zendesk.apiToken !== undefined
      ? of.warning(
          "zendesk client",
          "a legacy API token, which Zendesk ends on 2027-04-30",
          "Make an OAuth client in Zendesk and set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET",
        )
      : zendesk.app === undefined
        ? of.warning(
            "zendesk client",
            "the deployment has none: each connection has to bring its own",
            "Set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET, or: ml-connector clients bring zendesk",
          )
        : of.ok("zendesk client", "configured"),
    mail === undefined
      ? of.warning(
          "mail",
          "no mail server: alerts cannot go by e-mail",
          "Set ML_CONNECTOR_SMTP_URL and ML_CONNECTOR_MAIL_FROM",
        )
      : of.ok("mail", "configured; to try it: ml-connector alerts test"),
  ];
}

async function databaseChecks({ database, engine }: Running): Promise<Check[]> {
  const of = checksOf("database");
  const facts = await createDiagnosisStore(database).facts();
  const times: number[] = [];
  for (let nth = 0; nth < 3; nth += 1) {
    const before = performance.now();
    await engine.stores.directory.now();
    times.push(performance.now() - before);
  }
  const fastest = Math.min(...times);
  const left = facts.mostConnections - facts.connections;
  return [
    of.ok("opened", `PostgreSQL ${facts.version}, ${Math.ceil(facts.bytes / megabyte)} MB`),
    fastest > slowMs
      ? of.warning(
          "distance",
          `a question takes ${fastest.toFixed(0)} ms`,
          "Run the service near its database: every change costs several questions",
        )
      : of.ok("distance", `a question takes ${fastest.toFixed(1)} ms`),
    left < 20
      ? of.warning(
          "connections",
          `${facts.connections} of ${facts.mostConnections} are in use`,
          "Raise max_connections: each process takes up to 24",
        )
      : of.ok("connections", `${facts.connections} of ${facts.mostConnections} are in use`),
    of.ok(
      "journal",
      facts.ownsJournal
        ? "append-only by a trigger: the role that we run as owns it"
        : "append-only: the role that we run as cannot change it",
    ),
  ];
}

async function keyChecks({ engine }: Running): Promise<Check[]> {
  const of = checksOf("keys");
  const fault = await engine.keys.fault();
  const { keys, where } = await engine.keys.status();
  if (fault !== undefined) return [of.failed("ring", fault, "Put the missing or right key back from your backup")];
  const idle = keys.filter(({ current, texts }) => !current && texts === 0);
  return [
    of.ok("ring", `${where}: ${keys.length} ${keys.length === 1 ? "key" : "keys"}, all that is sealed opens`),
    ...(idle.length > 0 ? [of.ok("former keys", `${idle.map(({ kid }) => kid).join(", ")}: not needed any more`)] : []),
  ];
}

async function serviceChecks({ isServed }: Running): Promise<Check[]> {
  const of = checksOf("service");
  return [
    (await isServed())
      ? of.ok("running", "a service works on this database")
      : of.warning("running", "no service works on this database: changes wait", "Start it: ml-connector start"),
  ];
}

async function connectionChecks(running: Running, config: Config): Promise<Check[]> {
  const of = checksOf("connections");
  const connections = (await running.engine.stores.connections.all()).filter(({ state }) => state !== "disconnected");
  if (connections.length === 0)
    return [of.warning("connected", "nothing is connected", "Begin with: ml-connector connect SUBDOMAIN")];
  const checks: Check[] = [];
  for (const { id, subdomain } of connections) {
    const options = { ...running.pingOptions, engine: running.engine };
    const pinged = await checkConnection(id, options);
    const named = connections.length > 1 ? `${subdomain} (${id}): ` : "";
    checks.push(...pinged.map((check) => ({ ...check, says: `${named}${check.says}` })));
  }
  if (config.publicUrl === undefined)
    checks.push(
      checksOf("webhooks").warning(
        "public address",
        "ML_CONNECTOR_PUBLIC_URL is not set",
        "Set ML_CONNECTOR_PUBLIC_URL to the https address under which browsers and both systems reach the service",
      ),
    );
  return unique(checks);
}

function unique(checks: readonly Check[]): Check[] {
  return [...new Map(checks.map((check) => [JSON.stringify(check), check])).values()];
}

async function clockChecks({ engine, overseer }: Running): Promise<Check[]> {
  const of = checksOf("clock");
  const before = systemClock.wallMs();
  const database = (await engine.stores.directory.now()).getTime();
  const after = systemClock.wallMs();
  const skewMs = Math.max(0, before - database, database - after);
  const systems = overseer.systemSkews();
  return [
    skewMs > mostSkewMs
      ? of.failed(
          "database",
          `differs by ${(skewMs / 1000).toFixed(1)} s`,
          "Set this machine's clock and the database's by NTP",
        )
      : of.ok("database", `agrees within ${mostSkewMs / 1000} s`),
    ...systems.map(({ system, skewMs: off }) =>
      Math.abs(off) > 30_000
        ? of.failed(system, `differs by ${(Math.abs(off) / 1000).toFixed(0)} s`, "Set this machine's clock by NTP")
        : of.ok(system, "agrees within 30 s"),
    ),
  ];
}

async function oversightChecks({ engine }: Running): Promise<Check[]> {
  const of = checksOf("oversight");
  const targets = await engine.stores.alerts.targets();
  const incidents = await engine.stores.incidents.open();
  return [
    targets.length === 0
      ? of.warning(
          "alerts",
          "nobody is told when something stops",
          "Add somebody: ml-connector alerts add email ops@example.com",
        )
      : of.ok("alerts", `${targets.length} ${targets.length === 1 ? "target is" : "targets are"} told`),
    ...(incidents.length === 0
      ? [of.ok("incidents", "none is open")]
      : incidents.map(({ severity, says, cause }) =>
          severity === "notice" ? of.ok(cause, says) : of.warning(cause, says, says),
        )),
  ];
}
