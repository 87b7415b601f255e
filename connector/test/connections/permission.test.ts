// A consent for reading alone, from the browser to the token that is refreshed, and the one that allows writing later.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSeal, createTokenSource } from "../../src/connections/credentials/index.ts";
import {
  type AuthorizationOptions,
  beginAuthorization,
  completeAuthorization,
  createConnection,
  createCredentialAlarm,
  ensureMayWrite,
} from "../../src/connections/index.ts";
import type { ConnectionId } from "../../src/domain/index.ts";
import { createCompanyStore } from "../../src/store/company-store.ts";
import { createConnectionStore } from "../../src/store/connection-store.ts";
import { createCredentialStore } from "../../src/store/credential-store.ts";
import { createIncidentStore } from "../../src/store/incident-store.ts";
import { createOauthStateStore } from "../../src/store/oauth-state-store.ts";
import { type TestDatabase, testDatabase } from "../harness/index.ts";
import { startZendeskBench } from "../systems/zendesk-bench.ts";
import { oneClient } from "./one-client.ts";

describe("a consent in Zendesk", () => {
  let test: TestDatabase;
  let zendesk: Awaited<ReturnType<typeof startZendeskBench>>;
  let options: AuthorizationOptions;
  let connectionId: ConnectionId;
  beforeAll(async () => {
    test = await testDatabase();
    zendesk = await startZendeskBench();
    const nobody = () => Promise.reject(new Error("QuickBooks has no part in this"));
    options = {
      connections: createConnectionStore(test.database),
      companies: createCompanyStore(test.database),
      credentials: createCredentialStore(test.database),
      incidents: createIncidentStore(test.database),
      states: createOauthStateStore(test.database),
      clients: oneClient({ quickbooks: zendesk.grants, zendesk: zendesk.grants }),
      seal: createSeal({ current: "one", keys: new Map([["one", new Uint8Array(32).fill(1)]]) }),
      clock: { wallMs: () => Date.now(), wait: (ms) => new Promise((go) => setTimeout(go, ms)) },
      randomBytes,
      quickbooks: { redirectUri: "http://127.0.0.1:1/none", readCompany: nobody },
      zendesk: {
        redirectUri: "http://127.0.0.1:1/oauth/zendesk/callback",
        checkToken: (subdomain, token) => zendesk.client.checkToken(subdomain, token),
      },
      forget: () => undefined,
    };
    connectionId = await createConnection({ subdomain: "simulator" }, options);
  });
  afterAll(async () => {
    await zendesk.close();
    await test.close();
  });

  async function consent(permission: "read" | "write") {
    const url = await beginAuthorization({ system: "zendesk", connectionId, permission }, options);
    const answer = await fetch(`${url}&simulator_consent=allow`, { redirect: "manual" });
    const query = Object.fromEntries(new URL(answer.headers.get("location") ?? "http://none").searchParams);
    return completeAuthorization("zendesk", query, options);
  }

  it("asks for reading alone where that is enough, keeps to it when it refreshes, and for writing later", async () => {
    const url = await beginAuthorization({ system: "zendesk", connectionId, permission: "read" }, options);
    expect(new URL(url).searchParams.get("scope")).toBe("read");
    expect((await consent("read")).kind).toBe("connected");
    const scopes = async () =>
      (await options.credentials.all()).flatMap((each) => (each.system === "zendesk" ? [each.scopes] : []));
    expect(await scopes()).toEqual(["read"]);
    await expect(ensureMayWrite(connectionId, options)).rejects.toThrow("ml-connector connect simulator");
    const source = createTokenSource({
      system: "zendesk",
      clientId: "simulator-client",
      store: options.credentials,
      seal: options.seal,
      clock: options.clock,
      grants: zendesk.grants,
      alarm: createCredentialAlarm(options),
    });
    const first = await source.accessToken(zendesk.subdomain);
    expect(await source.refreshAfterRefusal(zendesk.subdomain, first)).not.toBe(first);
    expect(await scopes()).toEqual(["read"]);
    expect((await consent("write")).kind).toBe("connected");
    expect(await scopes()).toEqual(["read write"]);
    await ensureMayWrite(connectionId, options);
  });
});
