import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send, startWithClient, type TestClient } from "./client.ts";

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient({ account: { organizations: [{ id: 11, name: "Acme" }] } });
});
afterEach(() => zendesk.close());

const put = (notes: string) => zendesk.call("PUT", "/api/v2/organizations/11", { organization: { notes } });
const notes = async () => (await zendesk.control("GET", "state")).body.organizations[0].notes;
const plan = async (gate: object) => (await zendesk.control("POST", "gates", gate)).body.id as string;
const hold = async (id: string) => (await zendesk.control("GET", `gates/${id}?waitMs=5000`)).body;

describe("a gate", () => {
  it("holds the n-th call before its effect and lets it through when released", async () => {
    const id = await plan({ operation: "UpdateOrganization", nth: 2, at: "before-effect" });
    await put("first");
    expect((await zendesk.control("GET", `gates/${id}`)).body.state).toBe("armed");
    const held = put("second");
    expect(await hold(id)).toMatchObject({
      state: "holding",
      request: { body: { organization: { notes: "second" } } },
    });
    expect(await notes()).toBe("first");
    await zendesk.control("POST", `gates/${id}/release`);
    expect((await held).status).toBe(200);
    expect(await notes()).toBe("second");
  });

  it("cuts the connection without effect when released with drop before the effect", async () => {
    const id = await plan({ operation: "UpdateOrganization", at: "before-effect" });
    const held = put("never").catch((error: unknown) => error);
    await hold(id);
    await zendesk.control("POST", `gates/${id}/release`, { drop: true });
    expect(await held).toBeInstanceOf(Error);
    expect(await notes()).toBeNull();
  });

  it("holds the answer after the effect, whose drop leaves the effect done", async () => {
    const id = await plan({ operation: "CreateManyOrganizations", nth: 1, at: "after-effect" });
    const held = zendesk
      .call("POST", "/api/v2/organizations/create_many", { organizations: [{ name: "B" }] })
      .catch((error: unknown) => error);
    await hold(id);
    expect((await zendesk.control("GET", "state")).body.organizations).toHaveLength(2);
    await zendesk.control("POST", `gates/${id}/release`, { drop: true });
    expect(await held).toBeInstanceOf(Error);
  });

  it("goes on with a held call whose caller has gone away", async () => {
    const id = await plan({ operation: "UpdateOrganization", at: "before-effect" });
    const gone = new AbortController();
    const held = fetch(`${zendesk.url}/api/v2/organizations/11`, {
      method: "PUT",
      signal: gone.signal,
      body: JSON.stringify({ organization: { notes: "late" } }),
      headers: { "content-type": "application/json", authorization: `Bearer ${zendesk.token}` },
    }).catch((error: unknown) => error);
    await hold(id);
    gone.abort();
    expect(await held).toBeInstanceOf(Error);
    await zendesk.control("POST", `gates/${id}/release`);
    expect(await notes()).toBe("late");
  });
});

describe("an edit and a fault", () => {
  it("changes a record as a person does, between a chosen read and the write after it", async () => {
    await zendesk.control("POST", "edits", {
      when: { operation: "ShowManyOrganizations", nth: 1, at: "after-effect" },
      mutate: { entity: "organization", operation: "update", id: 11, record: { notes: "by hand" } },
    });
    const read = await zendesk.get("/api/v2/organizations/show_many?ids=11");
    expect(read.body.organizations[0].notes).toBeNull();
    expect(await notes()).toBe("by hand");
  });

  it("answers the planned fault, before the effect or after it", async () => {
    await zendesk.control("POST", "faults", {
      operation: "UpdateOrganization",
      nth: 1,
      status: 503,
      headers: { "Retry-After": "3" },
    });
    await zendesk.control("POST", "faults", {
      operation: "UpdateOrganization",
      nth: 2,
      times: 2,
      status: 500,
      afterEffect: true,
    });
    const first = await put("a");
    expect([first.status, first.headers.get("retry-after"), await notes()]).toEqual([503, "3", null]);
    expect([(await put("b")).status, await notes()]).toEqual([500, "b"]);
    expect((await put("c")).status).toBe(500);
    expect((await put("d")).status).toBe(200);
  });
});

describe("the control port", () => {
  it("says what is wrong with a request, and where", async () => {
    const wrong = async (path: string, body: unknown) =>
      (await zendesk.control("POST", path, body)).body.error as string;
    expect(await wrong("gates", { operation: "Nope" })).toMatch(/^gates\.operation: "Nope" is no operation/);
    expect(await wrong("seed", {})).toMatch(/^seed\.account: missing/);
    expect(await wrong("seed", { account: { organizations: [{ id: 1 }] } })).toBe(
      "seed.account.organizations[0].name is missing",
    );
    expect(await wrong("switches", { jobPace: "fast" })).toMatch(/^switches\.jobPace: a number/);
    expect(await wrong("mutate", { entity: "planet" })).toMatch(/^mutate\.entity: planet is not one of/);
    expect(await wrong("clock", { now: "soon" })).toMatch(/^clock\.now/);
    expect(await wrong("clock", "{")).toMatch(/^body: not JSON/);
    expect((await zendesk.control("GET", "gates/none")).status).toBe(404);
    expect((await zendesk.control("GET", "state")).body.organizations).toHaveLength(1);
  });

  it("seeds again from what it dumps", async () => {
    const account = (await zendesk.control("GET", "state")).body;
    await zendesk.call("DELETE", "/api/v2/organizations/11");
    expect((await zendesk.control("POST", "seed", { account })).status).toBe(200);
    expect((await zendesk.control("GET", "state")).body.organizations).toEqual(account.organizations);
    expect((await zendesk.get("/api/v2/organizations/11")).status).toBe(200);
  });

  it("logs every vendor request without secrets, counts them, and does not log itself", async () => {
    await put("x");
    await send(
      `${zendesk.url}/oauth/authorizations/new?client_id=simulator-client&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb&response_type=code&state=s3cret&simulator_consent=allow`,
      "GET",
      undefined,
      {},
    );
    const { requests } = (await zendesk.control("GET", "log?since=0")).body;
    expect(requests.map((one: { operation: string }) => one.operation)).toEqual([
      "oauth.client-credentials",
      "UpdateOrganization",
      "oauth.authorize",
    ]);
    expect(requests[1]).toMatchObject({
      seq: 2,
      method: "PUT",
      status: 200,
      requestBody: { organization: { notes: "x" } },
    });
    expect(JSON.stringify(requests)).not.toMatch(/simulator-secret|s3cret/);
    expect((await zendesk.control("GET", "counters")).body).toEqual({
      UpdateOrganization: 1,
      "oauth.authorize": 1,
      "oauth.client-credentials": 1,
    });
    await zendesk.control("DELETE", "log");
    expect((await zendesk.control("GET", "log")).body.requests).toEqual([]);
  });
});
