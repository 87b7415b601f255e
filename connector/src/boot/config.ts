import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type LocalDate, OperatorError } from "../domain/index.ts";
import { didYouMean } from "../rules/did-you-mean.ts";
import { isLocal, type NamedKey, type ValueName, type Values, values } from "./config-values.ts";
import type { Secret } from "./secret.ts";

export interface Config {
  /** Undefined: the built-in PostgreSQL. */
  databaseUrl: Secret | undefined;
  /** The role that owns the tables, where it is another than the service's: it makes them, and keeps the journal append-only. */
  databaseOwnerUrl?: Secret | undefined;
  /** The journal is kept so long; undefined: for ever. */
  journalDays?: number;
  dataFolder: string;
  host: string;
  port: number;
  /** Where people's browsers and the two systems reach us, without a trailing slash. */
  publicUrl: string | undefined;
  /** Undefined: the key file of the data folder (see keys.ts). The first seals. */
  keys: NamedKey[] | undefined;
  /** The file that `keys` were read from. */
  keysFile?: string | undefined;
  quickbooks: {
    app: { clientId: string; clientSecret: Secret } | undefined;
    environment: "production" | "sandbox";
    webhookVerifiers: Secret[];
    baseUrl: string | undefined;
    /** What Intuit's tier allows the app in a month. */
    monthlyReads?: number | undefined;
    /** `none`: a simulator that has none. */
    limits?: "vendor" | "none" | undefined;
  };
  /** Undefined: no e-mail can be sent. */
  mail?: { url: Secret; from: string } | undefined;
  /** Alerts may go to addresses of a private network, too. */
  privateAlertTargets?: boolean;
  zendesk: {
    app: { clientId: string; clientSecret: Secret } | undefined;
    /** May hold `{subdomain}`. */
    baseUrl: string | undefined;
    apiToken: { email: string; token: Secret } | undefined;
    /** Of an app in Zendesk's Marketplace, whose global OAuth client this deployment uses. */
    marketplace?: { name: string; organizationId: string; appId: string } | undefined;
  };
  logLevel: NonNullable<Values["ML_CONNECTOR_LOG_LEVEL"]>;
  /** The business clock stands on this day: tests and the demo only. */
  today: LocalDate | undefined;
}

/** What of the machine the configuration depends on. */
export interface Environment {
  variables: Readonly<Record<string, string | undefined>>;
  readFile: (name: string) => string;
  platform: string;
  uid: number | undefined;
  home: string;
}

/** The one place that reads the environment of the process. */
export function processEnvironment(): Environment {
  return {
    variables: process.env,
    readFile: (name) => readFileSync(name, "utf8"),
    platform: process.platform,
    uid: process.getuid?.(),
    home: os.homedir(),
  };
}

/** Reads and checks everything at once: an operator who mends one mistake does not want to be told of the next at the next start. */
export function readConfig(environment: Environment): Config {
  const { found, complaints } = readValues(environment);
  complaints.push(...unknownNames(environment), ...contradictions(found));
  if (complaints.length > 0) {
    throw new OperatorError(
      `The configuration has ${complaints.length === 1 ? "a mistake" : `${complaints.length} mistakes`}:\n${complaints.map((line) => `  ${line}`).join("\n")}`,
    );
  }
  return {
    databaseUrl: found.DATABASE_URL,
    databaseOwnerUrl: found.DATABASE_OWNER_URL,
    journalDays: found.ML_CONNECTOR_JOURNAL_DAYS ?? 400,
    dataFolder: found.ML_CONNECTOR_DATA ?? defaultDataFolder(environment),
    host: found.ML_CONNECTOR_HOST ?? "127.0.0.1",
    port: found.ML_CONNECTOR_PORT ?? 8080,
    publicUrl: found.ML_CONNECTOR_PUBLIC_URL,
    keys: found.ML_CONNECTOR_KEYS,
    keysFile: environment.variables[`ML_CONNECTOR_KEYS${fileSuffix}`]?.trim() || undefined,
    quickbooks: {
      app: app(found.QUICKBOOKS_CLIENT_ID, found.QUICKBOOKS_CLIENT_SECRET),
      environment: found.QUICKBOOKS_ENVIRONMENT ?? "production",
      webhookVerifiers: found.QUICKBOOKS_WEBHOOK_VERIFIER ?? [],
      baseUrl: found.QUICKBOOKS_BASE_URL,
      monthlyReads: found.QUICKBOOKS_MONTHLY_READS,
      limits: found.QUICKBOOKS_LIMITS,
    },
    mail:
      found.ML_CONNECTOR_SMTP_URL && found.ML_CONNECTOR_MAIL_FROM
        ? { url: found.ML_CONNECTOR_SMTP_URL, from: found.ML_CONNECTOR_MAIL_FROM }
        : undefined,
    privateAlertTargets: found.ML_CONNECTOR_ALERT_TARGETS === "any",
    zendesk: {
      app: app(found.ZENDESK_CLIENT_ID, found.ZENDESK_CLIENT_SECRET),
      baseUrl: found.ZENDESK_BASE_URL,
      apiToken:
        found.ZENDESK_API_TOKEN_EMAIL && found.ZENDESK_API_TOKEN
          ? { email: found.ZENDESK_API_TOKEN_EMAIL, token: found.ZENDESK_API_TOKEN }
          : undefined,
      marketplace:
        found.ZENDESK_MARKETPLACE_NAME && found.ZENDESK_MARKETPLACE_ORGANIZATION_ID && found.ZENDESK_MARKETPLACE_APP_ID
          ? {
              name: found.ZENDESK_MARKETPLACE_NAME,
              organizationId: found.ZENDESK_MARKETPLACE_ORGANIZATION_ID,
              appId: found.ZENDESK_MARKETPLACE_APP_ID,
            }
          : undefined,
    },
    logLevel: found.ML_CONNECTOR_LOG_LEVEL ?? "info",
    today: found.ML_CONNECTOR_TODAY,
  };
}

function app(clientId: string | undefined, clientSecret: Secret | undefined) {
  return clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : undefined;
}

const names = Object.keys(values) as ValueName[];
const fileSuffix = "_FILE";

/** Each value from its variable or from the file that `NAME_FILE` names. An empty variable is an absent one. */
function readValues(environment: Environment): { found: Values; complaints: string[] } {
  const found: Record<string, unknown> = {};
  const complaints: string[] = [];
  for (const name of names) {
    const text = readText(environment, name);
    if (text === undefined) continue;
    const result = "says" in text ? undefined : values[name].safeParse(text.value);
    if (result?.success) found[name] = result.data;
    else
      complaints.push(
        `${name} ${"says" in text ? text.says : (result?.error.issues.map(({ message }) => message).join("; ") ?? "")}`,
      );
  }
  return { found, complaints };
}

function readText(environment: Environment, name: ValueName): { value: string } | { says: string } | undefined {
  const direct = environment.variables[name]?.trim();
  const file = environment.variables[`${name}${fileSuffix}`]?.trim();
  if (direct && file) return { says: `is set twice: also as ${name}${fileSuffix}` };
  if (direct) return { value: direct };
  if (!file) return undefined;
  try {
    const value = environment.readFile(file).trim();
    return value === "" ? { says: `is empty: nothing in ${file}` } : { value };
  } catch (error) {
    return {
      says: `cannot be read from ${file} (${error instanceof Error && "code" in error ? String(error.code) : "unknown"})`,
    };
  }
}

/** Read by our tests, not by the service; set in the same shell it must not stop a start. */
const ofOurTests = new Set(["ML_CONNECTOR_FIXTURES"]);

/** Every unknown ML_CONNECTOR_ name is a mistake; of the systems' prefixes, which other programs use too, what looks like a slip. */
function unknownNames({ variables }: Environment): string[] {
  const known = [...names, ...names.map((name) => `${name}${fileSuffix}`)];
  return Object.keys(variables)
    .filter(
      (name) => /^(ML_CONNECTOR|QUICKBOOKS|ZENDESK)_/i.test(name) && !known.includes(name) && !ofOurTests.has(name),
    )
    .sort()
    .flatMap((name) => {
      const meant = didYouMean(name, known);
      if (meant !== undefined) return [`${name} is unknown: did you mean ${meant}?`];
      return /^ML_CONNECTOR_/i.test(name) ? [`${name} is unknown`] : [];
    });
}

const pairs: readonly [ValueName, ValueName][] = [
  ["QUICKBOOKS_CLIENT_ID", "QUICKBOOKS_CLIENT_SECRET"],
  ["ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET"],
  ["ML_CONNECTOR_SMTP_URL", "ML_CONNECTOR_MAIL_FROM"],
  ["ZENDESK_API_TOKEN_EMAIL", "ZENDESK_API_TOKEN"],
  ["ZENDESK_MARKETPLACE_NAME", "ZENDESK_MARKETPLACE_ORGANIZATION_ID"],
  ["ZENDESK_MARKETPLACE_ORGANIZATION_ID", "ZENDESK_MARKETPLACE_APP_ID"],
];

function contradictions(found: Values): string[] {
  const halves = pairs.flatMap(([one, other]) => {
    if ((found[one] === undefined) === (found[other] === undefined)) return [];
    return [found[one] === undefined ? `${one} is missing: ${other} is set` : `${other} is missing: ${one} is set`];
  });
  if (found.DATABASE_OWNER_URL !== undefined && found.DATABASE_URL === undefined)
    halves.push("DATABASE_OWNER_URL needs DATABASE_URL: the built-in PostgreSQL has one role");
  if (found.QUICKBOOKS_LIMITS === "none" && !isOnThisMachine(found.QUICKBOOKS_BASE_URL))
    halves.push("QUICKBOOKS_LIMITS=none is for simulators: QUICKBOOKS_BASE_URL must be on this machine");
  // A moved clock near real accounts would write figures of another day to them.
  const replaced = [found.QUICKBOOKS_BASE_URL, found.ZENDESK_BASE_URL];
  const moved = found.ML_CONNECTOR_TODAY !== undefined && !replaced.every(isOnThisMachine);
  return moved
    ? [
        ...halves,
        "ML_CONNECTOR_TODAY moves the clock and is for tests: both QUICKBOOKS_BASE_URL and ZENDESK_BASE_URL must be on this machine",
      ]
    : halves;
}

function isOnThisMachine(url: string | undefined): boolean {
  return url !== undefined && isLocal(url.replaceAll(/[{}]/g, ""));
}

/** For root the place of services; else where this user's programs keep data. */
function defaultDataFolder({ variables, platform, uid, home }: Environment): string {
  const folder = "ml-connector";
  if (uid === 0) return `/var/lib/${folder}`;
  if (platform === "win32") return path.join(variables["LOCALAPPDATA"] ?? path.join(home, "AppData", "Local"), folder);
  const xdg = variables["XDG_DATA_HOME"];
  // The specification says to ignore a relative one.
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, ".local", "share"), folder);
}
