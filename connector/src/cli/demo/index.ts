// The demo: both simulators with a sample company and account, the connector beside them, a first load, then life.
// Not a test, though it compares everything: it imports neither the simulators nor the comparison, and starts all three as processes.
// Called by boot, which gives it the connector to run.
import { type DemoResult, demoResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { Agent, request } from "undici";
import { OperatorError, parseSubdomain } from "../../domain/index.ts";
import type { ConnectionFacts } from "../../views/index.ts";
import { planView } from "../../views/index.ts";
import { jsonOption } from "../arguments.ts";
import { approveAndLoad, planWithNames } from "../commands/approve-and-load.ts";
import { type Terminal } from "../output/index.ts";
import { compareAll, type Verdict } from "./comparison.ts";
import type { DemoConnector, OpenDemoConnector } from "./connector.ts";
import { liveChanges, type MadeChange, percentile } from "./live-changes.ts";
import { changesText, firstLoadText } from "./report.ts";
import { type Stage, setStage } from "./stage.ts";

export type { DemoConnector, OpenDemoConnector } from "./connector.ts";

interface DemoOptions {
  once?: true;
  changes: number;
  company?: string;
  account?: string;
  everyone?: true;
  seed: number;
  log?: string;
}

const verifier = "demo-verifier";
const onceChanges = 200;

export function registerDemo(program: Command, terminal: Terminal, open: OpenDemoConnector, today: () => string): void {
  program
    .command("demo")
    .description("show the main job on a sample company: connect, load, and keep up with a company that lives")
    .option("--once", "a first load and some changes, compared with an independent computation; then end")
    .option("--changes <n>", "how many live changes with --once", Number, onceChanges)
    .option("--company <file>", "a company file or folder of your own")
    .option("--account <file>", "an account file of your own")
    .option("--everyone", "also customers and vendors without recent documents")
    .option("--seed <n>", "another sample company", Number, 7)
    .option("--log <file>", "where the service logs")
    .addOption(jsonOption())
    .action((options: DemoOptions) => demo(terminal, open, today, options));
}

async function demo(
  terminal: Terminal,
  open: OpenDemoConnector,
  today: () => string,
  options: DemoOptions,
): Promise<void> {
  if (!Number.isInteger(options.changes) || options.changes < 0)
    throw new OperatorError("--changes must be a whole number of 0 or more.");
  if (!Number.isInteger(options.seed)) throw new OperatorError("--seed must be a whole number.");
  terminal.say("Starting both simulators and a database of their own");
  const stage = await setStage({
    seed: options.seed,
    today: today(),
    company: options.company,
    account: options.account,
  });
  if (stage.today !== today())
    terminal.say(`The newest document of this company is of ${stage.today}: that is today here`);
  const closing: (() => Promise<void>)[] = [stage.close];
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    const connector = await open({
      quickbooksUrl: stage.quickbooks.url,
      zendeskUrl: stage.zendesk.url,
      webhookVerifier: verifier,
      today: stage.today,
      logFile: options.log,
    });
    closing.unshift(connector.close);
    await play(terminal, stage, connector, options, stop.signal);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    for (const close of closing) await close();
  }
}

async function play(
  terminal: Terminal,
  stage: Stage,
  connector: DemoConnector,
  options: DemoOptions,
  stopped: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  const connection = await connectAndLoad(terminal, stage, connector, options);
  const firstLoadMs = performance.now() - startedAt;
  const calls = {
    quickbooks: await stage.quickbooks.control.counters(),
    zendesk: await stage.zendesk.control.counters(),
  };
  terminal.show(await firstLoadText(connector, connection, calls, firstLoadMs));
  terminal.show(
    `\nWhat an agent sees: ${stage.zendesk.url}/tickets\nThe company to play with: ${stage.quickbooks.url}/\n`,
  );
  const changes = await live(terminal, stage, connector, connection, options, stopped);
  if (options.once !== true) {
    terminal.show(`\nStopped after ${changes.length} changes. Nothing of it is left on this machine.`);
    return;
  }
  for await (const { due } of connector.application.settleBacklog(connection.id, { timeoutMs: 60_000 }))
    if (due > 0 && stopped.aborted) break;
  const verdict = await compareAll(stage, connector, connection);
  for (const { organizationId, party, what, expected, found } of verdict.differences.slice(0, 20))
    terminal.say(
      `${party ?? ""} ${organizationId ?? ""} ${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`.trim(),
    );
  const result = await resultOf(stage, connector, connection, { calls, firstLoadMs, changes, verdict });
  const whole = result.linked + result.rolledUp + result.parked + result.ignored + result.outOfScope === result.parties;
  const lost = changes.filter(({ shownAfterMs }) => shownAfterMs === undefined).length;
  if (verdict.different + verdict.foreignTouched + verdict.duplicates > 0 || !whole || lost > 0) terminal.endWith(1);
  terminal.report(demoResult, result, (shown) => changesText(shown, changes, terminal.style));
}

/** A person's part, played over HTTP: both consents, the look at the plan, the approval. */
async function connectAndLoad(
  terminal: Terminal,
  stage: Stage,
  connector: DemoConnector,
  { everyone }: DemoOptions,
): Promise<ConnectionFacts> {
  const { application } = connector;
  await stage.quickbooks.control.sendWebhooks({ url: connector.webhookUrl, verifier });
  const { connectionId, quickbooksUrl } = await application.beginConnect({
    subdomain: parseSubdomain("simulator"),
    settings: { scope: everyone === true ? "all" : "default" },
  });
  await consent(quickbooksUrl);
  const progress = terminal.progress();
  const titles = {
    quickbooks: "QuickBooks",
    zendesk: "Zendesk",
    directory: "Reading Zendesk",
    sweep: "Reading QuickBooks",
    plan: "Planning",
  };
  for await (const { stage: at, done, total, says } of application.connectProgress(connectionId, { zone: undefined }))
    progress.at({ title: titles[at], done, total, says });
  progress.end();
  const plan = await application.plans.latest(connectionId);
  if (!plan) throw new Error("connecting ended without a plan");
  terminal.show(await planWithNames(terminal, application, connectionId, planView(plan)));
  await approveAndLoad({ terminal, who: "demo" }, application, plan, true);
  const connection = await application.connections.get(connectionId);
  if (!connection) throw new Error("the connection is gone");
  return connection;
}

/** Follows the redirects from the consent page to our own callback, as a browser does. */
async function consent(authorizeUrl: string): Promise<void> {
  const dispatcher = new Agent();
  try {
    let next: string | undefined = `${authorizeUrl}&simulator_consent=allow`;
    for (let hop = 0; next !== undefined && hop < 3; hop += 1) {
      const answer = await request(next, { dispatcher });
      const text = await answer.body.text();
      const location: unknown = answer.headers["location"];
      if (answer.statusCode >= 400)
        throw new Error(
          `the consent failed with ${answer.statusCode}: ${text.replaceAll(/<[^>]+>|\s+/g, " ").slice(0, 300)}`,
        );
      next = typeof location === "string" ? new URL(location, next).href : undefined;
    }
  } finally {
    await dispatcher.close();
  }
}

async function live(
  terminal: Terminal,
  stage: Stage,
  connector: DemoConnector,
  connection: ConnectionFacts,
  options: DemoOptions,
  stopped: AbortSignal,
): Promise<MadeChange[]> {
  const made: MadeChange[] = [];
  const most = options.once === true ? options.changes : Number.POSITIVE_INFINITY;
  if (most === 0) return made;
  if (options.once !== true) terminal.show("The company lives. Stop with Ctrl+C.\n");
  const progress = terminal.progress();
  const { id: connectionId, realm = "", zone = "" } = connection;
  for await (const change of liveChanges(
    stage,
    connector,
    { connectionId, realm, zone, seed: options.seed },
    stopped,
  )) {
    made.push(change);
    const time = change.shownAfterMs === undefined ? "not shown" : `${Math.round(change.shownAfterMs)} ms`;
    if (options.once === true)
      progress.at({ title: "Live changes", done: made.length, total: most, says: `${time}  ${change.says}` });
    else terminal.show(`${time.padStart(9)}  ${change.says}`);
    if (made.length >= most) break;
    if (options.once !== true) await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
  progress.end();
  return made;
}

async function resultOf(
  stage: Stage,
  connector: DemoConnector,
  connection: ConnectionFacts,
  of: {
    calls: { quickbooks: Record<string, number>; zendesk: Record<string, number> };
    firstLoadMs: number;
    changes: readonly MadeChange[];
    verdict: Verdict;
  },
): Promise<DemoResult> {
  const standings = await connector.standings(connection.id);
  const count = (disposition: string) => standings.filter((standing) => standing.disposition === disposition).length;
  const sum = (counters: Record<string, number>, which: (operation: string) => boolean) =>
    Object.entries(counters).reduce((total, [operation, calls]) => total + (which(operation) ? calls : 0), 0);
  const times = of.changes.flatMap(({ shownAfterMs }) => shownAfterMs ?? []);
  const rounded = (value: number | undefined) => (value === undefined ? null : Math.round(value));
  return {
    parties: standings.length,
    linked: count("linked"),
    rolledUp: count("rolled-up"),
    parked: count("parked"),
    ignored: count("ignored"),
    outOfScope: count("out-of-scope"),
    organizations: new Set(standings.flatMap(({ organizationId }) => organizationId ?? [])).size,
    equal: of.verdict.equal,
    different: of.verdict.different,
    foreignTouched: of.verdict.foreignTouched,
    quickbooksPages: stage.pages,
    quickbooksCalls: sum(of.calls.quickbooks, (operation) => operation !== "oauth.authorize"),
    zendeskWrites: sum(of.calls.zendesk, (operation) => /^(Create|Update|Delete|Bulk|Merge)/.test(operation)),
    zendeskCalls: sum(of.calls.zendesk, () => true),
    callsByKind: of.calls,
    firstLoadMs: Math.round(of.firstLoadMs),
    liveP50Ms: rounded(percentile(times, 0.5)),
    liveP95Ms: rounded(percentile(times, 0.95)),
  };
}
