import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type CredentialAlarm,
  type CredentialStore,
  createDueRefresher,
  createSeal,
  createTokenSource,
  storeGrant,
  useApiToken,
  useClientCredentials,
} from "../../src/connections/credentials/index.ts";
import { createCredentialStore } from "../../src/store/credential-store.ts";
import { type TestDatabase, testDatabase } from "../harness/index.ts";
import { startZendeskBench } from "../systems/zendesk-bench.ts";
import { zendeskGrant } from "./zendesk-grant.ts";

const seal = createSeal({ current: "one", keys: new Map([["one", new Uint8Array(32).fill(1)]]) });
const clock = { wallMs: () => Date.now(), wait: () => Promise.resolve() };

let test: TestDatabase;
let store: CredentialStore;
let alarms: string[];
const alarm: CredentialAlarm = {
  refused: (key, says) => Promise.resolve(void alarms.push(`refused ${key.subject}: ${says}`)),
  clientRefused: (key, says) => Promise.resolve(void alarms.push(`client refused ${key.subject}: ${says}`)),
  restored: (key) => Promise.resolve(void alarms.push(`restored ${key.subject}`)),
};

beforeAll(async () => {
  test = await testDatabase();
  store = createCredentialStore(test.database);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.deleteFrom("credential").execute();
  alarms = [];
});

describe("Zendesk's tokens, which rotate with every refresh", () => {
  let zendesk: Awaited<ReturnType<typeof startZendeskBench>>;
  beforeEach(async () => {
    zendesk = await startZendeskBench();
    return () => zendesk.close();
  });
  const key = () => ({ system: "zendesk", clientId: "simulator-client", subject: zendesk.subdomain }) as const;
  const zendeskSource = () => createTokenSource({ ...key(), store, seal, grants: zendesk.grants, alarm, clock });
  const calls = async (operation: string) =>
    (await zendesk.control.log()).filter((line) => line.operation === operation).length;

  async function consent() {
    const grant = await zendeskGrant(zendesk);
    await storeGrant(key(), grant, { store, seal, clock, way: "authorization-code" });
  }

  it("reach a process whose token another one has replaced, without a second refresh", async () => {
    await consent();
    const [one, other] = [zendeskSource(), zendeskSource()];
    const first = await one.accessToken(zendesk.subdomain);
    expect(await other.accessToken(zendesk.subdomain)).toBe(first);
    const stored = await store.read(key());
    if (stored) await one.refreshAhead(stored);
    await expect(zendesk.client.checkToken(zendesk.subdomain, first)).rejects.toMatchObject({ status: 401 });
    const second = await other.refreshAfterRefusal(zendesk.subdomain, first);
    expect(second).toBe(await one.accessToken(zendesk.subdomain));
    await zendesk.client.checkToken(zendesk.subdomain, second);
    expect(await calls("oauth.refresh")).toBe(1);
  });

  it("are asked for anew where our client speaks for itself", async () => {
    await useClientCredentials(key(), { store, seal, clock, grants: zendesk.grants, alarm, permission: "write" });
    const tokens = zendeskSource();
    const first = await tokens.accessToken(zendesk.subdomain);
    const second = await tokens.refreshAfterRefusal(zendesk.subdomain, first);
    expect(second).not.toBe(first);
    expect(await calls("oauth.client-credentials")).toBe(2);
    expect(await calls("oauth.refresh")).toBe(0);
    expect(alarms).toEqual(["restored simulator", "restored simulator"]);
  });

  it("are an API token where the configuration still has one, and end with it", async () => {
    await useApiToken(key(), { email: "ann@x.test", token: "secret" }, { store, seal, clock });
    const tokens = zendeskSource();
    const header = await tokens.accessToken(zendesk.subdomain);
    expect(Buffer.from(header.replace("Basic ", ""), "base64").toString()).toBe("ann@x.test/token:secret");
    await expect(tokens.refreshAfterRefusal(zendesk.subdomain, header)).rejects.toMatchObject({
      action: "reauthorize",
    });
    expect(alarms[0]).toContain("API token");
    expect(await createDueRefresher({ ...key(), store, tokens, clock })()).toEqual({
      refreshed: [],
      failed: [],
    });
  });
});
