import { randomInt } from "node:crypto";
import Fastify, { type FastifyInstance } from "fastify";
import { registerControl } from "./control/routes.ts";
import { Script } from "./control/script.ts";
import { seedTenant } from "./control/seed-tenant.ts";
import { registerConsentPage } from "./oauth/consent-page.ts";
import type { OauthClient } from "./oauth/tokens.ts";
import { registerPages } from "./pages/routes.ts";
import { driveJobs } from "./server/drive-jobs.ts";
import { RequestLog } from "./server/log.ts";
import { answerRequest } from "./server/pipeline.ts";
import { Router } from "./server/router.ts";
import type { Simulator } from "./server/simulator.ts";
import { createTenant } from "./server/tenant.ts";
import { Weather } from "./server/weather.ts";
import { readAccountFile } from "./state/account-file.ts";
import { vendorOperations } from "./vendor/index.ts";
import { createClock } from "./world/clock.ts";
import type { Plan } from "./world/plans.ts";
import { createRandom } from "./world/random.ts";

export interface ZendeskSimulatorOptions {
  /** 0 = any free port. */
  port?: number;
  host?: string;
  /** An account file's content, or the path of a file or of a folder with `account.json`. */
  account?: object | string;
  plan?: Plan;
  /** The first account answers where the Host header names none. */
  subdomain?: string;
  /** Further empty accounts in the same process, to be seeded over the control port. */
  moreSubdomains?: readonly string[];
  clientId?: string;
  /** Further confidential clients of every account. */
  otherClients?: { clientId: string; clientSecret: string }[];
  /** `null` makes it a public client, for which PKCE is mandatory. */
  clientSecret?: string | null;
  redirectUris?: readonly string[];
  /** Items a second that each job works through; 0 = at once. */
  jobPace?: number;
  /** Makes ids, tokens and shuffles repeatable. */
  seed?: number;
  /** Real time, for tests that bring their own. */
  now?: () => number;
}

export interface ZendeskSimulator {
  url: string;
  close(): Promise<void>;
}

const largestBodyBytes = 10 * 1024 * 1024;

/** Starts a simulator on 127.0.0.1 and returns its address; everything else goes over HTTP. */
export async function startZendeskSimulator(options: ZendeskSimulatorOptions = {}): Promise<ZendeskSimulator> {
  const simulator = createSimulator(options);
  const app = Fastify({
    logger: false,
    bodyLimit: largestBodyBytes,
    forceCloseConnections: true,
    keepAliveTimeout: 60_000,
    routerOptions: { maxParamLength: 1000 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  registerControl(app, simulator);
  registerConsentPage(app, simulator);
  registerPages(app, simulator);
  const jobs = driveJobs(simulator);
  registerVendor(app, simulator, jobs.look);
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  return {
    url,
    close: async () => {
      simulator.script.releaseAll();
      jobs.stop();
      for (const tenant of simulator.tenants.values()) tenant.deliveries.stop();
      await app.close();
    },
  };
}

function createSimulator(options: ZendeskSimulatorOptions): Simulator {
  const clock = createClock(options.now ?? (() => Date.now()));
  const random = createRandom(options.seed ?? randomInt(2 ** 31));
  const client: OauthClient = {
    id: 10_001,
    identifier: options.clientId ?? "simulator-client",
    secret: options.clientSecret === undefined ? "simulator-secret" : options.clientSecret,
    kind: options.clientSecret === null ? "public" : "confidential",
    redirectUris: options.redirectUris ?? [],
    ceiling: [],
    userId: null,
  };
  const others = (options.otherClients ?? []).map(({ clientId, clientSecret }, index) => ({
    ...client,
    id: client.id + 1 + index,
    identifier: clientId,
    secret: clientSecret,
    kind: "confidential" as const,
  }));
  const plan = options.plan ?? "enterprise";
  const names = [options.subdomain ?? "simulator", ...(options.moreSubdomains ?? [])];
  const tenants = new Map(
    names.map((subdomain) => [
      subdomain,
      createTenant({ subdomain, plan, clock, random, clients: [client, ...others] }),
    ]),
  );
  const seeds = [readAccountFile(options.account)];
  for (const [index, tenant] of [...tenants.values()].entries()) {
    if (options.jobPace !== undefined) tenant.account.switches.jobPace = options.jobPace;
    seedTenant(tenant, seeds[index] ?? {});
  }
  return {
    clock,
    random,
    stopwatch: () => performance.now(),
    tenants,
    router: new Router(vendorOperations),
    script: new Script(),
    log: new RequestLog(),
    weather: new Weather(random),
    snapshots: new Map(),
  };
}

/** `afterCall` looks whether a job was submitted that has to be woken for. */
function registerVendor(app: FastifyInstance, simulator: Simulator, afterCall: () => void): void {
  for (const url of ["/api/*", "/oauth/tokens"]) {
    app.route({
      method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      url,
      handler: async (request, reply) => {
        const answer = await answerRequest(simulator, {
          method: request.method,
          url: request.url,
          host: request.headers.host ?? "127.0.0.1",
          headers: request.headers,
          body: Buffer.isBuffer(request.body) ? request.body : undefined,
        });
        afterCall();
        if (!answer) {
          reply.hijack();
          request.raw.socket.destroy();
          return;
        }
        await reply.code(answer.status).headers(answer.headers).send(answer.text);
      },
    });
  }
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({ error: "InvalidEndpoint", description: "Not found" }),
  );
}
