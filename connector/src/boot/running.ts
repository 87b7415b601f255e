import { randomBytes } from "node:crypto";
import program from "../../package.json" with { type: "json" };
import { inviteFirst } from "../access/index.ts";
import { createFindSigner } from "../connections/index.ts";
import { type ConnectionId, OperatorError, type Subdomain, type System } from "../domain/index.ts";
import { invitationPath, invitationRoutes } from "../http/invitation-routes.ts";
import { createMetrics, type Metrics } from "../http/metrics.ts";
import { oauthRoutes } from "../http/oauth-routes.ts";
import { mayLookEverywhere, operatorRoutes } from "../http/operator/index.ts";
import { createServer, listen, type Routes } from "../http/server.ts";
import { webhookRoutes } from "../http/webhook-routes.ts";
import { startJobs } from "../jobs/index.ts";
import { freeReads } from "../oversight/incidents/index.ts";
import { nameFormsVersion, partyNames } from "../rules/matching/index.ts";
import { createAccessStores } from "../store/access-stores.ts";
import { closeDatabase, type Database, openDatabase, pendingMigrations } from "../store/index.ts";
import { refoldNames } from "../store/refold-names.ts";
import { applicationNameOf, isServed } from "../store/served.ts";
import { Receipts } from "../sync/intake/index.ts";
import { parseNotification, verifyIntuitSignature } from "../systems/quickbooks/index.ts";
import { createAlertChannels } from "./alert-channels.ts";
import { createApplication } from "./application.ts";
import { createBusinessClock } from "./clocks.ts";
import type { Config } from "./config.ts";
import { createConnecting } from "./connecting.ts";
import { examineRunning } from "./doctor.ts";
import { createEngine } from "./engine.ts";
import { openKeys } from "./keys.ts";
import { ensureLocalKey } from "./local-key.ts";
import type { Log } from "./log.ts";
import { createOverseer } from "./overseer.ts";
import { bringUpToDate, openPlace, type Place } from "./place.ts";
import type { Running } from "./program.ts";
import { foldName } from "./stores.ts";
import { systemClock } from "./systems.ts";
import { startWorkers, type Workers } from "./workers.ts";

const poolSize = 16;
const waitingFreshMs = 2_000;

/**
 * Opens the database, brings it up to date, and builds the program over it. `service`: takes the data folder of the built-in database
 * for itself; a second one is refused. A command beside a running service uses its database instead.
 */
export async function openProgram(config: Config, log: Log, role: "service" | "command"): Promise<Running> {
  return openProgramOn(config, log, role, await openPlace(config, log, role));
}

/** On a database that somebody else provides: the demo's temporary one. */
export async function openProgramOn(config: Config, log: Log, role: string, place: Place): Promise<Running> {
  const database = openDatabase({
    connection: place.connection,
    maxConnections: place.connections ?? poolSize,
    applicationName: applicationNameOf(role),
  });
  try {
    if (!place.attached) {
      await bringUpToDate(config, database);
      await refoldNames(database, nameFormsVersion, { name: foldName, party: partyNames });
    }
    return await build(config, log, place, database);
  } catch (fault) {
    await closeDatabase(database);
    await place.stop();
    throw fault;
  }
}

async function build(config: Config, log: Log, place: Place, database: Database): Promise<Running> {
  const port: { actual: number } = { actual: config.port };
  const publicUrl = () => config.publicUrl ?? `http://localhost:${port.actual}`;
  const business = createBusinessClock(Date.now, config.today);
  let jobs: Awaited<ReturnType<typeof startJobs>> | undefined;
  let workers: Workers | undefined;
  let server: ReturnType<typeof createServer> | undefined;
  let metrics: Metrics | undefined;
  let othersWaiting = { at: Number.NEGATIVE_INFINITY, count: 0 };

  const engine = createEngine({
    database,
    keys: await openKeys(config),
    publicUrl,
    quickbooks: {
      ...appOf(config.quickbooks.app),
      environment: config.quickbooks.environment,
      baseUrl: config.quickbooks.baseUrl,
      limits: config.quickbooks.limits,
    },
    zendesk: {
      ...appOf(config.zendesk.app),
      baseUrl: config.zendesk.baseUrl,
      marketplace: config.zendesk.marketplace,
      apiToken: config.zendesk.apiToken && {
        email: config.zendesk.apiToken.email,
        token: config.zendesk.apiToken.token.reveal(),
      },
    },
    journalDays: config.journalDays,
    expectsWebhooks: config.quickbooks.webhookVerifiers.length > 0,
    business,
    observer: {
      wrote: (lane, count) => metrics?.countWrites({ kind: lane, outcome: "written", count }),
      settled: (lane, firstAt, connectionId) => {
        if (lane === "live") overseer.settled(connectionId, firstAt);
      },
    },
    onCall(call) {
      const { system, operation, outcome, ms } = call;
      metrics?.countCall({ system, operation, outcome: String(outcome), seconds: ms / 1_000 });
      overseer.countCall(call);
    },
    // A simulator's clock is moved at will.
    onDate: (system, date) => {
      if (config[system].baseUrl === undefined) overseer.systemClock(system, date);
    },
    async othersWait() {
      if (!jobs) return false;
      if (performance.now() - othersWaiting.at > waitingFreshMs)
        othersWaiting = { at: performance.now(), count: await jobs.waiting("reconcile") };
      return othersWaiting.count > 0;
    },
  });
  const zendeskReceipts = engine.zendeskReceipts({
    wake: async (subdomain) => workers?.wakeDirectory(subdomain),
    wakeOwner: (subdomain) => wake(subdomain),
  });
  const channels = createAlertChannels({ mail: config.mail, privateTargets: config.privateAlertTargets === true });
  const overseer = createOverseer({
    stores: engine.stores,
    seal: engine.seal,
    channels,
    policy: {
      monthlyReads:
        config.quickbooks.environment === "sandbox" ? undefined : (config.quickbooks.monthlyReads ?? freeReads),
    },
    clientOf: (realm) => engine.ourClients.speaking("quickbooks", realm),
    publicUrl,
    reconnectUrl: engine.reconnectUrl,
    dataFolder: config.databaseUrl ? undefined : config.dataFolder,
    refused: engine.grantRefused,
    probe: engine.probe,
    clock: systemClock,
  });
  const receipts = new Receipts({
    store: engine.stores.receipts,
    incidents: engine.stores.incidents,
    wake: (subdomain) => wake(subdomain),
    monotonicMs: () => performance.now(),
  });

  const ensureConfigured: Running["ensureConfigured"] = async (connection, brings = {}) => {
    const lacks = async (system: System) =>
      brings[system] === undefined && (await engine.ourClients.ofConnection(connection, system)).clientId === "";
    if (await lacks("quickbooks"))
      throw new OperatorError(
        "QuickBooks is not configured: set QUICKBOOKS_CLIENT_ID and QUICKBOOKS_CLIENT_SECRET, or bring an app of the connection's own (see docs/operations.md).",
      );
    if ((await lacks("zendesk")) && !config.zendesk.apiToken)
      throw new OperatorError(
        "Zendesk is not configured: set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET, or bring a client of the connection's own (see docs/operations.md).",
      );
  };

  async function ensureKeys(): Promise<void> {
    const fault = await engine.keys.fault();
    if (fault !== undefined) throw new OperatorError(fault);
  }

  async function work(): Promise<void> {
    if (place.attached || workers) return;
    await ensureKeys();
    jobs = await startJobs({ database: place.connection, log });
    workers = await startWorkers({
      engine,
      oversee: overseer.look,
      database,
      connection: place.connection,
      business,
      log,
      jobs,
    });
  }

  async function wake(subdomain: Subdomain): Promise<void> {
    if (workers) await workers.wake(subdomain);
    else await engine.notify(subdomain);
  }

  const access = createAccessStores(database);
  const accessPorts = {
    ...access,
    async unknownConnections(ids: readonly ConnectionId[]) {
      const known = new Set((await engine.stores.connections.all()).map(({ id }) => id));
      return ids.filter((id) => !known.has(id));
    },
    invitationUrl: (secret: string) => `${publicUrl()}${invitationPath}${secret}`,
    randomBytes,
    now: () => new Date(),
  };

  /** `operator`: with the operator API; a command listens for callbacks alone. */
  async function openServer({ operator }: { operator: boolean }): Promise<void> {
    if (place.attached || server) return;
    metrics = createMetrics(engine.metricSources);
    const { app, webhookVerifiers } = config.quickbooks;
    const findSigner = createFindSigner({
      deployment: app && { clientId: app.clientId, verifiers: webhookVerifiers.map((secret) => secret.reveal()) },
      store: engine.stores.ownClients,
      seal: engine.seal,
      monotonicMs: systemClock.monotonicMs,
    });
    server = createServer({
      log,
      readiness: [
        { name: "database", check: async () => void (await engine.stores.directory.now()) },
        { name: "migrations", check: async () => ensureNone(await pendingMigrations(database)) },
        { name: "workers", check: async () => ensureWorkers(workers) },
      ],
      readMetrics: () => (metrics as Metrics).read(),
      mayReadMetrics: (request) => mayLookEverywhere(request, access),
      routes: [
        (app) =>
          webhookRoutes(app, {
            verify: (body, signature) =>
              findSigner((verifiers) => verifyIntuitSignature(body, signature, verifiers) !== undefined),
            parse: parseNotification,
            receipts,
            observe: (outcome) => metrics?.countDelivery("quickbooks", outcome),
            signatureRefused: overseer.signatureRefused,
            receiveFromZendesk: (delivery) => zendeskReceipts.receive(delivery),
          }),
        (app) =>
          oauthRoutes(app, {
            completeAuthorization: engine.completeAuthorization,
            reconnect: engine.reconnect,
            newBrowserSecret: () => randomBytes(32).toString("base64url"),
            isSecure: () => publicUrl().startsWith("https://"),
          }),
        ...(operator ? [operatorApi, invitations] : []),
      ],
    });
    port.actual = await listen(server, { host: config.host, port: config.port });
  }

  const invitations: Routes = (app) => invitationRoutes(app, access);
  const operatorApi: Routes = (app) =>
    operatorRoutes(app, {
      application: {
        ...createApplication(running),
        connecting: createConnecting(running),
        doctor: () => examineRunning(config, running),
      },
      access: accessPorts,
      tasks: access.tasks,
      secure: publicUrl().startsWith("https:"),
      version: program.version,
      now: () => new Date(),
      monotonicMs: () => performance.now(),
    });

  /** A service on the same database that has the port takes the callbacks, too: it shares our sign-ins in progress, and our keys. */
  async function listenUnlessServed(): Promise<void> {
    try {
      await openServer({ operator: false });
    } catch (fault) {
      if (!(fault instanceof OperatorError) || !(await isServed(database))) throw fault;
    }
  }

  async function shutDown(): Promise<void> {
    await server?.close();
    await receipts.close();
    await zendeskReceipts.close();
    await workers?.stop();
    // What was counted since the last look is stored as far as the database is there.
    await overseer
      .flush()
      .catch((fault: unknown) => log.warn({ err: fault }, "the last metered reads were not counted"));
    await channels.close();
    await engine.close();
    await metrics?.close();
    await closeDatabase(database);
    await place.stop();
  }

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown());

  const running: Running = {
    engine,
    overseer,
    privateAlertTargets: config.privateAlertTargets === true,
    database,
    pingOptions: {
      get publicUrl() {
        return publicUrl();
      },
      verifier: config.quickbooks.webhookVerifiers[0]?.reveal(),
      exchange: engine.exchange,
    },
    isServed: () => isServed(database),
    access: accessPorts,
    log,
    ensureConfigured,
    ensureKeys,
    work,
    wake,
    today: business.today,
    listen: listenUnlessServed,
    async serve() {
      if (place.attached)
        throw new OperatorError(
          "A service runs on this data folder already. To run several, give them one DATABASE_URL.",
        );
      await work();
      const operatorKey = await ensureLocalKey(config.dataFolder, access.apiKeys);
      await openServer({ operator: true });
      const url = `http://${config.host}:${port.actual}`;
      const first = await inviteFirst(accessPorts);
      const setup = first === undefined ? undefined : accessPorts.invitationUrl(first);
      log.info({ url, operatorKey }, "ml-connector is running");
      return { url, operatorKey, setup, stopped: new Promise<void>(() => undefined) };
    },
    close,
  };
  return running;
}

function appOf(app: Config["quickbooks"]["app"]): { clientId: string; clientSecret: string } {
  return app ? { clientId: app.clientId, clientSecret: app.clientSecret.reveal() } : { clientId: "", clientSecret: "" };
}

function ensureNone(pending: readonly unknown[]): void {
  if (pending.length > 0) throw new Error("migrations are pending");
}

function ensureWorkers(workers: Workers | undefined): void {
  if (!workers) throw new Error("the workers have not started");
}
