import { parseArgs } from "node:util";
import type { ZendeskSimulatorOptions } from "./start.ts";
import { isPlan, plans } from "./world/plans.ts";

export type Flags =
  | { kind: "start"; options: ZendeskSimulatorOptions; json: boolean }
  | { kind: "help" }
  | { kind: "problem"; message: string };

export const flagHelp = `Usage: npm run simulator:zendesk -- [options]
  --port N             port on 127.0.0.1 (default 0 = any free one)
  --host ADDRESS       address to listen on (default 127.0.0.1)
  --account FILE       account file, or a folder with account.json
  --plan NAME          ${Object.keys(plans).join(" | ")} (default enterprise)
  --subdomain NAME     the account's name (default simulator); may be given several times for several accounts
  --client-id ID       OAuth client (default simulator-client)
  --client-secret S    its secret (default simulator-secret)
  --public-client      a client without secret: PKCE is mandatory
  --redirect-uri URI   registered redirect address, may be given several times (default: any loopback address)
  --job-pace N         items a second that a job works through (default 15, 0 = at once)
  --seed N             repeatable ids and shuffles
  --json               print one line of JSON on standard output when listening
`;

/** Reads the command line; a mistake is a sentence, not an exception. */
export function readFlags(argv: readonly string[]): Flags {
  let values: ReturnType<typeof parse>["values"];
  try {
    ({ values } = parse(argv));
  } catch (error) {
    return problem(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
  }
  if (values.help) return { kind: "help" };
  const { plan } = values;
  if (plan !== undefined && !isPlan(plan))
    return problem(`--plan ${plan} is not one of ${Object.keys(plans).join(", ")}`);
  const port = readNumber(values.port, 65_535, true);
  if (port === null) return problem(`--port ${values.port} is not a port`);
  const jobPace = readNumber(values["job-pace"], Number.MAX_SAFE_INTEGER, false);
  if (jobPace === null) return problem(`--job-pace ${values["job-pace"]} is not a number of 0 or more`);
  const seed = readNumber(values.seed, 2 ** 32 - 1, true);
  if (seed === null) return problem(`--seed ${values.seed} is not a whole number`);
  const names = values.subdomain ?? [];
  const badName = names.find((name) => !/^[a-z0-9][a-z0-9-]{0,62}$/.test(name));
  if (badName !== undefined)
    return problem(`--subdomain ${badName} is not a subdomain: small letters, digits and hyphens`);
  const [first, ...more] = names;
  const options: ZendeskSimulatorOptions = {
    ...given("port", port),
    ...given("host", values.host),
    ...given("account", values.account),
    ...(plan !== undefined && isPlan(plan) ? { plan } : {}),
    ...given("subdomain", first),
    ...(more.length > 0 ? { moreSubdomains: more } : {}),
    ...given("clientId", values["client-id"]),
    ...(values["public-client"] ? { clientSecret: null } : given("clientSecret", values["client-secret"])),
    ...given("redirectUris", values["redirect-uri"]),
    ...given("jobPace", jobPace),
    ...given("seed", seed),
  };
  return { kind: "start", options, json: values.json === true };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      port: { type: "string" },
      host: { type: "string" },
      account: { type: "string" },
      plan: { type: "string" },
      subdomain: { type: "string", multiple: true },
      "client-id": { type: "string" },
      "client-secret": { type: "string" },
      "public-client": { type: "boolean" },
      "redirect-uri": { type: "string", multiple: true },
      "job-pace": { type: "string" },
      seed: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
}

const problem = (message: string): Flags => ({ kind: "problem", message: `${message} (see --help)` });

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V }); // a computed key loses its literal type
}

/** `undefined` where nothing was given, `null` where it is no such number. */
function readNumber(text: string | undefined, most: number, isWhole: boolean): number | null | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const isFine = text.trim() !== "" && value >= 0 && value <= most && (!isWhole || Number.isInteger(value));
  return isFine ? value : null;
}
