// The product as it is deployed, among systems that can fail: the real program on its built-in PostgreSQL, both simulators as processes of
// their own, and a line to each that can be cut. Whoever is killed is started again, as a supervisor of processes would.
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { sampleAccount } from "../../src/cli/demo/sample-account.ts";
import { sampleCompany } from "../../src/cli/demo/sample-company.ts";
import { startSimulator } from "../../src/cli/demo/simulator-process.ts";
import { programs } from "../../src/cli/demo/stage.ts";
import { parseConnectionId } from "../../src/domain/index.ts";
import { removeAddress } from "../../src/store/embedded/address.ts";
import { dataFolder } from "../../src/store/embedded/data-folder.ts";
import { attachToRunning } from "../../src/store/embedded/index.ts";
import { stopPostmaster } from "../../src/store/embedded/postmaster.ts";
import { temporaryParent } from "../../src/store/embedded/temporary.ts";
import { closeDatabase, type Database, openDatabase } from "../../src/store/index.ts";
import { createOverviewStore, type Standing } from "../../src/store/overview-store.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort, type Program, startProgram, untilListening } from "../harness/program.ts";
import { startLine } from "./line.ts";

export const connectionId = parseConnectionId(1);
const verifier = "a-verifier-of-chaos";

export type ChaosWorld = Awaited<ReturnType<typeof buildWorld>>;

export async function buildWorld(seed: number, today: string, note: (what: string, more?: object) => void) {
  const root = mkdtempSync(path.join(os.tmpdir(), "ml-connector-chaos-"));
  // PostgreSQL's own user passes through.
  chmodSync(root, 0o711);
  const folder = path.join(root, "data");
  mkdirSync(folder, { mode: 0o711 });
  const copied = path.join(await temporaryParent(), "programs");
  if (existsSync(copied)) symlinkSync(copied, path.join(folder, "programs"));
  const company = sampleCompany(seed, today);
  writeFileSync(path.join(root, "company.json"), JSON.stringify(company));
  writeFileSync(path.join(root, "account.json"), JSON.stringify(sampleAccount(seed, company)));
  const quickbooks = await startSimulator({
    title: "the QuickBooks simulator",
    main: programs.quickbooks,
    args: ["--company", path.join(root, "company.json"), "--seed", String(seed)],
  });
  const zendesk = await startSimulator({
    title: "the Zendesk simulator",
    main: programs.zendesk,
    args: ["--account", path.join(root, "account.json"), "--seed", String(seed), "--job-pace", "100"],
  });
  const port = await freePort();
  const lineTo = (url: string) => startLine({ host: "127.0.0.1", port: Number(new URL(url).port) });
  const lines = {
    quickbooks: await lineTo(quickbooks.url),
    zendesk: await lineTo(zendesk.url),
    webhooks: await startLine({ host: "127.0.0.1", port }),
  };
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    NODE_COMPILE_CACHE: path.join(root, "compiled"),
    ML_CONNECTOR_DATA: folder,
    ML_CONNECTOR_PORT: String(port),
    ML_CONNECTOR_KEYS: `k1:${randomBytes(32).toString("base64url")}`,
    QUICKBOOKS_CLIENT_ID: "simulator-client",
    QUICKBOOKS_CLIENT_SECRET: "simulator-secret",
    QUICKBOOKS_WEBHOOK_VERIFIER: verifier,
    QUICKBOOKS_BASE_URL: `http://127.0.0.1:${lines.quickbooks.port}`,
    ZENDESK_CLIENT_ID: "simulator-client",
    ZENDESK_CLIENT_SECRET: "simulator-secret",
    ZENDESK_BASE_URL: `http://127.0.0.1:${lines.zendesk.port}`,
  };
  const started = new Set<Program>();
  let service: Program | undefined;
  let day = today;
  let closing = false;

  async function control(
    system: "quickbooks" | "zendesk",
    method: string,
    call: string,
    body?: object,
  ): Promise<never> {
    const answer = await fetch(`${(system === "quickbooks" ? quickbooks : zendesk).url}/_control/${call}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${call}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
    return (await answer.json()) as never; // callers name what they expect
  }

  function spawnProgram(words: readonly string[]): Program {
    const program = startProgram({ ...env, ML_CONNECTOR_TODAY: day }, words);
    started.add(program);
    void program.ended.then(() => started.delete(program));
    return program;
  }

  /** Starts it, and again whenever it ends, until it is killed on purpose. */
  function keepService(): void {
    const mine = spawnProgram(["start", "--json"]);
    service = mine;
    void mine.ended.then(async ({ code, signal, err }) => {
      writeFileSync(path.join(root, "service.log"), err, { flag: "a" });
      if (closing || service !== mine) return;
      note("the service ended by itself", { code, signal, said: err.slice(-300) });
      await wait(1_000);
      if (!closing && service === mine) keepService();
    });
  }

  const sendWebhooks = () =>
    control("quickbooks", "POST", "webhooks", {
      url: `http://127.0.0.1:${lines.webhooks.port}/webhooks/quickbooks`,
      verifier,
      aggregationMs: 100,
    });

  const world = {
    root,
    control,
    lines,
    sendWebhooks,
    quickbooksUrl: quickbooks.url,
    today: () => day,

    keepService,

    async killService(nextDay: boolean, downMs: number): Promise<void> {
      const victim = service;
      service = undefined;
      await victim?.kill();
      if (nextDay) day = new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
      await wait(downMs);
      keepService();
    },

    /** The supervisor in the service brings it back. */
    killDatabase(): boolean {
      try {
        const pid = Number(readFileSync(path.join(dataFolder(folder).data, "postmaster.pid"), "utf8").split("\n")[0]);
        process.kill(pid, "SIGKILL");
        return true;
      } catch {
        return false; // it is being started again
      }
    },

    async listening(): Promise<void> {
      await eventually(async () => {
        if (service) await untilListening(service);
        return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
      }, 120_000);
    },

    /** One command with --json; its one line. */
    async run(...words: string[]): Promise<{ code: number | null; said: never }> {
      const { code, out, err } = await spawnProgram([...words, "--json"]).ended;
      try {
        return { code, said: JSON.parse(out) as never }; // callers name what they expect
      } catch {
        throw new Error(`${words.join(" ")} ended with ${code} and without JSON: ${out}${err.slice(-1_000)}`);
      }
    },

    /** `connect` as a person does it; ends with the plan proposed. */
    async connect(): Promise<void> {
      const command = spawnProgram(["connect", "simulator", "--json"]);
      const address = /http:\S+\/connect\/oauth2\?\S+/;
      await eventually(() => address.test(command.err()), 60_000);
      const granted = await fetch(`${address.exec(command.err())?.[0]}&simulator_consent=allow`, {
        redirect: "manual",
      });
      await fetch(granted.headers.get("location") ?? "http://127.0.0.1:1/");
      const { code, err } = await command.ended;
      if (code !== 0) throw new Error(`connect ended with ${code}: ${err.slice(-1_000)}`);
    },

    async withDatabase<Value>(work: (database: Database) => Promise<Value>): Promise<Value> {
      const connection = await attachToRunning(folder);
      if (!connection) throw new Error("the built-in PostgreSQL does not run");
      const database = openDatabase({ connection, maxConnections: 1, applicationName: "ml-connector chaos" });
      try {
        return await work(database);
      } finally {
        await closeDatabase(database);
      }
    },

    standings: (): Promise<Standing[]> =>
      world.withDatabase((database) => createOverviewStore(database).standings(connectionId)),

    /** Lets everything that waits for a time be due now: retries, blocks, rechecks, dead workers' jobs. */
    letTimePass: () =>
      world.withDatabase(async (database) => {
        await sql`update mark set due_at = now() where due_at > now()`.execute(database);
        await sql`update account set blocked_until = null`.execute(database);
        await sql`update company set blocked_until = null`.execute(database);
        await sql`update write set recheck_at = now() where recheck_at > now()`.execute(database);
      }),

    /** Marks, open writes, rechecks, sweeps and polls: 0 when nothing is left to do. */
    unfinished: () =>
      world.withDatabase(async (database) => {
        const { rows } = await sql<{ count: number }>`
          select (select count(*) from mark) + (select count(*) from write where closed_at is null or recheck_at is not null)
            + (select count(*) from sweep where finished_at is null)
            + (select count(*) from connection where sweep_due_at <= now() or poll_due_at <= now()) as count`.execute(
          database,
        );
        return Number(rows[0]?.count);
      }),

    async unacknowledged(): Promise<number> {
      const { deliveries, waiting }: { deliveries: { state: string }[]; waiting: number } = await control(
        "quickbooks",
        "GET",
        "webhooks",
      );
      return deliveries.filter(({ state }) => state !== "delivered").length + waiting;
    },

    async close(): Promise<void> {
      closing = true;
      for (const program of started) await program.kill();
      if (existsSync(dataFolder(folder).data)) {
        await stopPostmaster(dataFolder(folder), 10_000);
        await removeAddress(dataFolder(folder));
      }
      for (const line of Object.values(lines)) await line.close();
      await quickbooks.stop();
      await zendesk.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return world;
}
