import { Agent, request } from "undici";
import { describe, expect, it } from "vitest";
import { createDice, type Dice } from "../src/generate/dice.ts";
import { smallCompany } from "./company.ts";
import { connected, consent, redirectUri, requestToken, text } from "./connected.ts";

const entities = [
  "customer",
  "Invoice",
  "PAYMENT",
  "bill",
  "item",
  "preferences",
  "companyinfo",
  "estimate",
  "foo",
  "%00",
  "..%2f",
] as const;
const words = [
  "select",
  "*",
  "count(*)",
  "from",
  "Customer",
  "Invoice",
  "where",
  "Id",
  "=",
  "'1'",
  "and",
  "Balance",
  ">",
  "'0'",
  "like",
  "'%'",
  "in",
  "(",
  ")",
  "orderby",
  "maxresults",
  "7",
  "'",
  "\\",
  "\u0000",
  "MetaData.CreateTime",
  "'2026-01-01'",
] as const;
const values = [
  null,
  true,
  0,
  -1,
  1e308,
  "",
  "x",
  "1",
  "99",
  "\u0000",
  "é".repeat(600),
  [],
  {},
  [[]],
  { value: "4" },
  { value: 4 },
  { value: "nope" },
  [{ Amount: 5, DetailType: "SalesItemLineDetail" }],
  [{ Amount: -5, LinkedTxn: [{ TxnId: "1", TxnType: "Invoice" }] }],
  "2026-02-31",
  "not a date",
] as const;
const fields = [
  "Id",
  "SyncToken",
  "sparse",
  "DisplayName",
  "Active",
  "ParentRef",
  "CustomerRef",
  "VendorRef",
  "Line",
  "TotalAmt",
  "TxnDate",
  "DueDate",
  "SalesTermRef",
  "CurrencyRef",
  "ExchangeRate",
  "Name",
  "PayType",
  "PrivateNote",
  "EmailStatus",
  "Deposit",
  "TxnTaxDetail",
  "PrimaryEmailAddr",
] as const;
const controls = [
  "mutate",
  "seed",
  "clock",
  "edits",
  "faults",
  "webhooks",
  "switches",
  "limits",
  "profile",
  "restore",
  "log",
  "state",
  "counters",
  "gates/1",
  "gates/1/release",
  "nothing",
] as const;
const operations = [
  "create",
  "update",
  "delete",
  "void",
  "inactivate",
  "activate",
  "merge",
  "rename",
  "dance",
] as const;

function randomRecord(dice: Dice): Record<string, unknown> {
  const count = dice.below(7);
  return Object.fromEntries(Array.from({ length: count }, () => [dice.pick(fields), dice.pick(values)]));
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

function randomRequest(dice: Dice, realm: string): Asked {
  const api = `/v3/company/${dice.chance(0.95) ? realm : "1"}`;
  const kind = dice.below(8);
  if (kind === 0) {
    const query = Array.from({ length: dice.below(14) }, () => dice.pick(words)).join(" ");
    return dice.chance(0.5)
      ? { method: "GET", path: `${api}/query?query=${encodeURIComponent(query)}` }
      : { method: "POST", path: `${api}/query`, body: query };
  }
  if (kind === 1)
    return {
      method: dice.pick(["GET", "POST", "PUT", "DELETE"]),
      path: `${api}/${dice.pick(entities)}/${dice.pick(["1", "4", "x", "", "%zz", "9".repeat(300)])}`,
    };
  if (kind === 2)
    return {
      method: "GET",
      path: `${api}/cdc?entities=${dice.pick(["Customer", "Customer,Invoice", ",", "foo", ""])}&changedSince=${dice.pick(["2026-11-01", "now", "", encodeURIComponent(new Date().toISOString())])}`,
    };
  if (kind === 3) {
    const BatchItemRequest = Array.from({ length: dice.below(4) }, () => ({
      bId: "1",
      operation: dice.pick(operations),
      [dice.pick(["Customer", "Invoice", "Query"])]: randomRecord(dice),
    }));
    return { method: "POST", path: `${api}/batch`, body: JSON.stringify({ BatchItemRequest }) };
  }
  if (kind === 4)
    return {
      method: dice.pick(["GET", "POST"]),
      path: dice.pick([
        "/connect/oauth2?client_id=x",
        "/oauth2/v1/tokens/bearer",
        "/v2/oauth2/tokens/revoke",
        "/v1/openid_connect/userinfo",
        "/companies/1/customers",
        "/graphql",
        "/%",
        "//",
      ]),
      body: dice.pick(["grant_type=refresh_token", "{", ""]),
    };
  if (kind === 5) {
    const mutation = {
      entity: dice.pick(["Customer", "Invoice", "Payment", "Item", "Term", "Preferences"]),
      operation: dice.pick(operations),
      id: dice.pick(["1", "3", "4", "99"]),
      into: "4",
      record: randomRecord(dice),
    };
    return { method: "POST", path: "/_control/mutate", body: JSON.stringify(mutation) };
  }
  if (kind === 6) {
    // Nothing valid: a gate that is really set would hold what comes after it.
    const path = `/_control/${dice.pick(controls)}`;
    return {
      method: dice.pick(["GET", "POST"]),
      path,
      body: dice.pick(["{", "[]", '{"x":1}', '{"company":[]}', '{"now":7}', "null", '"x"']),
    };
  }
  return {
    method: "POST",
    path: `${api}/${dice.pick(entities)}?operation=${dice.pick(["", "update", "delete", "void", "dance"])}`,
    body: JSON.stringify(randomRecord(dice)),
  };
}

describe("10,000 random requests", () => {
  const seed = Number(process.env["SEED"] ?? 20261122);

  it(`crash nothing and meet no error of the simulator's own (SEED=${seed})`, async () => {
    const simulator = await connected({ company: smallCompany() });
    const callback = await consent(simulator.url);
    const form = { grant_type: "authorization_code", code: callback.get("code") ?? "", redirect_uri: redirectUri };
    const token = text((await requestToken(simulator.url, form)).json, "access_token");
    const dice = createDice(seed);
    const agent = new Agent({ connections: 8 });
    const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
    const broken: string[] = [];
    let left = 10_000;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        const { method, path, body } = randomRequest(dice, simulator.realm);
        const answer = await request(simulator.url + path, {
          method: method as "GET",
          headers: { ...headers, accept: dice.chance(0.1) ? "application/xml" : headers.accept },
          dispatcher: agent,
          ...(body === undefined || method === "GET" ? {} : { body }),
        });
        const content = await answer.body.text();
        if (content.includes('"statusCode":500')) broken.push(`${method} ${path} ${body ?? ""} -> ${content}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    await agent.destroy();
    expect(broken.slice(0, 3)).toEqual([]);
    expect((await simulator.query("select count(*) from Customer")).status).toBe(200);
  });
});
