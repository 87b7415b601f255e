import { describe, expect, it } from "vitest";
import { isRecord, type JsonRecord } from "../src/json.ts";
import { customer, smallCompany } from "./company.ts";
import { type Connected, connected, consent, faultOf, idOf, redirectUri, text } from "./connected.ts";

const since = encodeURIComponent(new Date(Date.now() - 3_600_000).toISOString());

async function start(switches: JsonRecord = {}): Promise<Connected> {
  const simulator = await connected({ company: smallCompany() });
  await simulator.control("switches", switches);
  return simulator;
}

async function changed(simulator: Connected, entity: string): Promise<JsonRecord[]> {
  const { json } = await simulator.api(`cdc?entities=${entity}&changedSince=${since}`);
  const [first] = Array.isArray(json["CDCResponse"]) ? json["CDCResponse"] : [];
  const blocks = isRecord(first) && Array.isArray(first["QueryResponse"]) ? first["QueryResponse"] : [];
  const list = isRecord(blocks[0]) ? blocks[0][entity] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

const invoice = { entity: "Invoice", operation: "create", record: { CustomerRef: { value: "3" }, TotalAmt: 5 } };

describe("switches", () => {
  it("refuse what no switch is called, and what no switch can be", async () => {
    const simulator = await start();
    expect((await simulator.control("switches", { mergeLosers: "gone" })).json["error"]).toContain("mergeLosers");
    expect((await simulator.control("switches", { mergeLoser: "gone" })).json["error"]).toContain("mergeLoser");
  });

  it("let a merge loser be deleted, inactive or simply absent", async () => {
    const outcome = async (mergeLoser: string) => {
      const simulator = await start({ mergeLoser });
      await simulator.mutate({ entity: "Customer", operation: "merge", id: "3", into: "4" });
      const loser = (await changed(simulator, "Customer")).find((one) => one["Id"] === "3");
      const { status } = await simulator.api("customer/3");
      return [status, loser?.["status"] ?? null, loser?.["Active"] ?? null, loser?.["DisplayName"] ?? null];
    };
    expect(await outcome("deleted")).toEqual([400, "Deleted", null, null]);
    expect(await outcome("inactive")).toEqual([200, null, false, "Kitchen (deleted)"]);
    expect(await outcome("absent")).toEqual([400, null, null, null]);
  });

  it("keep the party's time where it is, or move the family's too", async () => {
    const moved = async (switches: JsonRecord) => {
      const simulator = await start(switches);
      await simulator.mutate(invoice);
      return (await changed(simulator, "Customer")).map(idOf).sort((a, b) => Number(a) - Number(b));
    };
    expect(await moved({})).toEqual(["1", "2", "3"]);
    expect(await moved({ familyTimeMoves: false })).toEqual(["3"]);
    expect(await moved({ familyTimeMoves: false, partyTimeMoves: false })).toEqual([]);
  });

  it("show changes to queries and CDC only later, to reads at once", async () => {
    const simulator = await start({ visibleAfterMs: 60_000 });
    await simulator.mutate({ entity: "Customer", operation: "rename", id: "4", record: { DisplayName: "Amy" } });
    const named = () => simulator.rows("Customer", "select * from Customer where DisplayName = 'Amy'");
    expect(await simulator.one("Customer", "4")).toMatchObject({ DisplayName: "Amy" });
    expect(await named()).toEqual([]);
    expect(await changed(simulator, "Customer")).toEqual([]);
    await simulator.control("clock", { advanceMs: 60_000 });
    expect(await named()).toHaveLength(1);
  });

  it("make one invalid e-mail fail a whole page, and only the page that holds it", async () => {
    const simulator = await start({ invalidEmailFailsPage: true });
    const bad = await simulator.mutate({ ...invoice, record: { ...invoice.record, BillEmail: { Address: "nobody" } } });
    const good = await simulator.mutate(invoice);
    const answer = await simulator.query("select * from Invoice");
    expect(faultOf(answer)).toMatchObject({ status: 400, code: "4002" });
    expect(faultOf(answer).detail).toBe("QueryProcessingError: To email address entered is invalid");
    const other = `select * from Invoice where Id != '${idOf(bad)}'`;
    expect((await simulator.rows("Invoice", other)).map(idOf)).toEqual([idOf(good)]);
  });

  it("show a live record as deleted, shorten an old changedSince, and exclude its very second", async () => {
    const simulator = await start({ cdcFalseTombstones: true, cdcBeyondLookBack: "shortened" });
    const now = new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000).toISOString();
    await simulator.control("clock", { now, freeze: true });
    const made = await simulator.mutate(invoice);
    expect(await changed(simulator, "Invoice")).toMatchObject([{ Id: made["Id"], status: "Deleted" }]);
    expect(await simulator.one("Invoice", idOf(made))).toMatchObject({ TotalAmt: 5 });
    expect((await simulator.api("cdc?entities=Invoice&changedSince=2020-01-01T00:00:00Z")).status).toBe(200);
    const at = async () => (await simulator.api(`cdc?entities=Invoice&changedSince=${now}`)).text;
    expect(await at()).toContain('"Invoice"');
    await simulator.control("switches", { cdcSince: "exclusive" });
    expect(await at()).not.toContain('"Invoice"');
  });

  it("shuffle the answers of a batch", async () => {
    const simulator = await connected({ company: smallCompany(), seed: 11, switches: { shuffleBatch: true } });
    const BatchItemRequest = Array.from({ length: 20 }, (_, place) => ({
      bId: String(place),
      Query: "select * from Item",
    }));
    const { json } = await simulator.post("batch", { BatchItemRequest });
    const items = Array.isArray(json["BatchItemResponse"]) ? json["BatchItemResponse"].filter(isRecord) : [];
    const order = items.map((item) => Number(item["bId"]));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
    expect(new Set(order).size).toBe(20);
  });

  it("set the vendor's clock off from ours", async () => {
    const simulator = await start({ serverClockOffsetMs: -3_600_000 });
    await simulator.control("clock", { now: "2026-11-22T10:00:00Z", freeze: true });
    const made = await simulator.mutate(invoice);
    expect(made["MetaData"]).toMatchObject({ CreateTime: "2026-11-22T01:00:00-08:00" });
    expect((await simulator.query("select * from Item")).json["time"]).toBe("2026-11-22T01:00:00.000-08:00");
  });
});

describe("OAuth switches", () => {
  const refresh = (simulator: Connected, token: string) =>
    simulator.token({ grant_type: "refresh_token", refresh_token: token });
  const first = async (simulator: Connected) => {
    const callback = await consent(simulator.url);
    const code = callback.get("code") ?? "";
    const answer = await simulator.token({ grant_type: "authorization_code", code, redirect_uri: redirectUri });
    return text(answer.json, "refresh_token");
  };

  it("revoke the grant when two refreshes come at once", async () => {
    const simulator = await start({ concurrentRefreshRevokes: true });
    const token = await first(simulator);
    const answers = await Promise.all([refresh(simulator, token), refresh(simulator, token)]);
    expect(answers.map((one) => one.json["error"])).toContain("invalid_grant");
    expect((await refresh(simulator, token)).json["error"]).toBe("invalid_grant");
  });

  it("rotate, then drop the answer: the old token is dead and nobody knows the new one", async () => {
    const simulator = await start({ rotateEveryRefresh: true, dropRotatedAnswer: true });
    const token = await first(simulator);
    await expect(refresh(simulator, token)).rejects.toThrow();
    expect((await refresh(simulator, token)).json["error"]).toBe("invalid_grant");
  });
});

describe("limits", () => {
  it("let ten calls a second through, answer the rest with the recorded 429 and no Retry-After", async () => {
    const simulator = await connected({ company: smallCompany(), limits: "vendor" });
    const answers = await Promise.all(Array.from({ length: 14 }, () => simulator.query("select count(*) from Item")));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(4);
    const [one] = refused;
    if (one === undefined) throw new Error("nothing was refused");
    expect(faultOf(one)).toMatchObject({
      code: "3001",
      type: "SERVICE",
      detail: "The request limit was reached.  Try again later",
    });
    expect(one.headers.get("retry-after")).toBeNull();
    expect([...one.headers.keys()].join(" ")).not.toContain("ratelimit");
    expect(one.headers.get("intuit_tid")).toBeTruthy();
  });

  it("block reads for the rest of the month once its quota is used, whatever the pace", async () => {
    const simulator = await start();
    await simulator.control("clock", { now: "2026-11-22T10:00:00Z" });
    await simulator.control("limits", { meteredPerMonth: 2 });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await simulator.query("select * from Item")).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    expect((await simulator.post("Vendor", { DisplayName: "Written" })).status).toBe(200);
    await simulator.control("clock", { now: "2026-11-30T23:59:59Z" });
    expect((await simulator.control("limits")).json["meteredThisMonth"]).toBe(2);
  });

  it("count a batch as its items where the switch says so", async () => {
    const simulator = await start({ batchCountsAs: "items" });
    await simulator.control("limits", { meteredPerMonth: 40 });
    const BatchItemRequest = Array.from({ length: 30 }, (_, place) => ({
      bId: String(place),
      Query: "select * from Item",
    }));
    expect((await simulator.post("batch", { BatchItemRequest })).status).toBe(200);
    expect((await simulator.post("batch", { BatchItemRequest })).status).toBe(429);
  });
});

describe("formats", () => {
  it("answer XML to who asks for it, or for nothing, on reads, queries, CDC and faults", async () => {
    const simulator = await start();
    const xml = { headers: { accept: "application/xml" } };
    const read = await simulator.api("customer/2", xml);
    expect(read.headers.get("content-type")).toContain("application/xml");
    expect(read.text).toContain('<Customer domain="QBO" sparse="false"><Id>2</Id>');
    expect(read.text).toContain("<ParentRef>1</ParentRef>");
    const query = await simulator.api(`query?query=${encodeURIComponent("select * from Customer maxresults 2")}`, xml);
    expect(query.text).toContain('<QueryResponse startPosition="1" maxResults="2"><Customer');
    await simulator.mutate(invoice);
    expect((await simulator.api(`cdc?entities=Bill,Invoice&changedSince=${since}`, xml)).text).toContain(
      '<CDCResponse><QueryResponse/><QueryResponse startPosition="1" maxResults="1" totalCount="1"><Invoice',
    );
    const fault = await simulator.api("customer/99", xml);
    expect(fault.text).toContain('<Fault type="ValidationFault"><Error code="610" element="">');
    expect((await simulator.api("customer/2", { headers: { accept: "*/*" } })).text).toContain("<IntuitResponse");
    expect(
      (await simulator.api("customer/2?format=json", { headers: { accept: "*/*" } })).json["Customer"],
    ).toBeTruthy();
  });

  it("put gateway faults into XML even for those who asked for JSON, where the switch says so", async () => {
    const simulator = await start({ gatewayFormat: "xml" });
    await simulator.control("clock", { advanceMs: 3_700_000 });
    const answer = await simulator.api("customer/2");
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('<Fault type="AUTHENTICATION"><Error code="3200">');
  });

  it("answer 200 with a Fault inside to the void of a bill, and compress for those who can read it", async () => {
    const simulator = await start({ compress: true });
    const bill = await simulator.mutate({
      entity: "Bill",
      operation: "create",
      record: { VendorRef: { value: "5" }, TotalAmt: 5 },
    });
    const answer = await simulator.post("Bill", { Id: idOf(bill), SyncToken: "0" }, "?operation=void");
    expect(faultOf(answer)).toMatchObject({ status: 200, code: "500" });
    const page = await simulator.query("select * from Customer");
    expect(page.headers.get("content-encoding")).toBe("gzip");
    expect(page.json["QueryResponse"]).toMatchObject({ maxResults: 4 });
  });

  it("give the same answer to the same requestid, and write once", async () => {
    const simulator = await start();
    const write = () => simulator.post("Vendor", { DisplayName: "Once" }, "?requestid=abc");
    const [one, two] = [await write(), await write()];
    expect(two.text).toBe(one.text);
    expect(await simulator.rows("Vendor", "select * from Vendor where DisplayName = 'Once'")).toHaveLength(1);
    expect(faultOf(await simulator.post("Vendor", { DisplayName: "Once" }, "?requestid=def"))).toMatchObject({
      code: "6240",
    });
  });
});

describe("profiles and snapshots", () => {
  it("answer nginx pages in an outage, tokens included, and recover", async () => {
    const simulator = await start();
    await simulator.control("profile", { name: "vendor-outage" });
    const answer = await simulator.query("select * from Item");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([503, "text/html"]);
    expect(answer.text).toContain("nginx");
    expect((await simulator.token({ grant_type: "refresh_token", refresh_token: "x" })).status).toBe(503);
    await simulator.control("profile", { name: "calm" });
    expect((await simulator.query("select * from Item")).status).toBe(200);
  });

  it("cut lines and fail after the effect as a flaky network does", async () => {
    const simulator = await connected({ company: smallCompany(), seed: 3 });
    await simulator.control("profile", {
      latency: { p50Ms: 0, p95Ms: 0 },
      cutBefore: 0.3,
      cutAfter: 0.3,
      systemFaultAfterEffect: 0.2,
    });
    let answered = 0;
    for (let call = 0; call < 30; call += 1) {
      const answer = await simulator.post("Vendor", { DisplayName: `V${call}` }).catch(() => undefined);
      if (answer?.status === 200) answered += 1;
    }
    await simulator.control("profile", { name: "calm" });
    const made = await simulator.rows("Vendor", "select * from Vendor where DisplayName like 'V%' maxresults 1000");
    expect(made.length).toBeGreaterThan(answered);
    expect(made.length).toBeLessThan(30);
    expect((await simulator.control("profile", { name: "storm" })).status).toBe(400);
  });

  it("keep a state and put it back as often as wanted, tokens with it", async () => {
    const simulator = await start();
    const { json } = await simulator.control("snapshot", {});
    for (let round = 0; round < 2; round += 1) {
      await simulator.mutate({ entity: "Customer", operation: "merge", id: "3", into: "4" });
      expect((await simulator.api("customer/3")).status).toBe(400);
      await simulator.control("restore", { id: text(json, "id") });
      expect(await simulator.one("Customer", "3")).toMatchObject({ DisplayName: "Kitchen" });
    }
    expect((await simulator.control("restore", { id: "77" })).status).toBe(404);
  });

  it("hold many companies, each with its own books", async () => {
    const other = { Customer: [customer("1", "Elsewhere")] };
    const simulator = await connected({ company: smallCompany(), companies: { "77": other } });
    await simulator.control("seed", { realm: "78", company: other });
    const { json } = await simulator.control("state");
    expect(isRecord(json["companies"]) ? Object.keys(json["companies"]).length : 0).toBe(3);
    await simulator.control("mutate", {
      realm: "78",
      entity: "Customer",
      operation: "rename",
      id: "1",
      record: { DisplayName: "There" },
    });
    const state = await simulator.control("state?realm=77");
    expect(state.text).toContain("Elsewhere");
    expect(state.text).not.toContain("There");
  });
});
