import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startZendeskSimulator, type ZendeskSimulator, type ZendeskSimulatorOptions } from "../src/index.ts";
import { send } from "./client.ts";

let zendesk: ZendeskSimulator;
const start = async (options: ZendeskSimulatorOptions = {}) => {
  zendesk = await startZendeskSimulator({ seed: 3, plan: "unlimited", ...options });
};
beforeEach(() => start());
afterEach(() => zendesk.close());

const redirectUri = "http://127.0.0.1:9999/callback";
const verifier = "a-verifier-of-at-least-forty-three-characters-0123456789";
const challenge = createHash("sha256").update(verifier).digest("base64url");
const client = { client_id: "simulator-client", client_secret: "simulator-secret" };
const token = (body: object) => send(`${zendesk.url}/oauth/tokens`, "POST", body, {});
const control = (path: string, body: object) => send(`${zendesk.url}/_control/${path}`, "POST", body, {});
const current = (access: string, method = "GET") =>
  send(`${zendesk.url}/api/v2/oauth/tokens/current`, method, undefined, { authorization: `Bearer ${access}` });

async function authorize(extra: Record<string, string> = {}): Promise<URLSearchParams> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: "simulator-client",
    redirect_uri: redirectUri,
    scope: "read write",
    state: "st",
    code_challenge: challenge,
    code_challenge_method: "S256",
    simulator_consent: "allow",
    ...extra,
  });
  const answer = await send(`${zendesk.url}/oauth/authorizations/new?${query.toString()}`, "GET", undefined, {});
  return new URL(answer.headers.get("location") ?? "http://none").searchParams;
}

const exchange = async (extra: object = {}) =>
  token({
    grant_type: "authorization_code",
    ...client,
    code: (await authorize()).get("code"),
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...extra,
  });

describe("the authorization code grant", () => {
  it("ends in a pair with both lives as asked", async () => {
    const answer = await exchange({ expires_in: 300, refresh_token_expires_in: 604_800 });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      token_type: "bearer",
      scope: "read write",
      expires_in: 300,
      refresh_token_expires_in: 604_800,
    });
    expect((await current(answer.body.access_token)).body.token.scopes).toEqual(["read", "write"]);
  });

  it("shows a page that says it is a simulator, and takes the person's decision", async () => {
    const url = `${zendesk.url}/oauth/authorizations/new`;
    const query = new URLSearchParams({
      response_type: "code",
      client_id: "simulator-client",
      redirect_uri: redirectUri,
      scope: "read",
      state: "<&",
    });
    const page = await send(`${url}?${query.toString()}`, "GET", undefined, {});
    expect(page.text).toMatch(/This is a simulator/);
    expect(page.text).toContain('value="&lt;&amp;"');
    const form = new URLSearchParams([...query, ["decision", "deny"]]);
    const denied = await fetch(url, { method: "POST", body: form, redirect: "manual" });
    expect(new URL(denied.headers.get("location") ?? "").searchParams.get("error")).toBe("access_denied");
    form.set("decision", "allow");
    const allowed = await fetch(url, { method: "POST", body: form, redirect: "manual" });
    expect(new URL(allowed.headers.get("location") ?? "").searchParams.get("code")).toMatch(/^[0-9a-f]{64}$/);
  });

  it("takes a code once, within 120 s, with its own redirect address and verifier", async () => {
    const code = (await authorize()).get("code");
    const grant = {
      grant_type: "authorization_code",
      ...client,
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    expect((await token(grant)).status).toBe(200);
    expect((await token(grant)).body.error).toBe("invalid_grant");
    expect((await exchange({ code_verifier: "wrong" })).body.error).toBe("invalid_grant");
    expect((await exchange({ redirect_uri: "http://127.0.0.1:9999/other" })).body.error).toBe("invalid_grant");
    expect((await exchange({ client_secret: "wrong" })).status).toBe(401);
    const late = (await authorize()).get("code");
    await control("clock", { advanceMs: 120_000 });
    expect((await token({ ...grant, code: late })).body.error).toBe("invalid_grant");
  });

  it("refuses lives outside the documented ranges", async () => {
    for (const lives of [
      { expires_in: 299 },
      { expires_in: 172_801 },
      { refresh_token_expires_in: 604_799 },
      { refresh_token_expires_in: 7_776_001 },
    ]) {
      expect((await exchange(lives)).status).toBe(400);
    }
  });

  it("demands PKCE with S256 of a public client, and no secret", async () => {
    await zendesk.close();
    await start({ clientSecret: null });
    expect((await authorize({ code_challenge_method: "plain" })).get("error")).toBe("invalid_request");
    const bare = await send(
      `${zendesk.url}/oauth/authorizations/new?response_type=code&client_id=simulator-client&redirect_uri=${encodeURIComponent(redirectUri)}`,
      "GET",
      undefined,
      {},
    );
    expect(bare.headers.get("location")).toContain("error=invalid_request");
    const { body } = await exchange({ client_secret: undefined });
    const refreshed = await token({
      grant_type: "refresh_token",
      client_id: "simulator-client",
      refresh_token: body.refresh_token,
    });
    expect(refreshed.status).toBe(200);
    expect((await token({ grant_type: "client_credentials", client_id: "simulator-client" })).status).toBe(401);
  });

  it("never redirects to an address that is not the client's", async () => {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: "simulator-client",
      redirect_uri: "https://evil.example/",
      simulator_consent: "allow",
    });
    const answer = await send(`${zendesk.url}/oauth/authorizations/new?${query.toString()}`, "GET", undefined, {});
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  });
});

describe("refreshing", () => {
  it("kills the old pair at once, and the successor goes on working after a replay", async () => {
    const old = (await exchange()).body;
    const refresh = (refreshToken: string) =>
      token({ grant_type: "refresh_token", ...client, refresh_token: refreshToken });
    const next = (await refresh(old.refresh_token)).body;
    const dead = await current(old.access_token);
    expect([dead.status, dead.body.error]).toEqual([401, "invalid_token"]);
    const replay = await refresh(old.refresh_token);
    expect([replay.status, replay.body.error]).toEqual([400, "invalid_grant"]);
    expect((await current(next.access_token)).status).toBe(200);
    expect((await refresh(next.refresh_token)).status).toBe(200);
  });

  it("ends with the refresh token's own life", async () => {
    const { body } = await exchange({ expires_in: 300, refresh_token_expires_in: 604_800 });
    await control("clock", { advanceMs: 300_000 });
    expect((await current(body.access_token)).status).toBe(401);
    await control("clock", { advanceMs: 604_500_000 });
    expect(
      (await token({ grant_type: "refresh_token", ...client, refresh_token: body.refresh_token })).body.error,
    ).toBe("invalid_grant");
  });
});

describe("scopes and roles", () => {
  const call = (access: string, method: string, path: string, body?: object) =>
    send(`${zendesk.url}/api/v2/${path}`, method, body, { authorization: `Bearer ${access}` });
  const access = async (scope: string) =>
    (await token({ grant_type: "client_credentials", ...client, scope })).body.access_token as string;

  it("give a client-credentials token without a refresh token", async () => {
    const { body } = await token({ grant_type: "client_credentials", ...client, scope: "read" });
    expect(body.refresh_token).toBeUndefined();
    expect((await current(body.access_token, "DELETE")).status).toBe(403);
    const writing = await access("read write");
    expect((await current(writing, "DELETE")).status).toBe(204);
    expect((await current(writing)).status).toBe(401);
  });

  it("refuse a call without its scope with 403, even for a scope that nobody knows", async () => {
    const missing = await call(await access("read"), "POST", "organizations", { organization: { name: "A" } });
    expect([missing.status, missing.body]).toEqual([
      403,
      { error: "Forbidden", description: "You are missing the following required scopes: write" },
    ]);
    expect((await call(await access("organizatoins:read"), "GET", "organizations")).status).toBe(403);
    expect((await call(await access("organizations:read"), "GET", "organizations")).status).toBe(200);
    expect((await call(await access("organizations:read"), "GET", "users")).status).toBe(403);
    expect((await call(await access("organizations:read"), "GET", "job_statuses")).status).toBe(403);
    await control("switches", { relatedScopes: true });
    expect((await call(await access("organizations:read"), "GET", "job_statuses")).status).toBe(200);
  });

  it("let an agent write notes and nothing else of an organization", async () => {
    await control("seed", {
      account: {
        organizations: [{ id: 5, name: "A" }],
        users: [{ id: 8, name: "Ann", role: "agent", email: "ann@desk.example" }],
      },
    });
    const query = new URLSearchParams({
      response_type: "code",
      client_id: "simulator-client",
      redirect_uri: redirectUri,
      scope: "read write",
      simulator_consent: "allow",
      simulator_user: "8",
    });
    const answer = await send(`${zendesk.url}/oauth/authorizations/new?${query.toString()}`, "GET", undefined, {});
    const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code");
    const agent = (await token({ grant_type: "authorization_code", ...client, code, redirect_uri: redirectUri })).body
      .access_token;
    expect((await call(agent, "PUT", "organizations/5", { organization: { notes: "n" } })).status).toBe(200);
    expect((await call(agent, "PUT", "organizations/5", { organization: { name: "B" } })).status).toBe(403);
    expect((await call(agent, "POST", "organizations", { organization: { name: "B" } })).body.error.title).toBe(
      "Forbidden",
    );
  });

  it("answer users/me as Anonymous user to nobody, and 401 everywhere else", async () => {
    const me = await send(`${zendesk.url}/api/v2/users/me.json`, "GET", undefined, {});
    expect([me.status, me.body.user.name, me.body.user.id]).toEqual([200, "Anonymous user", null]);
    const list = await send(`${zendesk.url}/api/v2/organizations.json`, "GET", undefined, {});
    expect([list.status, list.body]).toEqual([401, { error: "Couldn't authenticate you" }]);
    expect((await call("wrong", "GET", "users/me")).status).toBe(401);
  });
});
