import { parseArgs } from "node:util";
import { type Switches, switchesSchema, weatherNames } from "./behaviour/index.ts";
import { CompanyFileError } from "./company/index.ts";
import { type WantedCompany, wantedCompany } from "./generate/index.ts";
import { startQuickbooksSimulator } from "./index.ts";

const usage = `QuickBooks simulator

  --port N                 port to listen on (default: any free one)
  --host ADDRESS           address to listen on (default 127.0.0.1)
  --company FILE_OR_FOLDER company file, or a folder that holds company.json; more of them as REALM=FILE_OR_FOLDER
  --generate SIZES         a made-up company instead: customers=100000,invoices=300000,vendors=..,bills=..,seed=7
  --realm ID               realm id of the company (default 9341453000000001)
  --client-id ID           (default simulator-client)
  --client-secret SECRET   (default simulator-secret)
  --redirect-uri URI       may be given several times (default: any address of this machine)
  --webhook-url URL        where change events are sent
  --webhook-verifier TOKEN key of their signatures
  --limits NAME            vendor (default) or unlimited
  --profile NAME           ${weatherNames.join(", ")} (default calm)
  --switch NAME=VALUE      may be given several times; see README
  --seed N                 repeatable ids and tokens
  --json                   one line of JSON on standard output when it listens
`;

/** What the caller has to do about it, in one line. */
class UsageError extends Error {}

function optionsOf(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      host: { type: "string" },
      company: { type: "string", multiple: true },
      generate: { type: "string" },
      realm: { type: "string" },
      "client-id": { type: "string" },
      "client-secret": { type: "string" },
      "redirect-uri": { type: "string", multiple: true },
      "webhook-url": { type: "string" },
      "webhook-verifier": { type: "string" },
      limits: { type: "string" },
      profile: { type: "string" },
      switch: { type: "string", multiple: true },
      seed: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return values;
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError(`--${flag} must be a whole number, not "${text}".`);
  return Number(text);
}

function oneOf<T extends string>(flag: string, text: string | undefined, names: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = names.find((name) => name === text);
  if (found === undefined) throw new UsageError(`--${flag} must be one of ${names.join(", ")}, not "${text}".`);
  return found;
}

function switchesOf(given: readonly string[] | undefined): Partial<Switches> | undefined {
  if (given === undefined) return undefined;
  const values = given.map((text): [string, unknown] => {
    const [name = "", value = ""] = text.split("=");
    return [name, /^(true|false|-?\d+)$/.test(value) ? (JSON.parse(value) as unknown) : value];
  });
  const read = switchesSchema.partial().safeParse(Object.fromEntries(values));
  if (read.success) return Object.fromEntries(Object.entries(read.data).filter(([, value]) => value !== undefined));
  throw new UsageError(
    `--switch: ${read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ")}.`,
  );
}

function generated(text: string | undefined, company: string | undefined): WantedCompany | undefined {
  if (text === undefined) return undefined;
  if (company !== undefined) throw new UsageError("Give --company or --generate, not both.");
  const wanted = wantedCompany(text);
  if (typeof wanted === "string") throw new UsageError(`--generate: ${wanted}.`);
  return wanted;
}

/** Drops what was not given: an absent option and an undefined one are different things to `start`. */
function given<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

async function run(args: string[]): Promise<void> {
  const flags = optionsOf(args);
  if (flags.help) {
    process.stderr.write(usage);
    return;
  }
  const url = flags["webhook-url"];
  const verifier = flags["webhook-verifier"];
  if ((url === undefined) !== (verifier === undefined)) {
    throw new UsageError("Give --webhook-url and --webhook-verifier together.");
  }
  const companies = flags.company ?? [];
  const others = companies.flatMap((text) => {
    const [, realm, path] = /^(\d{1,20})=(.+)$/.exec(text) ?? [];
    return realm === undefined || path === undefined ? [] : [[realm, path] as const];
  });
  const [own, second] = companies.filter((text) => !/^\d{1,20}=/.test(text));
  if (second !== undefined)
    throw new UsageError("Give the realm of every further company: --company REALM=FILE_OR_FOLDER.");
  const simulator = await startQuickbooksSimulator(
    given({
      port: numberOf("port", flags.port),
      host: flags.host,
      company: own,
      companies: Object.fromEntries(others),
      generate: generated(flags.generate, own),
      realm: flags.realm,
      clientId: flags["client-id"],
      clientSecret: flags["client-secret"],
      redirectUris: flags["redirect-uri"],
      webhook: url !== undefined && verifier !== undefined ? { url, verifier } : undefined,
      limits: oneOf("limits", flags.limits, ["vendor", "unlimited"] as const),
      profile: oneOf("profile", flags.profile, weatherNames),
      switches: switchesOf(flags.switch),
      seed: numberOf("seed", flags.seed),
    }),
  );
  process.stderr.write(`QuickBooks simulator listens on ${simulator.url} (realm ${simulator.realm}).\n`);
  if (flags.json) process.stdout.write(`${JSON.stringify({ url: simulator.url, realm: simulator.realm })}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void simulator.close());
  }
}

function explain(error: unknown): string {
  if (error instanceof CompanyFileError)
    return `The company cannot be loaded: ${error.message}. Give another --company.`;
  if (error instanceof UsageError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE") {
    return "The port is in use. Give another --port, or leave it out for a free one.";
  }
  if ("code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) return `${error.message} See --help.`;
  return error.message;
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error).replaceAll(/\s+/g, " ")}\n`);
  process.exitCode = 1;
}
