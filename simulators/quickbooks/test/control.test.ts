import { describe, expect, it } from "vitest";
import { isRecord } from "../src/json.ts";
import { smallCompany } from "./company.ts";
import { answered, type Connected, connected, text } from "./connected.ts";

async function start(): Promise<Connected> {
  return connected({ company: smallCompany() });
}

const rename = { entity: "Customer", operation: "rename", id: "4", record: { DisplayName: "Amy" } };

describe("the control port", () => {
  it("dumps a company in the form of its file, so that a dump can be loaded again", async () => {
    const simulator = await start();
    const record = { CustomerRef: { value: "4" }, TotalAmt: 5 };
    await simulator.mutate({ entity: "Invoice", operation: "create", record });
    const first = await simulator.control("state");
    const companies = first.json["companies"];
    const dump = isRecord(companies) ? companies[simulator.realm] : undefined;
    expect((await simulator.control("seed", { company: dump ?? {} })).status).toBe(200);
    const second = await simulator.control("state");
    expect(second.json["companies"]).toEqual(companies);
  });

  it("holds the n-th call before its effect, shows it, and lets it go", async () => {
    const simulator = await start();
    const { json } = await simulator.control("gates", {
      operation: "read",
      entity: "Customer",
      nth: 2,
      at: "before-effect",
    });
    const gate = `gates/${text(json, "id")}`;
    await simulator.api("customer/4");
    expect((await simulator.control(gate)).json["state"]).toBe("armed");
    const held = simulator.api("customer/4");
    const shown = await simulator.control(`${gate}?waitMs=5000`);
    expect(shown.json).toMatchObject({ state: "holding", request: { operation: "read", entity: "Customer" } });
    await simulator.mutate(rename);
    await simulator.control(`${gate}/release`, {});
    expect((await held).json["Customer"]).toMatchObject({ DisplayName: "Amy" });
  });

  it("holds an answer after the effect, and can cut the line instead of answering", async () => {
    const simulator = await start();
    const { json } = await simulator.control("gates", { operation: "create", at: "after-effect" });
    const gate = `gates/${text(json, "id")}`;
    const held = simulator.post("Vendor", { DisplayName: "Brosnahan" }).then(
      () => "answered",
      () => "cut",
    );
    await simulator.control(`${gate}?waitMs=5000`);
    expect(await simulator.rows("Vendor", "select * from Vendor where DisplayName = 'Brosnahan'")).toHaveLength(1);
    await simulator.control(`${gate}/release`, { drop: true });
    expect(await held).toBe("cut");
  });

  it("edits right after the n-th read, so that the reader holds the old copy", async () => {
    const simulator = await start();
    await simulator.control("edits", { when: { operation: "read", nth: 1, at: "after-effect" }, mutate: rename });
    expect(await simulator.one("Customer", "4")).toMatchObject({ DisplayName: "Amy's Bird Sanctuary" });
    expect(await simulator.one("Customer", "4")).toMatchObject({ DisplayName: "Amy" });
  });

  it("answers as scripted: the n-th and following calls, before or after their effect", async () => {
    const simulator = await start();
    await simulator.control("faults", {
      operation: "query",
      nth: 2,
      times: 2,
      status: 503,
      body: "<html>",
      headers: { "content-type": "text/html" },
    });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await simulator.query("select * from Item")).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    await simulator.control("faults", { operation: "create", status: 500, afterEffect: true });
    expect((await simulator.post("Vendor", { DisplayName: "Brosnahan" })).status).toBe(500);
    expect(await simulator.rows("Vendor", "select * from Vendor where DisplayName = 'Brosnahan'")).toHaveLength(1);
  });

  it("logs and counts vendor calls, not its own", async () => {
    const simulator = await start();
    await simulator.control("log");
    await simulator.query("select * from Item");
    const { json } = await simulator.control("log?since=0");
    const requests = Array.isArray(json["requests"]) ? json["requests"].filter(isRecord) : [];
    expect(requests.at(-1)).toMatchObject({
      operation: "query",
      status: 200,
      query: { query: "select * from Item" },
      responseSummary: { entity: "Item", rows: 1 },
    });
    expect(JSON.stringify(requests)).not.toContain("_control");
    expect((await simulator.control("counters")).json).toMatchObject({ query: 1, "oauth.token": 1 });
  });

  it("describes itself in OpenAPI, every call that it has", async () => {
    const simulator = await start();
    const { json } = await simulator.control("openapi.json");
    expect(json["openapi"]).toBe("3.1.0");
    const paths = isRecord(json["paths"]) ? json["paths"] : {};
    expect(Object.keys(paths)).toHaveLength(18);
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(isRecord(methods) ? methods : {})) {
        const at = simulator.url + path.replace("{id}", "1");
        const answer = await answered(await fetch(at, { method: method.toUpperCase() }));
        expect(answer.text).not.toContain("not built");
      }
    }
    expect(JSON.stringify(json)).toContain("mergeLoser");
  });

  it.each([
    ["mutate", { entity: "Foo", operation: "create", record: {} }, "Foo"],
    ["mutate", { entity: "Customer", operation: "merge", id: "1" }, "merge needs id and into"],
    ["mutate", { entity: "Invoice", operation: "void", id: "99" }, "610"],
    [
      "mutate",
      {
        mutations: [
          { entity: "Vendor", operation: "create", record: { DisplayName: "V" } },
          rename,
          rename,
          { ...rename, id: "99" },
        ],
      },
      "mutations.3",
    ],
    ["gates", { operation: "read", nth: 0 }, "nth"],
    ["seed", { company: { Foo: [] } }, "Foo"],
    ["seed", { company: { Customer: [{}] } }, "Customer[0]"],
    ["clock", { now: "yesterday" }, "now"],
    ["webhooks", { url: "nowhere" }, "url"],
  ])("says what is wrong with %s %j", async (path, body, part) => {
    const simulator = await start();
    const answer = await simulator.control(path, body);
    expect(answer.status).toBe(400);
    expect(answer.json["error"]).toContain(part);
  });
});
