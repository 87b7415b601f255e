// The program as it is deployed, in this process: its HTTP server, its queue and its tick, between both simulators and on a database of its own.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { startQuickbooksSimulator } from "../../../simulators/quickbooks/src/index.ts";
import { startZendeskSimulator } from "../../../simulators/zendesk/src/index.ts";
import { createApplication } from "../../src/boot/application.ts";
import { createLog } from "../../src/boot/log.ts";
import { openProgramOn } from "../../src/boot/running.ts";
import { Secret } from "../../src/boot/secret.ts";
import { readSettings } from "../../src/connections/index.ts";
import { type ConnectionId, type JsonObject, parseLocalDate, parseSubdomain } from "../../src/domain/index.ts";
import type { PlanProgress, ProposedPlan } from "../../src/sync/reconcile/index.ts";
import { startDoor } from "../harness/door.ts";
import { eventually, testDatabase } from "../harness/index.ts";
import { today } from "../harness/small-world.ts";
import { compare, type Verdict } from "../oracle/compare.ts";
import { readInput } from "../oracle/input.ts";

const zone = "America/Los_Angeles";
const verifier = "a-verifier-token-of-the-tests";
const client = { clientId: "simulator-client", clientSecret: new Secret("simulator-secret") };

export interface WorldOptions {
  company: object;
  account: object;
  quickbooksSwitches?: object;
  zendeskSwitches?: object;
  /** How events are sent, beside where. */
  webhooks?: object;
  settings?: JsonObject;
  /** Of Zendesk; "enterprise" where none is named. */
  plan?: "enterprise" | "enterprise-plus";
  /** Both systems are reached through doors that can be shut. */
  doors?: boolean;
}

export interface Organization {
  id: number;
  name: string;
  external_id: string | null;
  organization_fields: Record<string, unknown>;
}

export interface LoggedCall {
  seq: number;
  /** RFC 3339. */
  at: string;
  operation: string;
  path: string;
  status: number;
  requestBody: unknown;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

export async function startWorld(options: WorldOptions) {
  const quickbooks = await startQuickbooksSimulator({ company: options.company, seed: 1, limits: "unlimited" });
  const zendesk = await startZendeskSimulator({
    account: options.account,
    plan: options.plan ?? "enterprise",
    jobPace: 0,
    seed: 1,
  });
  const doors = options.doors
    ? { quickbooks: await startDoor(quickbooks.url), zendesk: await startDoor(zendesk.url) }
    : undefined;
  const control = async (system: string, method: string, call: string, body?: object): Promise<never> => {
    const answer = await fetch(`${system}/_control/${call}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${call}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as never; // tests name what they expect
  };
  const quickbooksControl = (method: string, call: string, body?: object) =>
    control(quickbooks.url, method, call, body);
  const zendeskControl = (method: string, call: string, body?: object) => control(zendesk.url, method, call, body);
  await quickbooksControl("POST", "switches", options.quickbooksSwitches ?? {});
  await zendeskControl("POST", "switches", options.zendeskSwitches ?? {});
  let accountBefore: unknown = await zendeskControl("GET", "state");

  const store = await testDatabase({ maxConnections: 2 });
  const said: string[] = [];
  const dataFolder = await mkdtemp(join(tmpdir(), "ml-switches-"));
  const closeStage = async (): Promise<void> => {
    await store.close();
    await doors?.quickbooks.shut();
    await doors?.zendesk.shut();
    await quickbooks.close();
    await zendesk.close();
    await rm(dataFolder, { recursive: true });
  };
  const log = createLog({ level: "warn", to: { write: (line) => void said.push(line) } });
  const running = await openProgramOn(
    {
      databaseUrl: undefined,
      dataFolder,
      host: "127.0.0.1",
      port: 0,
      publicUrl: undefined,
      keys: [{ kid: "test", key: new Secret(randomBytes(32)) }],
      quickbooks: {
        app: client,
        environment: "production",
        webhookVerifiers: [new Secret(verifier)],
        baseUrl: doors?.quickbooks.url ?? quickbooks.url,
      },
      zendesk: { app: client, baseUrl: doors?.zendesk.url ?? zendesk.url, apiToken: undefined },
      logLevel: "warn",
      today: parseLocalDate(today),
    },
    log,
    "test",
    // Five rows run at once on one server, which takes 80 connections.
    { connection: store.connection, connections: 7, attached: false, stop: () => Promise.resolve() },
  ).catch(async (fault: unknown) => {
    // What stays open would take the next row's connections.
    await closeStage();
    throw fault;
  });
  const { url } = await running.serve();
  const { engine } = running;
  const application = createApplication(running);
  let connectionId: ConnectionId | undefined;
  const connection = (): ConnectionId => {
    if (connectionId === undefined) throw new Error("not connected yet");
    return connectionId;
  };

  /** A person's consent, given to the page that our program names. */
  async function consent(): Promise<void> {
    const address = await engine.beginAuthorization({ system: "quickbooks", connectionId: connection() });
    const answer = await fetch(`${address}&simulator_consent=allow`, { redirect: "manual" });
    await fetch(answer.headers.get("location") ?? "http://none");
  }

  const world = {
    engine,
    application,
    connection,
    consent,
    doors,
    realm: quickbooks.realm,
    quickbooksControl,
    zendeskControl,
    zendeskUrl: zendesk.url,
    /** What the program's log says, at the level of a warning and above. */
    said: () => said.join(""),

    /** Connects and reads both sides, up to the plan. */
    async connect(): Promise<void> {
      await quickbooksControl("POST", "webhooks", { url: `${url}/webhooks/quickbooks`, verifier, ...options.webhooks });
      const begun = await application.beginConnect({ subdomain: parseSubdomain("simulator") });
      connectionId = begun.connectionId;
      if (options.settings) await engine.stores.connections.saveSettings(connectionId, options.settings);
      await consent();
      for await (const _ of application.connectProgress(connectionId, { zone: undefined }));
    },

    /** Approves the plan: the first load begins. */
    async approve(): Promise<void> {
      const plan = await application.plans.latest(connection());
      if (!plan || !(await application.approvePlan(plan.id, "test"))) throw new Error("no plan to approve");
      await running.wake(parseSubdomain("simulator"));
    },

    /** A setting's plan, proposed, and what it counts. */
    async proposeSettings(patch: JsonObject): Promise<ProposedPlan> {
      const plan = await application.planDesk.changeSettings(connection(), patch);
      if (!plan) throw new Error(`${Object.keys(patch).join(", ")}: in force at once`);
      return plan;
    },

    /** Approves this plan, and waits as a command does until all of it is done. */
    async apply({ id }: Pick<ProposedPlan, "id">): Promise<PlanProgress> {
      if (!(await application.plans.approve(id, "test"))) throw new Error(`plan ${id} is not approved`);
      let reached: PlanProgress | undefined;
      for await (const step of application.applyProgress(connection(), id)) reached = step;
      if (!reached) throw new Error(`plan ${id} made no step`);
      return reached;
    },

    /** A change as a person makes it in QuickBooks. */
    change: (...mutations: object[]): Promise<{ entities: { Id: string }[] }> =>
      quickbooksControl("POST", "mutate", { mutations }),

    /** A change as a person makes it in Zendesk. */
    edit: (...mutations: object[]): Promise<unknown> => zendeskControl("POST", "mutate", { mutations }),

    /** An organization as a person makes it before anything of ours is written. */
    async makeForeignOrganization(record: object): Promise<void> {
      await world.edit({ entity: "organization", operation: "create", record });
      accountBefore = await zendeskControl("GET", "state");
    },

    wake: () => running.wake(parseSubdomain("simulator")),

    /** Until every delivery is acknowledged, and no mark, poll, sweep or open write is left. `clock`: events that wait for it stay. */
    async quiet(clock: "runs" | "stands" = "runs"): Promise<void> {
      await eventually(async () => (await unfinished(clock)) === "", 60_000).catch(async (fault: unknown) => {
        const marks = (await world.marks()).map(
          ({ key, attempts, causes }) => `${key} ${attempts} ${JSON.stringify(causes)}`,
        );
        const left = [await unfinished(clock), ...marks, ...said.slice(-5)];
        throw new Error(`not quiet: ${left.join("\n")}`, { cause: fault });
      });
    },

    /** Once our webhook stands in Zendesk: from now on its events reach us. */
    async subscribed(): Promise<void> {
      const base = engine.zendeskHooks();
      if (base === undefined) throw new Error("the program names no address for Zendesk's events");
      await eventually(async () => !(await engine.stores.events.isMissing(parseSubdomain("simulator"), base)), 30_000);
    },

    /** The hour passes after which the export of changes is read, and it was read. */
    async exported(): Promise<void> {
      await store.database
        .updateTable("account")
        .set({ export_due_at: new Date(0) })
        .execute();
      const isDue = async () => (await engine.stores.events.exportFrom(parseSubdomain("simulator")))?.due;
      await eventually(async () => (await isDue()) === false, 30_000);
    },

    /** What only time or another program would do. */
    run: (statement: RawBuilder<unknown>) => statement.execute(store.database),

    poll: () => application.requestPoll(connection(), "test"),
    sweep: () => application.requestSweep(connection(), "test"),
    standings: () => engine.stores.overview.standings(connection()),

    async standing(party: string) {
      const found = (await world.standings()).find(({ key }) => key === party);
      if (!found) throw new Error(`there is no ${party}`);
      return found;
    },

    async organizations(): Promise<Organization[]> {
      const { organizations }: { organizations: Organization[] } = await zendeskControl("GET", "state");
      return organizations;
    },

    /** Calls to Zendesk that were answered or cut since. */
    async calls(since = 0): Promise<LoggedCall[]> {
      const { requests }: { requests: LoggedCall[] } = await zendeskControl("GET", `log?since=${since}`);
      return requests;
    },

    marks: () => store.database.selectFrom("mark").selectAll().execute(),
    incidents: () => engine.stores.incidents.open(connection()),
    /** Open and resolved ones. */
    allIncidents: () => store.database.selectFrom("incident").selectAll().orderBy("id").execute(),

    /** What both systems were told to wait for is over, and everything that refuses has refused for so much longer. */
    async letTimePass(minutes: number): Promise<void> {
      for (const table of ["company", "account"])
        await sql`update ${sql.table(table)} set blocked_until = null,
          refused_since = refused_since - ${minutes} * interval '1 minute'`.execute(store.database);
      await sql`update mark set due_at = now() where due_at > now()`.execute(store.database);
      await world.wake();
    },

    /** An hour passes in which Zendesk is asked what people changed, and until all that follows is done. */
    async hourPasses(): Promise<void> {
      await sql`update write set intended_at = intended_at - interval '1 hour'`.execute(store.database);
      await sql`update account set export_due_at = now()`.execute(store.database);
      await eventually(async () => {
        const { rows } = await sql<{ due: boolean }>`select export_due_at <= now() as due from account`.execute(
          store.database,
        );
        return rows[0]?.due === false;
      }, 30_000);
      await world.quiet();
    },

    /** A day passes for what somebody changed and we restored. */
    async dayPassesForRestores(): Promise<void> {
      await sql`update restore set restored_at = restored_at - interval '25 hours'`.execute(store.database);
    },

    /** Milliseconds for which they are not asked, 0 or less: they may be asked. */
    async blockedMs(): Promise<{ company: number; account: number }> {
      const { rows } = await sql<{ company: number; account: number }>`select
        (select coalesce(extract(epoch from max(blocked_until) - now()) * 1000, 0)::bigint from company) as company,
        (select coalesce(extract(epoch from max(blocked_until) - now()) * 1000, 0)::bigint from account) as account`.execute(
        store.database,
      );
      return rows[0] ?? { company: 0, account: 0 };
    },

    /** All deliveries of QuickBooks, and those of them that were acknowledged. */
    async deliveries(): Promise<{ all: number; acknowledged: number }> {
      const { deliveries }: { deliveries: { state: string }[] } = await quickbooksControl("GET", "webhooks");
      return {
        all: deliveries.length,
        acknowledged: deliveries.filter(({ state }) => state === "delivered").length,
      };
    },

    /** What an independent computation says of both systems' records. */
    async verdict(): Promise<Verdict> {
      const settings = readSettings((await engine.stores.connections.read(connection()))?.settings);
      return compare(
        readInput({
          company: await quickbooksControl("GET", "state"),
          account: await zendeskControl("GET", "state"),
          accountBefore,
          connector: {
            realm: quickbooks.realm,
            appUrl: engine.appUrl,
            zone,
            today,
            settings: { ...settings, tolerance: settings.tolerance.toFixed() },
            parties: await world.standings(),
            answers: [],
          },
        }),
      );
    },

    async close(): Promise<void> {
      await running.close();
      await closeStage();
    },
  };

  async function unfinished(clock: "runs" | "stands"): Promise<string> {
    const { deliveries, waiting }: { deliveries: { state: string }[]; waiting: number } = await quickbooksControl(
      "GET",
      "webhooks",
    );
    const { webhooks: hooks }: { webhooks: { isIdle: boolean } } = await zendeskControl("GET", "webhooks");
    const counts = {
      "of Zendesk's events under way": hooks.isIdle ? 0 : 1,
      "of Zendesk's records to read": (await store.database.selectFrom("directory_mark").select("id").execute()).length,
      undelivered: deliveries.filter(({ state }) => state !== "delivered").length + (clock === "runs" ? waiting : 0),
      marks: (await store.database.selectFrom("mark").select("key").execute()).length,
      "parties whose records are to be looked at": (
        await store.database.selectFrom("record_due").select("party").execute()
      ).length,
      "record jobs": (
        await store.database.selectFrom("record_job").select("id").where("closed_at", "is", null).execute()
      ).length,
      writes: (await store.database.selectFrom("write").select("id").where("closed_at", "is", null).execute()).length,
      reading: (await engine.stores.overview.reading(connection())) ? 1 : 0,
    };
    const left = Object.entries(counts).filter(([, count]) => count > 0);
    return left.map(([what, count]) => `${count} ${what}`).join(", ");
  }

  return world;
}
