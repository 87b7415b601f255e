import { describe, expect, it } from "vitest";
import { answered, connected, consent, faultOf, redirectUri, requestToken, text } from "./connected.ts";

const dayMs = 86_400_000;

async function grant(url: string, scope?: string) {
  const callback = await consent(url, scope);
  const code = callback.get("code") ?? "";
  return { callback, code, form: { grant_type: "authorization_code", code, redirect_uri: redirectUri } };
}

describe("OAuth", () => {
  it("tells the realm only in the callback, never in the token answer", async () => {
    const simulator = await connected();
    const { callback, form } = await grant(simulator.url);
    expect(callback.get("realmId")).toBe(simulator.realm);
    expect(callback.get("state")).toBe("state-1");
    const { status, json } = await simulator.token(form);
    expect(status).toBe(200);
    expect(json).toMatchObject({ token_type: "bearer", expires_in: 3600, x_refresh_token_expires_in: 8_726_400 });
    expect(Object.keys(json)).not.toContain("x_refresh_token_hard_expires_in");
    expect(JSON.stringify(json)).not.toContain(simulator.realm);
    expect(text(json, "access_token").length).toBeGreaterThan(1000);
  });

  it("takes a code once; the second use is refused and revokes what the first brought", async () => {
    const simulator = await connected();
    const { form } = await grant(simulator.url);
    const first = await simulator.token(form);
    const second = await simulator.token(form);
    expect([second.status, second.json["error"]]).toEqual([400, "invalid_grant"]);
    const refreshed = await simulator.token({
      grant_type: "refresh_token",
      refresh_token: text(first.json, "refresh_token"),
    });
    expect(refreshed.json["error"]).toBe("invalid_grant");
  });

  it("keeps the refresh token for a day, then changes it and kills the old one at once", async () => {
    const simulator = await connected();
    const { form } = await grant(simulator.url);
    const first = text((await simulator.token(form)).json, "refresh_token");
    const refresh = (token: string) => simulator.token({ grant_type: "refresh_token", refresh_token: token });
    expect((await refresh(first)).json["refresh_token"]).toBe(first);
    await simulator.control("clock", { advanceMs: dayMs + 1 });
    const rotated = text((await refresh(first)).json, "refresh_token");
    expect(rotated).not.toBe(first);
    expect((await refresh(first)).json["error"]).toBe("invalid_grant");
    expect((await refresh(rotated)).status).toBe(200);
  });

  it("tells the hard expiry only when the header asks for it", async () => {
    const simulator = await connected();
    const { form } = await grant(simulator.url);
    const { json } = await simulator.token(form, { "x-include-refresh-token-hard-expires-in": "true" });
    expect(json["x_refresh_token_hard_expires_in"]).toBeGreaterThan(150_000_000);
  });

  it("ends a refresh token after 101 days unused, whatever happened to its access token", async () => {
    const simulator = await connected();
    const { form } = await grant(simulator.url);
    const token = text((await simulator.token(form)).json, "refresh_token");
    await simulator.control("clock", { advanceMs: 102 * dayMs });
    expect((await simulator.token({ grant_type: "refresh_token", refresh_token: token })).json["error"]).toBe(
      "invalid_grant",
    );
  });

  it("refuses a wrong client, a wrong redirect address and a wrong grant type", async () => {
    const simulator = await connected();
    const { form } = await grant(simulator.url);
    const wrong = { authorization: `Basic ${Buffer.from("simulator-client:guess").toString("base64")}` };
    expect((await simulator.token(form, wrong)).json["error"]).toBe("invalid_client");
    expect((await simulator.token({ ...form, redirect_uri: "http://127.0.0.1:9/other" })).json["error"]).toBe(
      "invalid_grant",
    );
    expect((await simulator.token({ grant_type: "password" })).json["error"]).toBe("unsupported_grant_type");
  });

  it("answers an expired token with the gateway's lower-case 401, and a foreign realm with its 403", async () => {
    const simulator = await connected({ companies: { "77": {} } });
    expect((await simulator.api("companyinfo/1")).status).toBe(200);
    const foreign = await answered(
      await fetch(`${simulator.url}/v3/company/77/companyinfo/77`, {
        headers: {
          accept: "application/json",
          authorization: `Bearer ${text((await simulator.token((await grant(simulator.url)).form)).json, "access_token")}`,
        },
      }),
    );
    expect(faultOf(foreign)).toMatchObject({ status: 403, code: "3100", type: "SERVICE" });
    await simulator.control("clock", { advanceMs: 3_600_001 });
    const expired = await simulator.api("companyinfo/1");
    expect(faultOf(expired)).toMatchObject({ status: 401, code: "3200", type: "AUTHENTICATION" });
    expect(Object.keys(expired.json)).toContain("fault");
    expect(expired.headers.get("intuit_tid")).toBeTruthy();
  });

  it("revokes by either token, and the access token dies with it", async () => {
    const simulator = await connected();
    const { form } = await grant(simulator.url, "com.intuit.quickbooks.accounting openid email");
    const { json } = await simulator.token(form);
    const bearer = { authorization: `Bearer ${text(json, "access_token")}` };
    const info = await answered(await fetch(`${simulator.url}/v1/openid_connect/userinfo`, { headers: bearer }));
    expect(info.json["email"]).toContain("@");
    const revoked = await fetch(`${simulator.url}/v2/oauth2/tokens/revoke`, {
      method: "POST",
      body: JSON.stringify({ token: json["refresh_token"] }),
      headers: { authorization: `Basic ${Buffer.from("simulator-client:simulator-secret").toString("base64")}` },
    });
    expect(revoked.status).toBe(200);
    const after = await fetch(`${simulator.url}/v1/openid_connect/userinfo`, { headers: bearer });
    expect(after.status).toBe(401);
  });

  it("shows a page to a person, and sends a refusal back with its state", async () => {
    const simulator = await connected();
    const query = `client_id=simulator-client&response_type=code&scope=com.intuit.quickbooks.accounting&state=%3Cs%3E&redirect_uri=${encodeURIComponent(redirectUri)}`;
    const shown = await answered(await fetch(`${simulator.url}/connect/oauth2?${query}`));
    expect(shown.text).toContain("This is a simulator");
    expect(shown.text).not.toContain("<s>");
    const denied = await fetch(`${simulator.url}/connect/oauth2`, {
      method: "POST",
      body: new URLSearchParams(`${query}&decision=deny`),
      redirect: "manual",
    });
    const back = new URL(denied.headers.get("location") ?? "");
    expect([back.searchParams.get("error"), back.searchParams.get("state")]).toEqual(["access_denied", "<s>"]);
    const elsewhere = query.replace(encodeURIComponent(redirectUri), encodeURIComponent("https://elsewhere.example/"));
    expect((await fetch(`${simulator.url}/connect/oauth2?${elsewhere}`)).status).toBe(400);
  });

  it("never leaves a code, token or secret in the request log", async () => {
    const simulator = await connected();
    const { form, code } = await grant(simulator.url);
    const { json } = await simulator.token(form);
    await requestToken(simulator.url, { grant_type: "refresh_token", refresh_token: text(json, "refresh_token") });
    const log = (await simulator.control("log?since=0")).text;
    for (const secret of [code, text(json, "refresh_token"), text(json, "access_token"), "simulator-secret"]) {
      expect(log).not.toContain(secret);
    }
  });
});
