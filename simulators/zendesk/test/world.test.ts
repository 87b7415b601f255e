import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send, startWithClient, type TestClient } from "./client.ts";

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient({ plan: "enterprise", account: { organizations: [{ id: 11, name: "Acme" }] } });
});
afterEach(() => zendesk.close());

const list = () => zendesk.get("/api/v2/organizations").catch((error: unknown) => error as Error);
const profile = (name: string, latency?: unknown) =>
  zendesk.control("POST", "profile", { name, ...(latency === undefined ? {} : { latency }) });

describe("a fault profile", () => {
  it("is calm and without delay unless one is chosen, and gives back what it changed", async () => {
    expect((await zendesk.control("GET", "profile")).body.name).toBe("calm");
    await profile("busy-hour", "zero");
    expect((await zendesk.control("GET", "switches")).body.jobPace).toBe(7);
    await profile("calm");
    expect((await zendesk.control("GET", "switches")).body.jobPace).toBe(0);
  });

  it("of an outage answers 503 with Retry-After to every call", async () => {
    await profile("vendor-outage");
    const answer = await zendesk.get("/api/v2/organizations");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "10"]);
  });

  it("of a throttled account leaves a tenth of the budget", async () => {
    await profile("throttled");
    expect((await zendesk.get("/api/v2/organizations")).headers.get("x-rate-limit")).toBe("70");
  });

  it("of token trouble rotates a pair and may lose the answer", async () => {
    await profile("token-trouble");
    const statuses = new Set<number>();
    for (let turn = 0; turn < 100; turn += 1) statuses.add((await zendesk.get("/api/v2/organizations/count")).status);
    expect(statuses).toEqual(new Set([200, 401]));
  });

  it("of a flaky network cuts some connections", async () => {
    await profile("flaky-network", "zero");
    let cut = 0;
    for (let turn = 0; turn < 100; turn += 1) if ((await list()) instanceof Error) cut += 1;
    expect(cut).toBeGreaterThan(0);
    expect(cut).toBeLessThan(30);
  });

  it("is refused by name when it is none", async () => {
    expect((await profile("storm")).body.error).toMatch(/^profile\.name: storm is not one of calm, zero/);
    expect((await profile("calm", "warp")).body.error).toMatch(/^profile\.latency/);
  });
});

describe("latency", () => {
  it("delays answers as its distribution says", async () => {
    await profile("calm", { median: 40 });
    const startedAt = performance.now();
    await zendesk.get("/api/v2/organizations");
    expect(performance.now() - startedAt).toBeGreaterThan(38);
  });
});

describe("a snapshot", () => {
  it("puts back records, fields, jobs, tokens and webhooks as they were", async () => {
    await zendesk.call("POST", "/api/v2/organization_fields", {
      organization_field: { key: "age", type: "text", title: "Age" },
    });
    const { id } = (await zendesk.call("POST", "/api/v2/organizations/create_many", { organizations: [{ name: "B" }] }))
      .body.job_status;
    await zendesk.get(`/api/v2/job_statuses/${id}`);
    const before = (await zendesk.control("GET", "state")).body;
    await zendesk.control("POST", "snapshots", { name: "one" });
    await zendesk.call("DELETE", "/api/v2/organizations/11");
    await zendesk.call("POST", "/api/v2/organizations", { organization: { name: "C" } });
    await zendesk.control("DELETE", "tokens");
    expect((await zendesk.get("/api/v2/organizations")).status).toBe(401);
    await zendesk.control("POST", "snapshots/one/restore");
    const after = (await zendesk.control("GET", "state")).body;
    const { now: _before, tokens: _tokens, ...wanted } = before;
    const { now: _after, tokens: _others, ...got } = after;
    expect(got).toEqual(wanted);
    expect((await zendesk.get("/api/v2/organizations")).body.count).toBe(2);
    expect((await zendesk.control("POST", "snapshots/two/restore")).status).toBe(404);
  });
});

/** Asks under another Host, which fetch does not allow. */
async function askOther(method: string, path: string, headers: Record<string, string>, body?: string) {
  const asked = request(`${zendesk.url}${path}`, {
    method,
    headers: { host: "other.zendesk.example", "content-type": "application/json", ...headers },
  });
  asked.end(body);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(Buffer.concat(chunks).toString("utf8")),
  };
}

describe("several accounts in one process", () => {
  it("are told apart by the first label of the Host header, with tokens of their own", async () => {
    await zendesk.control("POST", "accounts", {
      subdomain: "other",
      plan: "team",
      account: { organizations: [{ id: 12, name: "Birds" }] },
    });
    const grant = {
      grant_type: "client_credentials",
      client_id: "simulator-client",
      client_secret: "simulator-secret",
      scope: "read",
    };
    const token = (await askOther("POST", "/oauth/tokens", {}, JSON.stringify(grant))).body.access_token as string;
    const read = (bearer: string) => askOther("GET", "/api/v2/organizations", { authorization: `Bearer ${bearer}` });
    const answer = await read(token);
    expect(answer.body.organizations.map((one: { url: string }) => one.url)).toEqual([
      "http://other.zendesk.example/api/v2/organizations/12.json",
    ]);
    expect(answer.headers["x-rate-limit"]).toBe("200");
    expect((await read(zendesk.token)).status).toBe(401);
    expect((await zendesk.get("/api/v2/organizations")).body.organizations[0].id).toBe(11);
    expect((await zendesk.control("GET", "state?subdomain=other")).body.organizations).toHaveLength(1);
    expect((await zendesk.control("POST", "accounts", { subdomain: "other" })).status).toBe(400);
  });
});

describe("legacy API tokens", () => {
  const basic = (login: string) => ({ authorization: `Basic ${Buffer.from(login).toString("base64")}` });
  const read = (login: string, path = "organizations") =>
    send(`${zendesk.url}/api/v2/${path}`, "GET", undefined, basic(login));

  it("work as email/token until they end, a wrong one is 401 everywhere, a password is nobody", async () => {
    await zendesk.control("POST", "api-tokens", { email: "owner@simulator.example", token: "t0ken" });
    expect((await read("owner@simulator.example/token:t0ken")).status).toBe(200);
    const wrong = await read("owner@simulator.example/token:other", "users/me");
    expect([wrong.status, wrong.body]).toEqual([401, { error: "Couldn't authenticate you" }]);
    expect((await read("owner@simulator.example:password", "users/me")).body.user.name).toBe("Anonymous user");
    expect((await read("owner@simulator.example:password")).status).toBe(401);
    await zendesk.control("POST", "clock", { now: "2027-05-01T00:00:01Z" });
    expect((await read("owner@simulator.example/token:t0ken")).status).toBe(401);
  });
});

describe("localised errors", () => {
  it("change the description and never the code", async () => {
    await zendesk.control("POST", "switches", { language: "de" });
    const refused = await zendesk.call("POST", "/api/v2/organizations", { organization: { name: "Acme" } });
    expect(refused.body.details.name[0]).toEqual({
      description: "Name: Acme wird bereits verwendet",
      error: "DuplicateValue",
    });
  });
});

describe("the control port's OpenAPI document", () => {
  it("names only routes that exist", async () => {
    const { paths } = (await zendesk.control("GET", "openapi.json")).body as {
      paths: Record<string, Record<string, unknown>>;
    };
    expect(Object.keys(paths).length).toBeGreaterThan(15);
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const answer = await zendesk.control(
          method.toUpperCase(),
          path.slice(1).replace("{id}", "none"),
          method === "post" ? {} : undefined,
        );
        const isUnknownRoute = answer.status === 404 && answer.body.error === "InvalidEndpoint";
        expect(isUnknownRoute, `${method} ${path}`).toBe(false);
        expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(500);
      }
    }
  });
});

describe("what is not built", () => {
  it("is a 501 that names the operation, and what Zendesk does not have is a 404", async () => {
    const brands = await zendesk.get("/api/v2/brands.json");
    expect([brands.status, brands.body.operation]).toEqual([501, "ListBrands"]);
    const nothing = await zendesk.get("/api/v2/nothing");
    expect([nothing.status, nothing.body]).toEqual([404, { error: "InvalidEndpoint", description: "Not found" }]);
  });
});
