// The service as it runs: web server, workers and tick over a database of its own, between both simulators, loaded and idle.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RawBuilder } from "kysely";
import { startQuickbooksSimulator } from "../../../simulators/quickbooks/src/index.ts";
import { startZendeskSimulator } from "../../../simulators/zendesk/src/index.ts";
import { createApplication } from "../../src/boot/application.ts";
import { createLog } from "../../src/boot/log.ts";
import { openProgramOn } from "../../src/boot/running.ts";
import { Secret } from "../../src/boot/secret.ts";
import { parseLocalDate, parseSubdomain } from "../../src/domain/index.ts";
import { testDatabase } from "../harness/index.ts";
import type { AccountDump } from "./bench.ts";

const verifier = "verifier-of-the-live-flows";
const app = { clientId: "simulator-client", clientSecret: new Secret("simulator-secret") };

export interface LoggedWrite {
  seq: number;
  at: string;
  operation: string;
  path: string;
}

export type LiveFlow = Awaited<ReturnType<typeof startLiveFlow>>;

/** Connected, loaded, and hearing of changes by webhook. */
export async function startLiveFlow(options: { company: object; account: object; today: string }) {
  const quickbooks = await startQuickbooksSimulator({ company: options.company });
  const zendesk = await startZendeskSimulator({ account: options.account, jobPace: 0 });
  const store = await testDatabase({ maxConnections: 2 });
  const dataFolder = await mkdtemp(join(tmpdir(), "ml-live-"));
  const running = await openProgramOn(
    {
      databaseUrl: undefined,
      dataFolder,
      host: "127.0.0.1",
      port: 0,
      publicUrl: undefined,
      keys: [{ kid: "test", key: new Secret(randomBytes(32)) }],
      quickbooks: {
        app,
        environment: "production",
        webhookVerifiers: [new Secret(verifier)],
        baseUrl: quickbooks.url,
      },
      zendesk: { app, baseUrl: zendesk.url, apiToken: undefined },
      logLevel: "error",
      today: parseLocalDate(options.today),
    },
    createLog({ level: "error" }),
    "test",
    { connection: store.connection, attached: false, stop: () => Promise.resolve() },
  );
  const application = createApplication(running);

  const control = async (base: string, method: string, path: string, body?: object): Promise<never> => {
    const answer = await fetch(`${base}/_control/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as never; // tests name what they expect
  };

  const { url } = await running.serve();
  await control(quickbooks.url, "POST", "webhooks", { url: `${url}/webhooks/quickbooks`, verifier });
  const { connectionId, quickbooksUrl } = await application.beginConnect({ subdomain: parseSubdomain("simulator") });
  const consent = await fetch(`${quickbooksUrl}&simulator_consent=allow`);
  if (!consent.ok) throw new Error(`the consent failed: ${await consent.text()}`);
  for await (const _ of application.connectProgress(connectionId, { zone: undefined }));
  const plan = await application.plans.latest(connectionId);
  await application.approvePlan(plan?.id ?? 0, "test");
  for await (const _ of application.loadProgress(connectionId));

  return {
    running,
    application,
    connectionId,
    quickbooksControl: (method: string, path: string, body?: object) => control(quickbooks.url, method, path, body),
    zendeskControl: (method: string, path: string, body?: object) => control(zendesk.url, method, path, body),

    row: () => store.database.selectFrom("connection").selectAll().executeTakeFirstOrThrow(),
    isPollDue: () => running.engine.stores.overview.isDue(connectionId, "poll"),

    /** What only time would do. */
    run: (statement: RawBuilder<unknown>) => statement.execute(store.database),

    /** A change as a person makes it in QuickBooks; answers the record. */
    async change(mutation: object): Promise<{ Id: string }> {
      const { entity }: { entity: { Id: string } } = await control(quickbooks.url, "POST", "mutate", mutation);
      return entity;
    },

    async organizationOf(party: string) {
      const standings = await running.engine.stores.overview.standings(connectionId);
      const id = standings.find(({ key }) => key === party)?.organizationId;
      const { organizations }: AccountDump = await control(zendesk.url, "GET", "state");
      const found = organizations.find((organization) => organization.id === id);
      if (!found) throw new Error(`${party} has no organization`);
      return found;
    },

    /** Zendesk's calls that wrote organizations, after a call number. */
    async writesSince(seq: number): Promise<LoggedWrite[]> {
      const { requests }: { requests: LoggedWrite[] } = await control(zendesk.url, "GET", `log?since=${seq}`);
      return requests.filter(({ operation }) => /^(Create|Update).*Organizations?$/.test(operation));
    },

    /** Until nothing is due that comes due within half a minute, polls and sweeps included. */
    async settled() {
      for await (const { due } of application.settleBacklog(connectionId, { timeoutMs: 60_000 })) if (due === 0) return;
      throw new Error("the backlog did not drain");
    },

    async close() {
      await running.close();
      await store.close();
      await quickbooks.close();
      await zendesk.close();
      await rm(dataFolder, { recursive: true });
    },
  };
}
