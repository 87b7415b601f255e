// The operator API of the running service, as the program of an operator uses it: the same work as by the commands.
import { statSync } from "node:fs";
import path from "node:path";
import { liveEvent } from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Product, startProduct } from "../harness/product.ts";
import type { Program } from "../harness/program.ts";
import { organizations, smallAccount, smallCompany } from "../harness/small-world.ts";
import { type Api, createApi, keyIn } from "./api.ts";

const connectionId = 1;
const params = { connectionId };

describe("the operator API", () => {
  let product: Product;
  let service: Program;
  let api: Api;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    expect((await product.connect("--json")).code).toBe(0);
    service = await product.start();
    api = createApi(product.url, { authorization: `Bearer ${keyIn(product.folder)}` });
  });
  afterAll(() => product?.close());

  it("is open to the holder of the local key, which lies in a file for its owner alone and is never shown", async () => {
    const file = path.join(product.folder, "operator-key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(service.out()).toContain(file);
    expect(service.out() + service.err()).not.toContain(keyIn(product.folder));
    expect((await api.call("readStatus")).connections).toMatchObject([{ connectionId, state: "planned" }]);
  });

  it("is closed to everybody else, with one and the same answer", async () => {
    for (const proof of [
      {},
      { authorization: "Bearer mlc_wrong" },
      { authorization: "Basic YTpi" },
      { cookie: "ml_connector=x" },
    ]) {
      const { requestId: _, ...refused } = await createApi(product.url, proof).refusal("readStatus");
      expect(refused).toEqual({
        status: 401,
        code: "unauthorized",
        says: "Nobody is signed in here.",
        whatToDo: expect.any(String),
        problems: [],
      });
    }
    // The local key does not leave this machine: a proxy that forwards a stranger says so.
    const forwarded = { headers: { "x-forwarded-for": "203.0.113.9" } };
    expect(await api.refusal("readStatus", forwarded)).toMatchObject({ status: 401 });
  });

  it("shows the plan, page by page, and applies it when it is approved, once", async () => {
    const [plan] = (await api.call("listPlans", { params })).plans;
    expect(plan).toMatchObject({ state: "proposed", counts: { parties: 10, create: 5, parked: 2 } });
    const planId = plan?.id ?? 0;
    const of = { connectionId, planId };
    expect(await api.call("readPlan", { params: of })).toEqual(plan);
    const pages: unknown[] = [];
    let after: string | null = null;
    do {
      const page: { effects: unknown[]; next: string | null } = await api.call("listPlanEffects", {
        params: of,
        query: { limit: 4, ...(after === null ? {} : { after }) },
      });
      pages.push(...page.effects);
      after = page.next;
    } while (after !== null);
    const whole = await api.call("listPlanEffects", { params: of, query: { limit: 1000 } });
    expect(pages).toEqual(whole.effects);
    expect(whole.effects.find(({ party }) => party === "customer:2")?.changed).toMatchObject({
      qbo_open_amount: expect.any(Array),
    });
    const approval = { params: of, headers: { "idempotency-key": "approve-1" } };
    const begun = await api.call("approvePlan", approval);
    expect((await api.call("approvePlan", approval)).id).toBe(begun.id);
    expect(await api.ended(begun)).toMatchObject({
      kind: "apply",
      state: "done",
      result: { progress: { state: "applied", planned: 0, failed: 0 } },
    });
    await product.quiet();
    expect(await product.verdict()).toMatchObject({ equal: 6, different: 0, foreignTouched: 0, duplicates: 0 });
    const { rows } = await api.call("searchAudit", { params, query: { limit: 100 } });
    expect(rows.find(({ action }) => action === "approved")).toMatchObject({ who: "local operator" });
    expect(await api.refusal("approvePlan", { params: { connectionId, planId: planId + 1 } })).toMatchObject({
      status: 404,
    });
    expect(await api.refusal("discardPlan", { params: of })).toMatchObject({ status: 409, code: "refused" });
  });

  it("changes settings at once or by a plan, and says which", async () => {
    const { settings, planned } = await api.call("readSettings", { params });
    expect(planned).toContain("scope");
    expect(settings).toMatchObject({ pollMinutes: expect.any(Number) });
    const atOnce = await api.ended(
      await api.call("changeSettings", { params, body: { settings: { pollMinutes: 7 } } }),
    );
    expect(atOnce).toMatchObject({ state: "done", result: { settings: { pollMinutes: 7 }, plan: null } });
    const byPlan = await api.ended(
      await api.call("changeSettings", { params, body: { settings: { tolerance: "5.00" } } }),
    );
    expect(byPlan).toMatchObject({
      state: "done",
      result: { plan: { state: "proposed", change: { kind: "settings" } } },
    });
    const planId = (byPlan.result as { plan: { id: number } }).plan.id;
    expect(await api.call("discardPlan", { params: { connectionId, planId } })).toMatchObject({ state: "discarded" });
    const refused = await api.ended(
      await api.call("changeSettings", { params, body: { settings: { pollMinuts: 7 } } }),
    );
    expect(refused).toMatchObject({
      state: "failed",
      error: { code: "refused", says: expect.stringContaining("pollMinuts") },
    });
  });

  it("reads one party anew, and says what came of it", async () => {
    await product.change({
      entity: "Invoice",
      operation: "create",
      record: { CustomerRef: { value: "2" }, TxnDate: "2026-11-02", DueDate: "2026-12-12", TotalAmt: 4.5 },
    });
    const begun = await api.call("startSync", { params, body: { read: "party", party: "customer:2" } });
    expect(await api.ended(begun)).toMatchObject({ state: "done", result: { settled: true, read: "party" } });
    const why = await api.call("explainParty", { params: { connectionId, party: "customer:2" } });
    expect(why.card?.fields.find(({ key }) => key === "qbo_open_amount")).toMatchObject({ now: "80", asWanted: true });
  });

  it("does what was asked once, however often the same request comes", async () => {
    const asked = { params, body: { what: "all" }, headers: { "idempotency-key": "nightly" } };
    const [first, second] = await Promise.all([api.call("startReplay", asked), api.call("startReplay", asked)]);
    expect(first.id).toBe(second.id);
    expect(await api.refusal("startReplay", { ...asked, body: { what: "parked" } })).toMatchObject({
      status: 409,
      code: "conflict",
    });
    expect(await api.ended(first)).toMatchObject({ state: "done", result: { settled: true } });
    const { tasks } = await api.call("listTasks", { params, query: { limit: 100 } });
    expect(tasks.filter(({ id }) => id === first.id)).toHaveLength(1);
  });

  it("lists who waits, takes an answer, writes it, and takes it back", async () => {
    const { parked } = await api.call("listParked", { params });
    const cedar = parked.find(({ candidates }) => candidates.length > 1);
    expect(cedar).toBeDefined();
    const party = cedar?.party ?? "";
    const organizationId = organizations.cedarNorth;
    const asked = { params: { connectionId, party }, body: { kind: "link", organizationId } };
    expect(await api.call("answerParty", asked)).toMatchObject({
      answer: { kind: "link", organization: "Cedar North" },
    });
    await product.quiet();
    expect(await product.standing(party)).toMatchObject({ organizationId });
    expect(await api.call("undoAnswer", { params: asked.params })).toMatchObject({ undone: "link" });
    expect(await api.refusal("undoAnswer", { params: asked.params })).toMatchObject({ status: 404 });
    await product.quiet();
    expect(await product.standing(party)).toMatchObject({ disposition: "parked" });
  });

  it("answers for many by a rule: told first, stored as one batch, undone as one", async () => {
    const rule = { answer: "ignore", name: "C*" };
    const told = await api.call("answerMany", { params, body: { rule } });
    expect(told).toMatchObject({ applied: false, batch: null });
    expect((await api.call("listBatches", { params })).batches).toEqual([]);
    const stored = await api.call("answerMany", { params, body: { rule, apply: true } });
    expect(stored).toMatchObject({ applied: true, answers: told.answers, batch: expect.any(Number) });
    await product.quiet();
    const { parties } = await api.call("listIgnored", { params });
    expect(parties.length).toBeGreaterThanOrEqual(told.answers);
    const batch = { params: { connectionId, batchId: stored.batch ?? 0 } };
    expect(await api.call("undoBatch", batch)).toMatchObject({ answers: told.answers });
    expect(await api.refusal("undoBatch", batch)).toMatchObject({ status: 404 });
    await product.quiet();
  });

  it("leaves names out by a rule, says which organizations hold several clients, and takes both back", async () => {
    const told = await api.call("ignoreNames", { params, body: { name: "Gorse*" } });
    expect(told).toMatchObject({ applied: false, rule: null, parties: 1 });
    const { rule } = await api.call("ignoreNames", { params, body: { name: "Gorse*", apply: true } });
    await product.quiet();
    expect(await product.standing("customer:8")).toMatchObject({ disposition: "ignored" });
    await api.call("endIgnoreRule", { params: { connectionId, ruleId: rule ?? 0 } });
    await product.quiet();
    expect(await product.standing("customer:8")).toMatchObject({ disposition: "linked" });
    const of = { params: { connectionId, organizationId: organizations.unrelated } };
    const said = await api.call("saySeveralClients", { ...of, body: { several: true } });
    expect(said.organizations).toMatchObject([{ organizationId: organizations.unrelated, who: "local operator" }]);
    expect((await api.call("saySeveralClients", { ...of, body: { several: false } })).organizations).toEqual([]);
    expect((await api.call("listDuplicates", { params })).pairs).toEqual(expect.any(Array));
    expect((await api.call("listContainers", { params })).containers).toEqual(expect.any(Array));
  });

  it("shows the keys that seal tokens, and where alerts go, without any secret", async () => {
    expect(await api.call("readKeys")).toMatchObject({ keys: [{ kid: "k1", current: true, state: "good" }] });
    const added = await api
      .call("addAlertTarget", { body: { kind: "email", least: "stopped", to: "ops@example.com" } })
      .catch((fault: unknown) => String(fault));
    // Where no mail can be sent, it says so; else it is there and goes again.
    if (typeof added === "string") expect(added).toMatch(/addAlertTarget answered 409: .*SMTP/);
    else expect((await api.call("removeAlertTarget", { params: { targetId: added.id } })).targets).toEqual([]);
  });

  it("looks at everything that has to work, and brings a client that is never read back", async () => {
    const examined = await api.call("runDoctor");
    expect(examined.checks.find(({ group, name }) => group === "service" && name === "running")?.state).toBe("ok");
    const params = { connectionId, system: "quickbooks" as const };
    const body = { clientId: "their-app", clientSecret: "s3cret", verifiers: ["v3rifier"] };
    const brought = await api.call("bringClient", { params, body });
    expect(brought.clients[0]).toMatchObject({ clientId: "their-app", hasVerifiers: true, waitsForConsent: true });
    expect(JSON.stringify(brought)).not.toMatch(/s3cret|v3rifier/);
    expect((await api.call("removeClient", { params })).clients[0]).toMatchObject({ from: "deployment" });
  });

  it("refuses an answer that would go wrong, and says why", async () => {
    const answer = (body: object) =>
      api.refusal("answerParty", { params: { connectionId, party: "customer:2" }, body });
    expect(await answer({ kind: "join", with: "customer:2" })).toMatchObject({
      status: 409,
      says: "customer:2 cannot join itself.",
    });
    expect(await answer({ kind: "link", organizationId: 999 })).toMatchObject({ status: 409, code: "refused" });
    expect(await answer({ kind: "marry" })).toMatchObject({ status: 400, code: "malformed" });
    expect(await answer({ kind: "join", with: "customer:2;drop" })).toMatchObject({
      status: 400,
      problems: [{ at: "body/with" }],
    });
  });

  it("compares both systems with our copy", async () => {
    const ended = await api.ended(await api.call("startVerify", { params, body: {} }));
    expect(ended).toMatchObject({
      kind: "verify",
      state: "done",
      result: { differences: expect.any(Array), marked: 0 },
    });
  });

  it("exports the journal whole, with nothing in it that a spreadsheet would run", async () => {
    const text = await api.call("exportAudit", { params });
    const lines = text.trimEnd().split("\r\n");
    expect(lines[0]).toBe(
      "row,at,action,parties,organization,who,causes,before,after,outcome,zendesk request,quickbooks request",
    );
    expect(lines.length).toBeGreaterThan(10);
    const { rows } = await api.call("searchAudit", { params, query: { limit: 1000 } });
    expect(lines).toHaveLength(rows.length + 1);
  });

  it("tells of every change as it happens", async () => {
    const stop = new AbortController();
    const answer = await fetch(`${product.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${keyIn(product.folder)}` },
      signal: stop.signal,
    });
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    const heard: string[] = [];
    let begun = "";
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunks = 0; chunks < 100; chunks += 1) {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      if (done) break;
      for (const [, event, data] of (value ?? "").matchAll(/event: (\w+)\ndata: (.+)\n\n/g)) {
        const told = liveEvent.parse({ event, ...(JSON.parse(data ?? "") as object) });
        heard.push(told.event === "task" ? `${told.task.kind} ${told.task.state}` : told.event);
      }
      if (begun === "") begun = (await api.call("startDryRun", { params })).id;
      if (heard.includes("dry-run done")) break;
    }
    stop.abort();
    expect(heard).toContain("connection");
    expect(heard).toContain("dry-run done");
  });

  it("says in one shape what it does not have or cannot read", async () => {
    const missing = await api.raw("GET", "/api/v1/nothing");
    expect(missing).toMatchObject({ status: 404, body: { error: { code: "not-found" } } });
    const notJson = await api.raw("POST", "/api/v1/connections/1/verify", {
      headers: { "content-type": "text/plain" },
    });
    expect(notJson.status).toBe(415);
    expect(notJson.body).toMatchObject({ error: { code: "media-type" } });
    const large = await api.raw("POST", "/api/v1/connections/1/verify", { body: { calls: "x".repeat(300_000) } });
    expect(large).toMatchObject({ status: 413, body: { error: { code: "too-large" } } });
    expect(await api.refusal("searchAudit", { params, query: { after: "nonsense" } })).toMatchObject({ status: 400 });
    expect(await api.refusal("searchAudit", { params, query: { limit: 5000 } })).toMatchObject({ status: 400 });
  });

  it("checks, previews and keeps mappings, and says where a bad one is wrong", async () => {
    const inForce = await api.call("readMapping", { params });
    expect(inForce.rows.map(({ key }) => key)).toContain("qbo_status");
    const broken = structuredClone(inForce.document) as { rows: { value: object }[] };
    broken.rows[0] = { ...broken.rows[0], value: { expression: "custmer.open >" } };
    const { problems } = await api.call("checkMapping", { params, body: { document: broken } });
    expect(problems.length).toBeGreaterThan(0);
    const refused = await api.refusal("saveMapping", { params, body: { mapping: { document: broken } } });
    expect(refused).toMatchObject({
      status: 400,
      code: "malformed",
      problems: expect.arrayContaining([expect.objectContaining({ at: expect.any(String) })]),
    });
    const { presets } = await api.call("listMappingPresets");
    const preset = presets.find(({ name }) => name.includes("status"))?.name ?? "";
    const preview = await api.call("previewMapping", { params, body: { party: "customer:2", mapping: { preset } } });
    expect(preview.values.find(({ key }) => key === "qbo_status")).toMatchObject({ now: expect.any(String) });
    const saved = await api.ended(
      await api.call("saveMapping", { params, body: { mapping: { preset }, note: "less" } }),
    );
    expect(saved).toMatchObject({
      kind: "mapping",
      state: "done",
      result: { version: 2, plan: { change: { kind: "mapping" } } },
    });
    expect((await api.call("listMappings", { params })).versions[0]).toMatchObject({
      version: 2,
      who: "local operator",
      note: "less",
    });
    expect(await api.call("readMappingVersion", { params: { connectionId, version: 1 } })).toEqual(inForce);
    const planId = (saved.result as { plan: { id: number } }).plan.id;
    await api.call("discardPlan", { params: { connectionId, planId } });
  });

  it("makes many connections, each once, whoever asks how often", async () => {
    const connections = [
      { reference: "client-17", subdomain: "seventeen" },
      { reference: "client-18", subdomain: "eighteen", settings: { scope: "all" } },
    ];
    const [first, second] = await Promise.all([1, 2].map(() => api.call("provision", { body: { connections } })));
    const ids = first?.connections.map((each) => each.connectionId);
    expect(second?.connections.map((each) => each.connectionId)).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
    const outcomes = [first, second].flatMap((each) => each?.connections.map(({ outcome }) => outcome) ?? []);
    expect(outcomes.toSorted()).toEqual(["known", "known", "made", "made"]);
    const other = await api.call("provision", {
      body: { connections: [{ reference: "client-17", subdomain: "another" }] },
    });
    expect(other.connections).toEqual([{ reference: "client-17", outcome: "other-account", connectionId: null }]);
    const listed = await api.call("listConnections", { query: { limit: 2 } });
    expect(listed.connections).toHaveLength(2);
    expect(listed.next).not.toBeNull();
    const rest = await api.call("listConnections", { query: { after: listed.next ?? "" } });
    expect([...listed.connections, ...rest.connections].map((each) => each.subdomain)).toEqual([
      "simulator",
      "seventeen",
      "eighteen",
    ]);
  });

  it("begins a consent again, says what a zone is needed for, and stops and goes on", async () => {
    const { quickbooksUrl, zendeskUrl } = await api.call("beginConsent", { params });
    expect(new URL(quickbooksUrl).searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    expect(zendeskUrl).toBeNull();
    expect(await api.refusal("confirmZone", { params, body: { zone: "Mars/Olympus" } })).toMatchObject({ status: 409 });
    expect(await api.call("pauseConnection", { params })).toMatchObject({ state: "paused" });
    expect(await api.refusal("startSync", { params, body: { read: "changes" } })).toMatchObject({
      status: 409,
      says: expect.stringContaining("local operator"),
    });
    expect(await api.call("resumeConnection", { params })).toMatchObject({ state: "active" });
  });

  it("tells what disconnecting concerns, then ends the connection and leaves Zendesk as it is", async () => {
    const before = (await product.account()).organizations;
    expect(await api.call("previewDisconnect", { params })).toMatchObject({
      connectionId,
      created: expect.any(Number),
      revokes: expect.any(Array),
      clears: { fields: expect.arrayContaining([{ key: "qbo_key", organizations: expect.any(Number) }]), records: 0 },
      stays: { members: expect.any(Number) },
    });
    const ended = await api.ended(await api.call("disconnect", { params, body: { mode: "leave" } }));
    expect(ended).toMatchObject({ kind: "disconnect", state: "done", result: { mode: "leave", done: true } });
    expect((await product.account()).organizations).toEqual(before);
  });

  it("stops in order while somebody listens", async () => {
    const listening = fetch(`${product.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${keyIn(product.folder)}` },
    });
    await (await listening).body?.getReader().read();
    const ended = await service.kill("SIGTERM");
    expect(ended.code).toBe(0);
  });
});
