import { randomBytes } from "node:crypto";
import Fastify from "fastify";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSeal, createTokenSource } from "../../src/connections/credentials/index.ts";
import {
  type AuthorizationOptions,
  beginAuthorization,
  completeAuthorization,
  confirmZone,
  createConnection,
  createCredentialAlarm,
  makeTicket,
  openTicket,
  pauseByPerson,
  resumeByPerson,
} from "../../src/connections/index.ts";
import { type ConnectionId, parseRealm, type System } from "../../src/domain/index.ts";
import { oauthRoutes } from "../../src/http/oauth-routes.ts";
import { createCompanyStore } from "../../src/store/company-store.ts";
import { createConnectionStore } from "../../src/store/connection-store.ts";
import { createCredentialStore } from "../../src/store/credential-store.ts";
import { createIncidentStore } from "../../src/store/incident-store.ts";
import { createOauthStateStore } from "../../src/store/oauth-state-store.ts";
import { type TestDatabase, testDatabase } from "../harness/index.ts";
import { startQuickbooksBench } from "../systems/quickbooks-bench.ts";
import { startZendeskBench } from "../systems/zendesk-bench.ts";
import { oneClient } from "./one-client.ts";

const secondRealm = parseRealm("9341453000000002");
const company = (more: object) => ({
  CompanyInfo: {
    Id: "1",
    SyncToken: "0",
    MetaData: { CreateTime: "2020-01-01T00:00:00-08:00", LastUpdatedTime: "2020-01-01T00:00:00-08:00" },
    CompanyName: "Birds <b>& Co</b>",
    Country: "US",
    CompanyAddr: { Id: "1", Line1: "1 Main St", City: "Dallas", CountrySubDivisionCode: "TX", PostalCode: "75001" },
    ...more,
  },
});

let test: TestDatabase;
let quickbooks: Awaited<ReturnType<typeof startQuickbooksBench>>;
let zendesk: Awaited<ReturnType<typeof startZendeskBench>>;
let options: AuthorizationOptions;
let connectionId: ConnectionId;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

beforeEach(async () => {
  for (const table of ["oauth_state", "incident", "credential", "connection", "company", "account"] as const)
    await test.database.deleteFrom(table).execute();
  quickbooks = await startQuickbooksBench({
    company: company({ DefaultTimeZone: undefined }),
    companies: { [secondRealm]: company({ CompanyName: "Second" }) },
  });
  zendesk = await startZendeskBench();
  options = {
    connections: createConnectionStore(test.database),
    companies: createCompanyStore(test.database),
    credentials: createCredentialStore(test.database),
    incidents: createIncidentStore(test.database),
    states: createOauthStateStore(test.database),
    clients: oneClient({ quickbooks: quickbooks.grants, zendesk: zendesk.grants }),
    seal: createSeal({ current: "one", keys: new Map([["one", new Uint8Array(32).fill(1)]]) }),
    clock: { wallMs: () => Date.now(), wait: (ms) => new Promise((go) => setTimeout(go, ms)) },
    randomBytes,
    quickbooks: {
      redirectUri: quickbooks.redirectUri,
      readCompany: (realm, token) => quickbooks.client.readCompany(realm, token),
    },
    zendesk: {
      redirectUri: "http://127.0.0.1:1/oauth/zendesk/callback",
      checkToken: (subdomain, token) => zendesk.client.checkToken(subdomain, token),
    },
    forget: () => undefined,
  };
  connectionId = await createConnection({ subdomain: "Simulator", settings: { scope: "all" } }, options);
});
afterEach(async () => {
  await quickbooks.close();
  await zendesk.close();
});

async function consent(system: System, change: Record<string, string> = {}, realm?: ReturnType<typeof parseRealm>) {
  const url = await beginAuthorization({ system, connectionId }, options);
  const query = Object.fromEntries(await quickbooks.consent(url, realm));
  return completeAuthorization(system, { ...query, ...change }, options);
}

const stateOf = async (id: ConnectionId) => (await options.connections.read(id))?.state;
const stored = async () => (await options.credentials.all()).map(({ system, subject }) => `${system} ${subject}`);

describe("connecting", () => {
  it("needs both systems and a confirmed zone before anything loads", async () => {
    expect(await consent("quickbooks")).toMatchObject({
      kind: "connected",
      name: "Birds <b>& Co</b>",
      missing: ["zendesk", "zone"],
    });
    expect((await options.companies.read(quickbooks.realm))?.zone).toEqual({
      kind: "proposed",
      name: "America/Chicago",
    });
    expect(await consent("zendesk")).toMatchObject({ kind: "connected", name: "simulator", missing: ["zone"] });
    expect(await stateOf(connectionId)).toBe("connecting");
    await expect(confirmZone(quickbooks.realm, "Central", options)).rejects.toThrow("America/New_York");
    await confirmZone(quickbooks.realm, "America/Denver", options);
    expect(await stateOf(connectionId)).toBe("loading");
    expect(await stored()).toEqual([`quickbooks ${quickbooks.realm}`, "zendesk simulator"]);
    await consent("quickbooks");
    expect((await options.companies.read(quickbooks.realm))?.zone).toMatchObject({
      name: "America/Denver",
      source: "confirmed",
    });
  });

  it("takes the zone that the company names", async () => {
    await consent("quickbooks", {}, secondRealm);
    expect((await options.companies.read(secondRealm))?.zone).toMatchObject({ kind: "proposed" });
    const facts = { ...(await quickbooks.client.readCompany(secondRealm, (await grantFor(secondRealm)).accessToken)) };
    await options.companies.save(secondRealm, facts, { kind: "known", name: "Asia/Tokyo", source: "company" });
    await options.companies.save(secondRealm, facts, { kind: "proposed", name: "America/Chicago" });
    expect((await options.companies.read(secondRealm))?.zone).toMatchObject({ kind: "known", name: "Asia/Tokyo" });
  });

  it("accepts a state once, from the system it was made for, within ten minutes", async () => {
    const url = await beginAuthorization({ system: "quickbooks", connectionId }, options);
    const query = Object.fromEntries(await quickbooks.consent(url));
    expect(await completeAuthorization("quickbooks", query, options)).toMatchObject({ kind: "connected" });
    const exchanges = async () =>
      (await quickbooks.control.log()).filter(({ operation }) => operation === "oauth.token").length;
    const before = await exchanges();
    expect(await completeAuthorization("quickbooks", query, options)).toMatchObject({ kind: "refused" });
    expect(await completeAuthorization("quickbooks", { ...query, state: "guessed" }, options)).toMatchObject({
      kind: "refused",
    });
    expect(await completeAuthorization("quickbooks", {}, options)).toMatchObject({ kind: "refused" });
    const forZendesk =
      new URL(await beginAuthorization({ system: "zendesk", connectionId }, options)).searchParams.get("state") ?? "";
    expect(await completeAuthorization("quickbooks", { ...query, state: forZendesk }, options)).toMatchObject({
      kind: "refused",
    });
    const old =
      new URL(await beginAuthorization({ system: "quickbooks", connectionId }, options)).searchParams.get("state") ??
      "";
    await test.database
      .updateTable("oauth_state")
      .set({ expires_at: new Date(Date.now() - 1000) })
      .where("used_at", "is", null)
      .execute();
    expect(await completeAuthorization("quickbooks", { ...query, state: old }, options)).toMatchObject({
      kind: "refused",
    });
    expect(await exchanges()).toBe(before);
  });

  it("stores nothing for a company that the token does not speak for", async () => {
    const outcome = await consent("quickbooks", { realmId: secondRealm });
    expect(outcome).toMatchObject({ kind: "refused" });
    expect(outcome.kind === "refused" && outcome.says).toContain("Nothing was stored");
    expect(await consent("quickbooks", { realmId: "../evil" })).toMatchObject({ kind: "refused" });
    expect(await stored()).toEqual([]);
    expect((await options.connections.read(connectionId))?.realm).toBeUndefined();
    expect(await options.companies.read(secondRealm)).toBeUndefined();
  });

  it("connects again only to the same company", async () => {
    await consent("quickbooks");
    expect(await consent("quickbooks", {}, secondRealm)).toMatchObject({ kind: "refused" });
    expect((await options.connections.read(connectionId))?.realm).toBe(quickbooks.realm);
    expect(await stored()).toEqual([`quickbooks ${quickbooks.realm}`]);
  });

  it("pairs a company and an account once", async () => {
    await consent("quickbooks");
    connectionId = await createConnection({ subdomain: "simulator" }, options);
    expect(await consent("quickbooks")).toMatchObject({
      kind: "refused",
      says: expect.stringContaining("connected already") as string,
    });
  });

  it("says so when the person declines, and when QuickBooks cannot be reached", async () => {
    const url = await beginAuthorization({ system: "quickbooks", connectionId }, options);
    const state = new URL(url).searchParams.get("state") ?? "";
    expect(await completeAuthorization("quickbooks", { state, error: "access_denied" }, options)).toMatchObject({
      kind: "refused",
      says: expect.stringContaining("declined") as string,
    });
    const again = await beginAuthorization({ system: "quickbooks", connectionId }, options);
    const query = Object.fromEntries(await quickbooks.consent(again));
    await quickbooks.control.faults({ operation: "oauth.token", nth: 1, times: 1, status: 502 });
    expect(await completeAuthorization("quickbooks", query, options)).toMatchObject({ kind: "refused" });
    expect(await stored()).toEqual([]);
  });

  it("keeps states and verifiers unreadable", async () => {
    const url = new URL(await beginAuthorization({ system: "zendesk", connectionId }, options));
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
    const row = JSON.stringify(await test.database.selectFrom("oauth_state").selectAll().execute());
    expect(row).not.toContain(url.searchParams.get("state"));
    expect(url.searchParams.get("state")).toMatch(/^[\w-]{43}$/);
  });
});

async function grantFor(realm: ReturnType<typeof parseRealm>) {
  const url = quickbooks.grants.authorizationUrl({
    subject: realm,
    state: "s",
    redirectUri: quickbooks.redirectUri,
    challenge: undefined,
  });
  const code = (await quickbooks.consent(url, realm)).get("code") ?? "";
  return quickbooks.grants.exchangeCode({
    subject: realm,
    code,
    redirectUri: quickbooks.redirectUri,
    verifier: undefined,
  });
}

describe("a pause", () => {
  async function activate() {
    await consent("quickbooks");
    await consent("zendesk");
    await confirmZone(quickbooks.realm, "America/Chicago", options);
    await test.database
      .insertInto("plan")
      .values({ connection_id: connectionId, kind: "first-load", state: "approved", counts: "{}" })
      .execute();
    await test.database.updateTable("connection").set({ state: "active" }).execute();
  }

  it("follows a refused grant at once, as one incident, and a new consent ends it where it was", async () => {
    await activate();
    const alarm = createCredentialAlarm(options);
    const key = { system: "quickbooks", clientId: "simulator-client", subject: quickbooks.realm } as const;
    const tokens = createTokenSource({
      ...key,
      store: options.credentials,
      seal: options.seal,
      grants: quickbooks.grants,
      alarm,
      clock: options.clock,
    });
    await quickbooks.control.faults({
      operation: "oauth.refresh",
      nth: 1,
      times: 9,
      status: 400,
      body: { error: "invalid_grant" },
    });
    const refused = await tokens.accessToken(quickbooks.realm);
    await expect(tokens.refreshAfterRefusal(quickbooks.realm, refused)).rejects.toMatchObject({
      action: "reauthorize",
    });
    await expect(tokens.refreshAfterRefusal(quickbooks.realm, refused)).rejects.toMatchObject({
      action: "reauthorize",
    });
    expect(await stateOf(connectionId)).toBe("paused");
    expect(await options.incidents.open(connectionId)).toMatchObject([
      { cause: "quickbooks:grant-refused", affected: 1 },
    ]);
    await consent("quickbooks");
    expect(await stateOf(connectionId)).toBe("active");
    expect(await options.incidents.open(connectionId)).toEqual([]);
  });

  it("of a person is ended by a person only", async () => {
    await activate();
    await pauseByPerson(connectionId, "ann", options);
    await consent("quickbooks");
    expect(await options.connections.read(connectionId)).toMatchObject({ state: "paused", pausedBy: "person:ann" });
    expect(await resumeByPerson(connectionId, options)).toBe("active");
    await expect(resumeByPerson(connectionId, options)).rejects.toThrow("not paused");
  });
});

describe("the callback pages", () => {
  async function app() {
    const server = Fastify();
    const ticketOptions = { seal: options.seal, clock: options.clock };
    oauthRoutes(server, {
      completeAuthorization: (system, query, browser) => completeAuthorization(system, query, options, browser),
      async reconnect(ticket, browser) {
        const of = await openTicket(ticket, ticketOptions);
        return of && beginAuthorization({ ...of, browser }, options);
      },
      newBrowserSecret: () => randomBytes(32).toString("base64url"),
      isSecure: () => true,
    });
    return server;
  }

  it("end a consent with a page that leads nowhere and escapes what strangers named", async () => {
    const server = await app();
    const url = await beginAuthorization({ system: "quickbooks", connectionId }, options);
    const query = Object.fromEntries(await quickbooks.consent(url));
    const answer = await server.inject({ url: "/oauth/quickbooks/callback", query });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toContain("text/html");
    expect(answer.body).toContain("Birds &lt;b&gt;&amp; Co&lt;/b&gt; is connected");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.headers["referrer-policy"]).toBe("no-referrer");
    expect(answer.headers["location"]).toBeUndefined();
  });

  it("begin a new consent with one click, which ends in the same browser only", async () => {
    const server = await app();
    const ticket = await makeTicket({ system: "quickbooks", connectionId }, options);
    const start = async () => {
      const begun = await server.inject({ url: `/oauth/reconnect?ticket=${ticket}` });
      expect(begun.statusCode).toBe(303);
      const query = Object.fromEntries(await quickbooks.consent(String(begun.headers["location"])));
      return { query, set: String(begun.headers["set-cookie"]) };
    };
    const stolen = await start();
    expect(stolen.set).toMatch(/; Path=\/oauth; HttpOnly; SameSite=Lax; Max-Age=900; Secure$/);
    const elsewhere = await server.inject({ url: "/oauth/quickbooks/callback", query: stolen.query });
    expect(elsewhere.statusCode).toBe(400);
    expect(elsewhere.body).toContain("another browser");
    const own = await start();
    const cookie = own.set.split(";")[0] ?? "";
    const ended = await server.inject({ url: "/oauth/quickbooks/callback", query: own.query, headers: { cookie } });
    expect(ended.statusCode).toBe(200);
  });

  it("take no ticket that is changed, too old or none of ours", async () => {
    const server = await app();
    const old = { ...options, clock: { ...options.clock, wallMs: () => Date.now() - 15 * 86_400_000 } };
    const ticket = await makeTicket({ system: "quickbooks", connectionId }, options);
    for (const bad of [
      "",
      "nonsense",
      `${ticket}x`,
      await makeTicket({ system: "quickbooks", connectionId }, old),
      await options.seal.seal("{}", { table: "credential", row: "x", field: "tokens" }),
      "a".repeat(5_000),
    ]) {
      const answer = await server.inject({ url: "/oauth/reconnect", query: { ticket: bad } });
      expect(answer.statusCode).toBe(400);
      expect(answer.headers["location"]).toBeUndefined();
      expect(answer.headers["set-cookie"]).toBeUndefined();
    }
  });

  it("say what to do after a bad one, whatever was in the address", async () => {
    const server = await app();
    for (const search of [
      "",
      "?state=a&state=b&code=<script>",
      "?error=<script>alert(1)</script>&redirect=https://evil.test",
      `?state=${"x".repeat(9000)}`,
    ]) {
      const answer = await server.inject({ url: `/oauth/zendesk/callback${search}` });
      expect(answer.statusCode).toBe(400);
      expect(answer.body).toContain("Start again");
      expect(answer.body).not.toContain("<script>");
      expect(answer.headers["location"]).toBeUndefined();
    }
  });
});
