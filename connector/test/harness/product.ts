// The product as it is deployed: the real program as processes, between both simulators, on the built-in PostgreSQL or one of its own.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { startQuickbooksSimulator } from "../../../simulators/quickbooks/src/index.ts";
import { startZendeskSimulator } from "../../../simulators/zendesk/src/index.ts";
import { readSettings } from "../../src/connections/index.ts";
import { parseConnectionId } from "../../src/domain/index.ts";
import { removeAddress } from "../../src/store/embedded/address.ts";
import { dataFolder } from "../../src/store/embedded/data-folder.ts";
import { attachToRunning } from "../../src/store/embedded/index.ts";
import { stopPostmaster } from "../../src/store/embedded/postmaster.ts";
import { temporaryParent } from "../../src/store/embedded/temporary.ts";
import { closeDatabase, type Database, type DatabaseConnection, openDatabase } from "../../src/store/index.ts";
import { createOverviewStore, type Standing } from "../../src/store/overview-store.ts";
import { compare, type Verdict } from "../oracle/compare.ts";
import { readInput } from "../oracle/input.ts";
import { eventually } from "./eventually.ts";
import { type Ended, freePort, type Program, startProgram, untilListening } from "./program.ts";
import { today } from "./small-world.ts";
import { testDatabase } from "./test-database.ts";

/** Every company that the simulator supplies is there. */
const zone = "America/Los_Angeles";
export const verifier = "a-verifier-token-of-the-tests";
const connectionId = parseConnectionId(1);

export interface ProductOptions {
  company: object;
  account: object;
  /** `built-in`: the program brings its PostgreSQL; `own`: a database on the server of the test run, as DATABASE_URL. */
  database: "built-in" | "own";
  /** Organizations a second of a Zendesk job; 0 = at once. */
  jobPace?: number;
}

export interface Organization {
  id: number;
  name: string;
  external_id: string | null;
  notes: string | null;
  tags: string[];
  organization_fields: Record<string, unknown>;
}

export interface Account {
  organizations: Organization[];
  users: { id: number; email: string; organization_id: number | null }[];
}

export type Product = Awaited<ReturnType<typeof startProduct>>;

/** Both simulators and everything that the program needs to find them. Nothing of the program runs yet. */
export async function startProduct(options: ProductOptions) {
  const quickbooks = await startQuickbooksSimulator({ company: options.company });
  const zendesk = await startZendeskSimulator({ account: options.account, jobPace: options.jobPace ?? 0 });
  const root = mkdtempSync(path.join(os.tmpdir(), "ml-connector-product-"));
  // PostgreSQL's own user passes through.
  chmodSync(root, 0o711);
  const folder = path.join(root, "data");
  mkdirSync(folder, { mode: 0o711 });
  // The copy that this test run has made already: 60 MB.
  symlinkSync(path.join(await temporaryParent(), "programs"), path.join(folder, "programs"));
  const own = options.database === "own" ? await testDatabase({ maxConnections: 2 }) : undefined;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    NODE_COMPILE_CACHE: path.join(root, "compiled"),
    ML_CONNECTOR_DATA: folder,
    ML_CONNECTOR_PORT: String(port),
    ML_CONNECTOR_KEYS: `k1:${randomBytes(32).toString("base64url")}`,
    ML_CONNECTOR_TODAY: today,
    QUICKBOOKS_CLIENT_ID: "simulator-client",
    QUICKBOOKS_CLIENT_SECRET: "simulator-secret",
    QUICKBOOKS_WEBHOOK_VERIFIER: verifier,
    QUICKBOOKS_BASE_URL: quickbooks.url,
    ZENDESK_CLIENT_ID: "simulator-client",
    ZENDESK_CLIENT_SECRET: "simulator-secret",
    ZENDESK_BASE_URL: zendesk.url,
    ...(own ? { DATABASE_URL: own.url } : {}),
  };
  const programs: Program[] = [];
  let lastCallback = "";

  const control = async (base: string, method: string, call: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${base}/_control/${call}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${call}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const quickbooksControl = (method: string, call: string, body?: object) =>
    control(quickbooks.url, method, call, body);
  const zendeskControl = (method: string, call: string, body?: object) => control(zendesk.url, method, call, body);
  const accountBefore = await zendeskControl("GET", "state");

  function spawnProgram(words: readonly string[], more: Record<string, string> = {}): Program {
    const program = startProgram({ ...env, ...more }, words);
    programs.push(program);
    return program;
  }

  async function connectionToDatabase(): Promise<DatabaseConnection> {
    if (own) return own.connection;
    const connection = await attachToRunning(folder);
    if (!connection) throw new Error("the built-in PostgreSQL does not run");
    return connection;
  }

  async function withDatabase<Value>(work: (database: Database) => Promise<Value>): Promise<Value> {
    const connection = await connectionToDatabase();
    const database = openDatabase({ connection, maxConnections: 1, applicationName: "ml-connector test look" });
    try {
      return await work(database);
    } finally {
      await closeDatabase(database);
    }
  }

  const product = {
    env,
    folder,
    url,
    quickbooks,
    zendesk,
    quickbooksControl,
    zendeskControl,
    spawn: spawnProgram,
    withDatabase,

    /** One command, to its end. */
    run: (...words: string[]): Promise<Ended> => spawnProgram(words).ended,

    /** One command with --json, which has to end well: what it printed, which has to be exactly one line of JSON. */
    async json(...words: string[]): Promise<Record<string, never>> {
      const ended = await spawnProgram([...words, "--json"]).ended;
      if (ended.code !== 0) throw new Error(`${words.join(" ")} ended with ${ended.code}: ${ended.err}${ended.out}`);
      return onlyLine(ended);
    },

    /** The service, listening; QuickBooks delivers there, and again at once what it could not deliver before. */
    async start(more: Record<string, string> = {}): Promise<Program> {
      const service = spawnProgram(["start", "--json"], more);
      await untilListening(service);
      await product.deliverWebhooks();
      return service;
    },

    /** Events of a moment go in one delivery. */
    deliverWebhooks: () =>
      quickbooksControl("POST", "webhooks", { url: `${url}/webhooks/quickbooks`, verifier, aggregationMs: 100 }),

    /** `connect` as a person does it: the address that the command shows is opened in a browser. */
    async connect(...words: string[]): Promise<Ended> {
      const command = spawnProgram(["connect", "simulator", ...words]);
      const address = /http:\S+\/connect\/oauth2\?\S+/;
      let gone = false;
      void command.ended.then(() => {
        gone = true;
      });
      await eventually(() => gone || address.test(command.err()), 60_000);
      const shown = address.exec(command.err())?.[0];
      if (shown !== undefined) lastCallback = await consent(shown);
      return command.ended;
    },

    /** The consent ends: the code of the last one is used a second time, and QuickBooks revokes what the first use brought. */
    async revokeConsent(): Promise<void> {
      await quickbooksControl("POST", "switches", { codeReuseRevokes: true });
      const callback = new URL(lastCallback);
      const answer = await fetch(`${quickbooks.url}/oauth2/v1/tokens/bearer`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa("simulator-client:simulator-secret")}` },
        body: new URLSearchParams({
          grant_type: "authorization_code",
          code: callback.searchParams.get("code") ?? "",
          redirect_uri: callback.origin + callback.pathname,
        }),
      });
      if (answer.status !== 400) throw new Error(`the code was taken twice: ${answer.status}`);
    },

    async account(): Promise<Account> {
      return (await zendeskControl("GET", "state")) as Account; // the simulator's own form
    },

    async organization(id: number | undefined): Promise<Organization> {
      const found = (await product.account()).organizations.find((organization) => organization.id === id);
      if (!found) throw new Error(`Zendesk has no organization ${id}`);
      return found;
    },

    /** A change as a person makes it in QuickBooks. */
    change: (...mutations: object[]) => quickbooksControl("POST", "mutate", { mutations }),

    standings: (): Promise<Standing[]> =>
      withDatabase((database) => createOverviewStore(database).standings(connectionId)),

    async standing(party: string): Promise<Standing> {
      const found = (await product.standings()).find(({ key }) => key === party);
      if (!found) throw new Error(`there is no ${party}`);
      return found;
    },

    /**
     * The jobs of a process that is dead are taken up once they missed their heartbeat for 10 s. This lets these 10 s pass at once. Never
     * called while their worker lives: it would be robbed of them.
     */
    forgetDeadWorkers: () =>
      withDatabase((database) =>
        sql`update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active'`.execute(
          database,
        ),
      ),

    /** Until every delivery is acknowledged, no mark is due or waits, and no write is open. */
    async quiet(timeoutMs = 60_000): Promise<void> {
      await withDatabase((database) =>
        eventually(async () => (await product.unacknowledged()) === 0 && (await unfinished(database)) === 0, timeoutMs),
      );
    },

    /** Webhook deliveries that the service has not answered 200 yet. */
    async unacknowledged(): Promise<number> {
      const { deliveries, waiting } = (await quickbooksControl("GET", "webhooks")) as {
        deliveries: { state: string }[];
        waiting: number;
      };
      return deliveries.filter(({ state }) => state !== "delivered").length + waiting;
    },

    /** What an independent computation says of both systems' records. */
    async verdict(): Promise<Verdict> {
      const settings = readSettings({});
      return compare(
        readInput({
          company: await quickbooksControl("GET", "state"),
          account: await zendeskControl("GET", "state"),
          accountBefore,
          connector: {
            realm: quickbooks.realm,
            appUrl: "https://qbo.intuit.com",
            zone,
            today,
            settings: { ...settings, tolerance: settings.tolerance.toFixed() },
            parties: await product.standings(),
            answers: [],
          },
        }),
      );
    },

    /** The server of the built-in PostgreSQL, and whatever process of ours still runs, ends. */
    async close(): Promise<void> {
      for (const program of programs) await program.kill("SIGKILL");
      if (existsSync(dataFolder(folder).data)) {
        await stopPostmaster(dataFolder(folder), 10_000);
        await removeAddress(dataFolder(folder));
      }
      await own?.close();
      await quickbooks.close();
      await zendesk.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return product;
}

/** Marks, and writes that are not closed. */
async function unfinished(database: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from mark) + (select count(*) from write where closed_at is null) as count`.execute(
    database,
  );
  return Number(rows[0]?.count);
}

/** What a command with --json must print: one line, and it is JSON. */
export function onlyLine({ out, err }: Ended): Record<string, never> {
  const lines = out.split("\n");
  if (lines.length !== 2 || lines[1] !== "") throw new Error(`not one line of JSON, but: ${out}\n${err}`);
  return JSON.parse(lines[0] ?? "") as Record<string, never>; // tests name what they expect
}

/** Follows the redirects from the consent page to our own callback, as a browser does. Returns the callback's address. */
async function consent(address: string): Promise<string> {
  const granted = await fetch(`${address}&simulator_consent=allow`, { redirect: "manual" });
  const callback = granted.headers.get("location");
  if (callback === null) throw new Error(`no consent: ${granted.status} ${await granted.text()}`);
  await fetch(callback);
  return callback;
}

export function postmasterPid(folder: string): number {
  return Number(readFileSync(path.join(dataFolder(folder).data, "postmaster.pid"), "utf8").split("\n")[0]);
}
