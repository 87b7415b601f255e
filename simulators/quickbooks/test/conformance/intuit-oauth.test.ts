import packaged from "intuit-oauth";
import { describe, expect, it } from "vitest";
import { smallCompany } from "../company.ts";
import { connected, redirectUri } from "../connected.ts";

interface AuthResponse {
  readonly json: Record<string, unknown>;
}
interface Client {
  authorizeUri(params: { scope: readonly string[]; state: string }): string;
  createToken(uri: string): Promise<AuthResponse>;
  refresh(): Promise<AuthResponse>;
  refreshUsingToken(token: string): Promise<AuthResponse>;
  revoke(params?: object): Promise<AuthResponse>;
  getUserInfo(): Promise<AuthResponse>;
  makeApiCall(call: { url: string }): Promise<AuthResponse>;
  validateIdToken(): Promise<boolean>;
  isAccessTokenValid(): boolean;
  getToken(): { realmId: string; refresh_token: string; x_refresh_token_hard_expires_in?: number };
}
interface ClientClass {
  new (config: Record<string, unknown>): Client;
  prototype: Client;
  authorizeEndpoint: string;
  tokenEndpoint: string;
  revokeEndpoint: string;
  userinfo_endpoint_sandbox: string;
  jwks_uri: string;
}

// Its own types do not know that addresses can be set.
const OAuthClient = packaged as unknown as ClientClass;
const scope = ["com.intuit.quickbooks.accounting", "openid", "profile", "email", "phone", "address"];

async function start(more: Record<string, unknown> = {}) {
  const simulator = await connected({ company: smallCompany() });
  OAuthClient.authorizeEndpoint = `${simulator.url}/connect/oauth2`;
  OAuthClient.tokenEndpoint = `${simulator.url}/oauth2/v1/tokens/bearer`;
  OAuthClient.revokeEndpoint = `${simulator.url}/v2/oauth2/tokens/revoke`;
  OAuthClient.userinfo_endpoint_sandbox = `${simulator.url}/v1/openid_connect/userinfo`;
  OAuthClient.jwks_uri = `${simulator.url}/op/v1/jwks`;
  const client = new OAuthClient({
    clientId: "simulator-client",
    clientSecret: "simulator-secret",
    environment: "sandbox",
    redirectUri,
    ...more,
  });
  const consented = await fetch(`${client.authorizeUri({ scope, state: "s" })}&simulator_consent=allow`, {
    redirect: "manual",
  });
  await client.createToken(consented.headers.get("location") ?? "");
  return { simulator, client };
}

describe("Intuit's own OAuth client", () => {
  it("signs in, calls, refreshes both ways, learns who it is and revokes", async () => {
    const { simulator, client } = await start();
    expect(client.getToken().realmId).toBe(simulator.realm);
    expect(client.isAccessTokenValid()).toBe(true);
    const url = `${simulator.url}/v3/company/${simulator.realm}/companyinfo/${simulator.realm}`;
    expect((await client.makeApiCall({ url })).json).toMatchObject({ CompanyInfo: { Country: "US" } });
    expect((await client.getUserInfo()).json).toMatchObject({
      sub: `simulated-${simulator.realm}`,
      emailVerified: true,
    });
    expect(await client.validateIdToken()).toBe(true);
    expect((await client.refresh()).json).toMatchObject({
      token_type: "bearer",
      x_refresh_token_expires_in: 8_726_400,
    });
    expect((await client.refreshUsingToken(client.getToken().refresh_token)).json).toMatchObject({ expires_in: 3600 });
    await client.revoke();
    await expect(client.makeApiCall({ url })).rejects.toThrow();
  });

  it("reads the refusals that its own mocks have", async () => {
    const { client } = await start();
    await expect(client.refreshUsingToken("RT1-0-H0-nobody")).rejects.toMatchObject({
      message: "invalid_grant",
    });
    await expect(client.createToken("http://127.0.0.1:9/callback?code=nobody&state=s&realmId=1")).rejects.toThrow();
  });

  it("is driven in every method that calls the vendor", () => {
    const methods = Object.getOwnPropertyNames(OAuthClient.prototype).filter((name) => name !== "constructor");
    const driven = new Set([
      "authorizeUri",
      "createToken",
      "refresh",
      "refreshUsingToken",
      "revoke",
      "getUserInfo",
      "makeApiCall",
      "validateIdToken",
      "isAccessTokenValid",
      "getToken",
    ]);
    /** Parts of those, settings, or no call at all. */
    const inner = new Set([
      "setAuthorizeURLs",
      "getEnvironmentURI",
      "getQBOEnvironmentURI",
      "getKeyFromJWKsURI",
      "getPublicKey",
      "getTokenRequest",
      "validateToken",
      "shouldRetry",
      "loadResponse",
      "loadResponseFromJWKsURI",
      "createError",
      "setToken",
      "authHeader",
      "_tokenRequestHeaders",
      "log",
      "validateResponse",
    ]);
    expect(methods.filter((name) => !driven.has(name) && !inner.has(name))).toEqual([]);
  });
});
