import { randomBytes } from "node:crypto";
import { destination } from "pino";
import type { DemoConnector, OpenDemoConnector } from "../cli/demo/index.ts";
import { parseLocalDate } from "../domain/index.ts";
import { startTemporary } from "../store/embedded/index.ts";
import { createApplication } from "./application.ts";
import type { Config } from "./config.ts";
import { createLog } from "./log.ts";
import { openProgramOn } from "./running.ts";
import { Secret } from "./secret.ts";

const client = { clientId: "simulator-client", clientSecret: new Secret("simulator-secret") };

/** The connector for the demo: this program on a fresh temporary database, against the two simulators. */
export const openDemoConnector: OpenDemoConnector = async (settings): Promise<DemoConnector> => {
  const log = createLog(
    settings.logFile === undefined
      ? { level: "error" }
      : { level: "info", to: destination({ dest: settings.logFile, sync: true }) },
  );
  const temporary = await startTemporary({ log });
  const config: Config = {
    databaseUrl: undefined,
    dataFolder: temporary.folder,
    host: "127.0.0.1",
    port: 0,
    publicUrl: undefined,
    keys: [{ kid: "demo", key: new Secret(randomBytes(32)) }],
    quickbooks: {
      app: client,
      environment: "production",
      webhookVerifiers: [new Secret(settings.webhookVerifier)],
      baseUrl: settings.quickbooksUrl,
    },
    zendesk: { app: client, baseUrl: settings.zendeskUrl, apiToken: undefined },
    logLevel: "info",
    today: parseLocalDate(settings.today),
  };
  const running = await openProgramOn(config, log, "demo", {
    connection: temporary.connection,
    attached: false,
    stop: () => temporary.stop(),
  });
  const { url } = await running.serve();
  return {
    application: createApplication(running),
    webhookUrl: `${url}/webhooks/quickbooks`,
    appUrl: running.engine.appUrl,
    standings: (connectionId) => running.engine.stores.overview.standings(connectionId),
    today: running.today,
    close: running.close,
  };
};
