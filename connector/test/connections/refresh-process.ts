// A process of its own that needs a token: says "ready", waits for a line, asks so many times at once, says what it got. Tests kill it.
import { once } from "node:events";
import { Agent } from "undici";
import { type CredentialAlarm, createSeal, createTokenSource } from "../../src/connections/credentials/index.ts";
import { createCredentialStore } from "../../src/store/credential-store.ts";
import { closeDatabase, openDatabase } from "../../src/store/index.ts";
import { createExchange } from "../../src/systems/exchange.ts";
import { createQuickbooksGrants, quickbooksHosts } from "../../src/systems/quickbooks/index.ts";
import { createZendeskGrants, zendeskHosts } from "../../src/systems/zendesk/index.ts";

export interface RefreshTask {
  databaseUrl: string;
  system: "quickbooks" | "zendesk";
  systemUrl: string;
  subject: string;
  /** The token that the system is said to have refused. */
  refused: string;
  movedMs: number;
  times: number;
}

const task = JSON.parse(process.argv[2] ?? "{}") as RefreshTask; // the tests write it
const { system, systemUrl, subject } = task;
const database = openDatabase({
  connection: { url: task.databaseUrl },
  maxConnections: 1,
  applicationName: "ml-connector refresh test",
});
const dispatcher = new Agent();
const exchange = createExchange({ dispatcher, monotonicMs: () => performance.now() });
const app = { clientId: "simulator-client", clientSecret: "simulator-secret" };
const silent: CredentialAlarm = {
  refused: () => Promise.resolve(),
  clientRefused: () => Promise.resolve(),
  restored: () => Promise.resolve(),
};
const store = createCredentialStore(database);
const tokens = createTokenSource({
  system,
  clientId: app.clientId,
  store,
  seal: createSeal({ current: "one", keys: new Map([["one", new Uint8Array(32).fill(1)]]) }),
  grants:
    system === "quickbooks"
      ? createQuickbooksGrants({ exchange, hosts: quickbooksHosts("sandbox", systemUrl), app })
      : createZendeskGrants({ exchange, hosts: zendeskHosts(systemUrl), app }),
  alarm: silent,
  clock: {
    wallMs: () => Date.now() + task.movedMs,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  },
});

// The line to the database is open before the test starts to count what passes on it.
await store.all();
process.stdout.write("ready\n");
await once(process.stdin, "data");
const answers = await Promise.allSettled(
  Array.from({ length: task.times }, () => tokens.refreshAfterRefusal(subject, task.refused)),
);
const given = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
process.stdout.write(`${JSON.stringify({ tokens: [...new Set(given)], failed: answers.length - given.length })}\n`);
await closeDatabase(database);
await dispatcher.close();
process.exit(0);
