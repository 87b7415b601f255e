import * as packaged from "quickbooks-node-promise";
import { describe, expect, it } from "vitest";
import { isRecord } from "../../src/json.ts";
import { smallCompany } from "../company.ts";
import { connected, consent, redirectUri } from "../connected.ts";
import { receiver } from "../receiver.ts";
import { type CallMethod, driveMethods, type Outcome, type Unwrap } from "./drive-client.ts";

type Method = (...args: unknown[]) => unknown;
type Client = Record<string, Method>;
interface ClientClass {
  new (config: Record<string, unknown>, realm: string): Client;
  V3_ENDPOINT_BASE_URL: string;
  TOKEN_URL: string;
  REVOKE_URL: string;
  USER_INFO_URL: string;
  JWKS_URL: string;
  authorizeUrl(config: Record<string, unknown>, state: string): string;
}

// Its own types do not know that addresses can be set, nor that methods can be called by name.
const Quickbooks = packaged.Quickbooks as unknown as ClientClass;
const verifier = "verifier-token";

const config = {
  appKey: "simulator-client",
  appSecret: "simulator-secret",
  redirectUrl: redirectUri,
  scope: ["com.intuit.quickbooks.accounting", "openid", "email"],
  useProduction: false,
  minorversion: 75,
  autoRefresh: false,
  webhookVerifierToken: verifier,
};

async function start() {
  const simulator = await connected({ company: smallCompany() });
  Quickbooks.V3_ENDPOINT_BASE_URL = `${simulator.url}/v3/company/`;
  Quickbooks.TOKEN_URL = `${simulator.url}/oauth2/v1/tokens/bearer`;
  Quickbooks.REVOKE_URL = `${simulator.url}/v2/oauth2/tokens/revoke`;
  Quickbooks.USER_INFO_URL = `${simulator.url}/v1/openid_connect/userinfo`;
  Quickbooks.JWKS_URL = `${simulator.url}/op/v1/jwks`;
  const client = new Quickbooks({ ...config }, simulator.realm);
  const callback = await consent(simulator.url, config.scope.join(" "));
  await client["createToken"]?.(callback.get("code"));
  const call: CallMethod = async (method, args): Promise<Outcome> => {
    try {
      return { ok: true, status: 200, value: await client[method]?.(...args) };
    } catch (error) {
      const response =
        isRecord(error) || error instanceof Error ? (error as { response?: { status?: number } }).response : undefined;
      const value = error instanceof Error ? error.message : error;
      return { ok: false, status: response?.status, value };
    }
  };
  return { simulator, client, call };
}

const unwrap: Unwrap = (value, entity) => (isRecord(value) ? value[entity] : undefined);
const notCalls = new Set(["pluralize", "unwrap", "getPublicKey"]);
/** What these do is done through the methods that are driven: create, read, update, delete, void, query, report call request. */
const inner = new Set([
  "request",
  "requestPdf",
  "create",
  "read",
  "update",
  "delete",
  "void",
  "query",
  "queryCount",
  "report",
]);

describe("the npm client quickbooks-node-promise", () => {
  it("finds every method that is named after an entity or a report working, or refused by name", async () => {
    const { client, call } = await start();
    const methods = Object.keys(client).filter((name) => typeof client[name] === "function");
    // It sends no update of exchange rates at all, and its voidPayment is a plain update, without include=void.
    const sent = methods.filter((name) => name !== "updateExchangeRate" && name !== "voidPayment");
    const { byHand, wrong, driven } = await driveMethods(sent, call, unwrap);
    expect(wrong).toEqual([]);
    expect(driven).toBeGreaterThan(180);
    const ours = byHand.filter((name) => !notCalls.has(name) && !inner.has(name));
    expect(ours.sort((a, b) => (a < b ? -1 : 1))).toEqual([
      "batch",
      "changeDataCapture",
      "createToken",
      "download",
      "getToken",
      "getTokenWithRefresh",
      "getUserInfo",
      "refreshAccessToken",
      "refreshAcessTokenWithToken",
      "refreshWithAccessToken",
      "revokeAccess",
      "revokeAccessOtherToken",
      "saveToken",
      "upload",
      "validateIdToken",
      "verifyWebhook",
    ]);
  });

  it("signs in, validates the id token, refreshes, batches, reads changes, and revokes", async () => {
    const { client, call } = await start();
    expect(new URL(Quickbooks.authorizeUrl(config, "s")).searchParams.get("scope")).toContain("openid");
    // It decodes the signature with atob, which knows no base64url: most tokens, the vendor's too, end in "Invalid character".
    expect([true, "Invalid character"]).toContain((await call("validateIdToken", [])).value);
    expect((await call("getUserInfo", [])).value).toMatchObject({ email: expect.stringContaining("@") as string });
    const batch = await call("batch", [[{ bId: "1", Query: "select count(*) from Customer" }]]);
    expect(batch.value).toMatchObject({ BatchItemResponse: [{ bId: "1", QueryResponse: { totalCount: 4 } }] });
    await call("createVendor", [{ DisplayName: "Changed" }]);
    const changes = await call("changeDataCapture", [["Vendor"], new Date(Date.now() - 60_000)]);
    expect(changes.value).toMatchObject({
      CDCResponse: [{ QueryResponse: [{ Vendor: [{ DisplayName: "Changed" }] }] }],
    });
    for (const method of ["refreshAccessToken", "getTokenWithRefresh"]) expect((await call(method, [])).ok).toBe(true);
    const token = (await client["getToken"]?.()) as { refresh_token: string };
    expect((await call("refreshWithAccessToken", [token.refresh_token])).ok).toBe(true);
    expect((await call("download", ["1"])).status).toBe(501);
    expect((await call("upload", ["a.txt", "text/plain", Buffer.from("x")])).ok).toBe(false);
    expect((await call("revokeAccess", [true])).ok).toBe(true);
    expect((await call("getCustomer", ["1"])).status).toBe(401);
  });

  it("verifies the simulator's webhooks, and refuses them under another verifier", async () => {
    const { simulator, client } = await start();
    const inbox = await receiver();
    await simulator.control("webhooks", { url: inbox.url, verifier });
    await simulator.mutate({ entity: "Vendor", operation: "create", record: { DisplayName: "Told" } });
    const [delivery] = await inbox.arrived(1);
    const payload: unknown = JSON.parse(delivery?.body ?? "");
    const signature = delivery?.headers["intuit-signature"];
    expect(client["verifyWebhook"]?.(payload, signature)).toBe(true);
    const other = new Quickbooks({ ...config, webhookVerifierToken: "another" }, simulator.realm);
    expect(other["verifyWebhook"]?.(payload, signature)).toBe(false);
  });
});
