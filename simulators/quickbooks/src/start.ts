import {
  createLimiter,
  defaultSwitches,
  type LimitsName,
  namedLimits,
  namedWeather,
  type Switches,
  type WeatherName,
} from "./behaviour/index.ts";
import { createClock } from "./clock.ts";
import { loadCompany } from "./company/index.ts";
import { readCompanyFile } from "./company-file.ts";
import { createInterventions } from "./control/interventions.ts";
import { createRequestLog } from "./control/request-log.ts";
import { generateCompany, type WantedCompany } from "./generate/index.ts";
import { createServer } from "./http/index.ts";
import { createIdTokens, createTokens } from "./oauth/index.ts";
import { createRandomness } from "./randomness.ts";
import { createPostWebhook, createWebhooks, webhookSettingsSchema } from "./webhooks/index.ts";
import { setWeather, type World } from "./world.ts";

export interface QuickbooksSimulatorOptions {
  /** 0 or nothing: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** A company file's content, or the path of a file or folder. */
  readonly company?: object | string;
  /** In place of `company`: one that is made up. */
  readonly generate?: WantedCompany;
  /** More companies in the same process, by realm. */
  readonly companies?: Readonly<Record<string, object | string>>;
  readonly realm?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly redirectUris?: readonly string[];
  /** Further apps that the companies may be connected through. */
  readonly otherApps?: readonly { readonly clientId: string; readonly clientSecret: string }[];
  readonly webhook?: { readonly url: string; readonly verifier: string };
  readonly now?: () => number;
  /** The vendor's limits unless said otherwise; `unlimited` for tests of capacity. */
  readonly limits?: LimitsName;
  readonly profile?: WeatherName;
  readonly switches?: Partial<Switches>;
  /** Makes ids, tokens and times of chance repeatable. */
  readonly seed?: number;
}

export interface QuickbooksSimulator {
  readonly url: string;
  readonly realm: string;
  close(): Promise<void>;
}

const defaultRealm = "9341453000000001";

/** Starts the simulator; everything else is done over HTTP. Throws CompanyFileError, or what listening throws. */
export async function startQuickbooksSimulator(options: QuickbooksSimulatorOptions = {}): Promise<QuickbooksSimulator> {
  const clock = createClock(options.now ?? Date.now);
  const randomness = createRandomness(options.seed);
  const poster = createPostWebhook();
  const realm = options.realm ?? defaultRealm;
  const world: World = {
    clock,
    randomness,
    companies: new Map(),
    app: {
      clientId: options.clientId ?? "simulator-client",
      clientSecret: options.clientSecret ?? "simulator-secret",
      redirectUris: options.redirectUris ?? [],
    },
    otherApps: (options.otherApps ?? []).map((app) => ({ ...app, redirectUris: [] })),
    tokens: createTokens(),
    idTokens: createIdTokens(),
    webhooks: createWebhooks({
      clock,
      randomness,
      post: poster.post,
      weather: () => world.weather,
      switches: () => world.switches,
    }),
    log: createRequestLog(),
    interventions: createInterventions(),
    limiter: createLimiter(namedLimits[options.limits ?? "vendor"], () => performance.now()),
    switches: { ...defaultSwitches, ...options.switches },
    weather: namedWeather.calm,
    answered: new Map(),
    views: new Map(),
  };
  setWeather(world, namedWeather[options.profile ?? "calm"]);
  for (const [one, company] of [[realm, options.company ?? {}] as const, ...Object.entries(options.companies ?? {})]) {
    const file: unknown = typeof company === "string" ? readCompanyFile(company) : company;
    world.companies.set(one, loadCompany(one, file, clock.now()));
  }
  if (options.generate !== undefined) {
    world.companies.set(realm, generateCompany(realm, options.generate, clock.now()));
  }
  if (options.webhook !== undefined) {
    world.webhooks.configure(webhookSettingsSchema.parse(options.webhook));
  }
  const server = createServer(world);
  const url = await server.listen({ port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  return {
    url,
    realm,
    async close() {
      world.interventions.clear();
      world.webhooks.stop();
      clock.stop();
      await server.close();
      await poster.close();
    },
  };
}
