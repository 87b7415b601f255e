import path from "node:path";
import { fileURLToPath } from "node:url";
import { Agent, request } from "undici";
import { type SimulatorProcess, startSimulator } from "../../src/cli/demo/simulator-process.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A simulator in a process of its own, with its control port. */
export interface Simulator extends SimulatorProcess {
  get<Answer>(call: string): Promise<Answer>;
  post<Answer>(call: string, body: object): Promise<Answer>;
  delete(call: string): Promise<void>;
}

/** What a bench wants of the two systems. */
export interface Systems {
  /** A generated company, as `--generate` takes it, or a company file. */
  company: { generate: string } | { file: string };
  accountFile?: string;
  /** `unlimited`: neither system limits requests; what the connector keeps to by itself stays. */
  limits: "vendor" | "unlimited";
  /** Of a Zendesk job: items a second, and milliseconds until it starts. */
  jobs: { itemsPerSecond: number; startDelayMs: number };
}

/** Recorded: about 15 organizations a second (blakmatrix/node-zendesk test/fixtures). */
export const recordedPace = { itemsPerSecond: 15, startDelayMs: 300 };
/** A job of 100 takes a second. */
export const secondPerJob = { itemsPerSecond: 100, startDelayMs: 0 };

export interface BothSimulators {
  quickbooks: Simulator;
  zendesk: Simulator;
  close(): Promise<void>;
}

export async function startSimulators(systems: Systems): Promise<BothSimulators> {
  const { company, limits, jobs } = systems;
  const quickbooks = await start("quickbooks", [
    ...("generate" in company ? ["--generate", company.generate] : ["--company", company.file]),
    "--limits",
    limits,
  ]);
  const zendesk = await start("zendesk", [
    "--plan",
    limits === "vendor" ? "enterprise" : "unlimited",
    "--job-pace",
    String(jobs.itemsPerSecond),
    ...(systems.accountFile === undefined ? [] : ["--account", systems.accountFile]),
  ]);
  await zendesk.post("switches", { jobStartDelayMs: jobs.startDelayMs });
  return {
    quickbooks,
    zendesk,
    async close() {
      await Promise.all([quickbooks.stop(), zendesk.stop()]);
    },
  };
}

/** The QuickBooks simulator alone, started with these words. */
export function startQuickbooks(args: readonly string[]): Promise<Simulator> {
  return start("quickbooks", args);
}

/** Every call of both systems' APIs takes this long from now on; the control ports do not. */
export async function setLatency({ quickbooks, zendesk }: BothSimulators, ms: number): Promise<void> {
  await quickbooks.post("profile", { latency: { p50Ms: ms, p95Ms: ms } });
  await zendesk.post("profile", { latency: { median: ms, sigma: 0 } });
}

/** Made-up companies of any size take their time to be made up. */
const startWithinMs = 120_000;
const longestCallMs = 300_000;

async function start(system: "quickbooks" | "zendesk", args: readonly string[]): Promise<Simulator> {
  const running = await startSimulator({
    title: `the ${system} simulator`,
    main: path.join(root, "simulators", system, "src/main.ts"),
    args,
    startWithinMs,
  });
  const dispatcher = new Agent({ headersTimeout: longestCallMs, bodyTimeout: longestCallMs });
  const call = async (method: "GET" | "POST" | "DELETE", name: string, body?: object): Promise<unknown> => {
    const answer = await request(`${running.url}/_control/${name}`, {
      method,
      dispatcher,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new Error(`${method} ${name} was refused: ${text.slice(0, 500)}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    ...running,
    // Shapes are the simulators' own (their README); a wrong one shows in the bench's figures at once.
    get: async <Answer>(name: string) => (await call("GET", name)) as Answer,
    post: async <Answer>(name: string, body: object) => (await call("POST", name, body)) as Answer,
    delete: async (name) => void (await call("DELETE", name)),
    async stop(graceMs) {
      await dispatcher.close();
      await running.stop(graceMs);
    },
  };
}
