import packaged from "node-quickbooks";
import { describe, expect, it } from "vitest";
import { isRecord } from "../../src/json.ts";
import { smallCompany } from "../company.ts";
import { connected, consent, redirectUri, requestToken, text } from "../connected.ts";
import { type CallMethod, driveMethods, type Outcome } from "./drive-client.ts";

type Callback = (error: unknown, value: unknown, response: { status?: number } | undefined) => void;
type Client = Record<string, (...args: unknown[]) => unknown>;
interface ClientClass {
  new (...args: unknown[]): Client;
  prototype: Client;
  V3_ENDPOINT_BASE_URL: string;
  TOKEN_URL: string;
  REVOKE_URL: string;
  USER_INFO_URL: string;
}

// Its own types do not know that addresses can be set, nor that methods can be called by name.
const QuickBooks = packaged as unknown as ClientClass;
QuickBooks.V3_ENDPOINT_BASE_URL = "http://sandbox-127.0.0.1/v3/company/";

const outside: Readonly<Record<string, string>> = {
  reconnect: "OAuth 1.0a, ended by the vendor",
  disconnect: "OAuth 1.0a, ended by the vendor",
  capitalize: "no call",
  pluralize: "no call",
};

function promised(client: Client, method: string, args: unknown[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, value, response) => {
      // axios puts the answer of a failed call on its error; older callbacks leave the response out.
      const failed = isRecord(error) ? error : undefined;
      const axiosStatus =
        error instanceof Error && "response" in error ? (error.response as { status?: number }).status : undefined;
      const status = response?.status ?? axiosStatus ?? (failed?.["status"] as number | undefined);
      resolve({ ok: error === null || error === undefined, status, value: value ?? error });
    };
    try {
      const call = client[method];
      if (call === undefined) throw new Error(`no method ${method}`);
      // The callback is the last parameter; what a method does not ask for is not given.
      call.apply(client, [...Array.from({ length: call.length - 1 }, (_, place) => args[place]), callback]);
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

async function start() {
  const simulator = await connected({ company: smallCompany() });
  const callback = await consent(simulator.url, "com.intuit.quickbooks.accounting openid email");
  const form = { grant_type: "authorization_code", code: callback.get("code") ?? "", redirect_uri: redirectUri };
  const tokens = (await requestToken(simulator.url, form)).json;
  QuickBooks.V3_ENDPOINT_BASE_URL = `${simulator.url}/v3/company/`;
  QuickBooks.TOKEN_URL = `${simulator.url}/oauth2/v1/tokens/bearer`;
  QuickBooks.REVOKE_URL = `${simulator.url}/v2/oauth2/tokens/revoke`;
  QuickBooks.USER_INFO_URL = `${simulator.url}/v1/openid_connect/userinfo`;
  const access = text(tokens, "access_token");
  const refresh = text(tokens, "refresh_token");
  const client = new QuickBooks(
    "simulator-client",
    "simulator-secret",
    access,
    false,
    simulator.realm,
    true,
    false,
    75,
    "2.0",
    refresh,
  );
  const call: CallMethod = (method, args) => promised(client, method, args);
  return { simulator, client, call };
}

describe("the npm client node-quickbooks", () => {
  it("finds every method that is named after an entity or a report working, or refused by name", async () => {
    const { call } = await start();
    const methods = Object.getOwnPropertyNames(QuickBooks.prototype).filter((name) => name !== "constructor");
    const { byHand, wrong, driven } = await driveMethods(methods, call, (value) => value);
    expect(wrong).toEqual([]);
    expect(driven).toBeGreaterThan(180);
    const ours = [
      "refreshAccessToken",
      "revokeAccess",
      "getUserInfo",
      "batch",
      "changeDataCapture",
      "upload",
      "getReports",
    ];
    expect(byHand.filter((name) => outside[name] === undefined).sort((a, b) => (a < b ? -1 : 1))).toEqual(
      ours.sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  it("batches, reads changes, pages through everything, knows who it is, refreshes and revokes", async () => {
    const { simulator, call } = await start();
    const made = await call("batch", [
      [
        { bId: "1", operation: "create", Customer: { DisplayName: "Batched" } },
        { bId: "2", Query: "select * from Vendor" },
      ],
    ]);
    expect(made.value).toMatchObject({
      BatchItemResponse: [{ Customer: { DisplayName: "Batched" } }, { QueryResponse: {} }],
    });
    const since = new Date(Date.now() - 60_000).toISOString();
    const changes = await call("changeDataCapture", [["Customer", "Bill"], since]);
    expect(changes.value).toMatchObject({
      CDCResponse: [{ QueryResponse: [{ Customer: [{ DisplayName: "Batched" }] }, {}] }],
    });
    for (let place = 0; place < 7; place += 1) await call("createVendor", [{ DisplayName: `Paged O'Neil ${place}` }]);
    const everything = await call("findVendors", [
      [
        { field: "fetchAll", value: true },
        { field: "limit", value: 3 },
        { field: "DisplayName", value: "%O'Neil%", operator: "LIKE" },
      ],
    ]);
    expect(everything.value).toMatchObject({ QueryResponse: { maxResults: 7 } });
    expect((await call("findCustomers", [{ count: true }])).value).toMatchObject({ QueryResponse: { totalCount: 5 } });
    expect((await call("getReports", ["AgedReceivables"])).ok).toBe(true);
    expect((await call("upload", ["a.txt", "text/plain", Buffer.from("x"), "Invoice", "1"])).status).toBe(501);
    // getUserInfo and revokeAccess put the fixed address of the vendor before theirs unless it is exactly this one.
    expect((await call("getUserInfo", [])).value).toMatchObject({ sub: `simulated-${simulator.realm}` });
    expect((await call("refreshAccessToken", [])).value).toMatchObject({ token_type: "bearer" });
    expect((await call("revokeAccess", [true])).ok).toBe(true);
    expect((await call("getCustomer", ["1"])).status).toBe(401);
  });
});
