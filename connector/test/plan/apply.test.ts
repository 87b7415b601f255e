// Plan, try, approve, stop, go on: what is written when, and under which rules.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyConnection } from "../../src/boot/verify.ts";
import { parsePartyKey, priorities } from "../../src/domain/index.ts";
import type { ProposedPlan } from "../../src/sync/reconcile/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { eventually } from "../harness/index.ts";
import { organizations, smallAccount, smallCompany, today } from "../harness/small-world.ts";

const planned = async (flow: Flow, id: number) => {
  const plan = await flow.engine.stores.plans.read(id);
  if (!plan) throw new Error(`no plan ${id}`);
  return plan;
};
const effectOf = async (flow: Flow, id: number, party: string) =>
  (await flow.engine.stores.plans.effects(id, { limit: 10_000 })).find((effect) => effect.party === party);
const named = async (flow: Flow, name: string) =>
  (await flow.accountNow()).organizations.find((organization) => organization.name === name);
const standingOf = async (flow: Flow, party: string) =>
  (await flow.engine.stores.overview.standings(flow.connectionId)).find(({ key }) => key === party);

/** One more invoice, read and decided at once. */
async function bill(flow: Flow, customer: string, DueDate: string, amount = 10): Promise<void> {
  const { entity } = await flow.quickbooksControl("POST", "mutate", {
    entity: "Invoice",
    operation: "create",
    record: { CustomerRef: { value: customer }, TxnDate: "2026-10-02", DueDate, TotalAmt: amount },
  });
  const cause = { kind: "person" as const, who: "test", what: "look", at: new Date().toISOString() };
  await flow.engine.stores.marks.mark([
    {
      connectionId: flow.connectionId,
      kind: "record",
      key: `Invoice:${(entity as { Id: string }).Id}`,
      priority: priorities.urgent,
      causes: [cause],
    },
  ]);
  await flow.settled();
}

/** What a comparison says of Zendesk, but for who waits for a person. QuickBooks is not polled here. */
async function compared(flow: Flow) {
  const { differences } = await verifyConnection(
    { engine: flow.engine, today: flow.business.today, wake: () => Promise.resolve() },
    flow.connectionId,
    { calls: undefined, repair: false, who: "test", onProgress: () => undefined },
  );
  return differences.filter(({ reason, between }) => reason !== "parked" && between === "copy-and-zendesk");
}
const wantedOf = async (flow: Flow, party: string, key: string) =>
  (await flow.engine.explain(flow.connectionId, parsePartyKey(party)))?.wanted[key];

describe("applying a first load", () => {
  let flow: Flow;
  let plan: ProposedPlan;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    plan = await flow.load();
  });
  afterAll(() => flow?.close());

  it("shows each effect with its organization, its fields and what it costs", async () => {
    expect(plan.counts).toMatchObject({ create: 5, update: 1, adopt: 1, parked: 2, outOfScope: 1 });
    expect(plan.counts.fields["qbo_key"]).toEqual({ set: 6, changed: 0, cleared: 0 });
    expect(await effectOf(flow, plan.id, "customer:2")).toMatchObject({
      effect: "adopt",
      organizationId: organizations.birch,
      state: "planned",
      changed: { qbo_open_amount: [null, "75.5"] },
    });
  });

  it("does not write what has become another kind of effect since, and says what it would be now", async () => {
    await flow.zendeskControl("POST", "mutate", {
      entity: "organization",
      operation: "create",
      record: { name: "Gorse Gardens" },
    });
    await flow.engine.loadDirectory(flow.subdomain, () => undefined);
    expect(await flow.engine.stores.plans.approve(plan.id, "test")).toBe(true);
    await flow.settled();
    expect(await effectOf(flow, plan.id, "customer:8")).toMatchObject({
      effect: "create",
      state: "changed",
      found: { effect: "adopt", organization: "Gorse Gardens" },
    });
    expect(await named(flow, "Gorse Gardens")).toMatchObject({ external_id: null });
    expect((await named(flow, "Gorse Gardens"))?.organization_fields["qbo_key"]).toBeNull();
    expect(await standingOf(flow, "customer:8")).toMatchObject({
      disposition: "parked",
      reason: "changed-since-plan",
    });
    expect((await planned(flow, plan.id)).state).toBe("applied");
    expect(await standingOf(flow, "customer:2")).toMatchObject({ organizationId: organizations.birch });
  });

  it("keeps it waiting while its figures move, and lets the others live", async () => {
    await bill(flow, "8", "2026-12-24");
    await bill(flow, "2", "2026-12-24");
    expect((await named(flow, "Gorse Gardens"))?.organization_fields["qbo_key"]).toBeNull();
    expect((await named(flow, "Birch"))?.organization_fields["qbo_open_amount"]).toBe(85.5);
  });

  it("writes it once it is approved by itself", async () => {
    expect(await flow.engine.stores.plans.approveChanged(plan.id, ["customer:8"], "test")).toEqual(["customer:8"]);
    await flow.settled();
    expect((await named(flow, "Gorse Gardens"))?.organization_fields["qbo_open_amount"]).toBe(60);
    expect(await effectOf(flow, plan.id, "customer:8")).toMatchObject({ effect: "adopt", state: "done" });
  });

  it("cannot be approved twice, and is in the journal with who did it", async () => {
    expect(await flow.engine.stores.plans.approve(plan.id, "somebody")).toBe(false);
    const rows = await flow.engine.stores.journal.search({ connectionId: flow.connectionId, limit: 500 });
    const approvals = rows.filter(({ action }) => action === "approved");
    expect(approvals.map(({ who, parties }) => [who, parties])).toEqual([
      ["test", ["customer:8"]],
      ["test", []],
    ]);
  });
});

describe("trying a first load", () => {
  let flow: Flow;
  let plan: ProposedPlan;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    plan = await flow.load();
  });
  afterAll(() => flow?.close());

  it("writes one card of each kind, and nothing else, whatever changes meanwhile", async () => {
    expect(await flow.engine.planDesk.tryOut(plan.id, "test")).toBe(true);
    await flow.settled();
    const tried = await flow.engine.planDesk.tried(flow.connectionId, plan.id);
    expect(tried.map(({ effect }) => effect.effect).sort()).toEqual(["adopt", "create", "create"]);
    expect(tried.flatMap(({ effect }) => effect.traits)).toEqual(expect.arrayContaining(["family", "vendor-only"]));
    await bill(flow, "5", "2026-12-24");
    const made = (await flow.accountNow()).organizations.filter(({ external_id }) => external_id?.startsWith("qbo:"));
    expect(made).toHaveLength(tried.filter(({ effect }) => effect.effect === "create").length);
    expect((await planned(flow, plan.id)).state).toBe("trying");
  });

  it("is no fault to a comparison: what it has not come to is held back", async () => {
    const differing = await compared(flow);
    expect(new Set(differing.map(({ reason }) => reason))).toEqual(new Set(["not-approved"]));
    const left = await flow.engine.stores.plans.effects(plan.id, { states: ["planned"], limit: 1_000 });
    const writing = left.filter(({ effect }) => effect === "create" || effect === "adopt");
    expect(differing.flatMap(({ parties }) => parties)).toEqual(
      expect.arrayContaining(writing.map(({ party }) => party)),
    );
    expect(differing[0]?.says).toContain("tried or stopped");
  });

  it("shows what Zendesk holds of them now", async () => {
    const tried = await flow.engine.planDesk.tried(flow.connectionId, plan.id);
    for (const card of tried) {
      expect(card).toMatchObject({ effect: { state: "done" }, different: [] });
      expect(card.organization?.fields["qbo_key"]).toContain(card.effect.party);
    }
  });

  it("goes on with the rest when it is approved", async () => {
    expect(await flow.engine.stores.plans.approve(plan.id, "test")).toBe(true);
    await flow.settled();
    expect((await planned(flow, plan.id)).state).toBe("applied");
    expect(await standingOf(flow, "customer:5")).toMatchObject({ disposition: "linked" });
    expect((await named(flow, "Elm Trading"))?.organization_fields["qbo_open_amount"]).toBe(40);
  });
});

describe("a plan that is stopped", () => {
  let flow: Flow;
  let plan: ProposedPlan;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(2_400), account: smallAccount(), today, jobPace: 150 });
    plan = await flow.load();
  });
  afterAll(() => flow?.close());

  const made = async () =>
    (await flow.accountNow()).organizations.filter(({ external_id }) => external_id?.startsWith("qbo:")).length;

  it("leaves what is done and writes nothing more, except to what is done", async () => {
    await flow.engine.stores.plans.approve(plan.id, "test");
    flow.own();
    await eventually(async () => ((await flow.engine.stores.plans.progress(plan.id))?.done ?? 0) > 20, 60_000);
    expect(await flow.engine.stores.plans.stop(plan.id, "test")).toBe(true);
    await flow.settled();
    const progress = await flow.engine.stores.plans.progress(plan.id);
    expect(progress?.planned).toBeGreaterThan(0);
    const after = await made();
    expect(after).toBeLessThan(plan.counts.create);
    const [waiting] = await flow.engine.stores.plans.effects(plan.id, { states: ["planned"], limit: 1 });
    await bill(flow, parsePartyKey(waiting?.party ?? "").id, "2026-12-24");
    expect(await made()).toBe(after);
    const done = await flow.engine.stores.plans.effects(plan.id, { states: ["done"], limit: 10_000 });
    const created = done.find(({ effect, party }) => effect === "create" && /^customer:1\d{3}$/.test(party));
    await bill(flow, parsePartyKey(created?.party ?? "").id, "2026-12-24");
    expect((await named(flow, created?.organization ?? ""))?.organization_fields["qbo_open_amount"]).toBe(15);
  });

  it("goes on where it was", async () => {
    expect(await flow.engine.stores.plans.approve(plan.id, "test")).toBe(true);
    await flow.settled();
    expect((await planned(flow, plan.id)).state).toBe("applied");
    expect(await made()).toBe(plan.counts.create);
  });
});

describe("a change of settings that touches many", () => {
  let flow: Flow;
  let plan: ProposedPlan | undefined;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    const first = await flow.load();
    await flow.engine.stores.plans.approve(first.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  const status = async () => (await named(flow, "Birch"))?.organization_fields["qbo_status"];

  it("is planned with what it would change, and changes nothing by that", async () => {
    expect(await status()).toBe("qbo_status_overdue");
    plan = await flow.engine.planDesk.changeSettings(flow.connectionId, { graceDays: 30 });
    expect(plan?.counts).toMatchObject({ create: 0, update: 1, unchanged: 5 });
    expect(plan?.counts.fields).toEqual({ qbo_status: { set: 0, changed: 1, cleared: 0 } });
    await bill(flow, "2", "2026-11-03");
    expect(await status()).toBe("qbo_status_overdue");
  });

  it("applies to the tried card alone, and to the others once it is approved", async () => {
    if (!plan) throw new Error("no plan");
    await flow.engine.planDesk.tryOut(plan.id, "test");
    await flow.settled();
    expect(await status()).toBe("qbo_status_open");
    await bill(flow, "1", "2026-11-03");
    expect((await named(flow, "Alder Joinery"))?.organization_fields["qbo_status"]).toBe("qbo_status_overdue");
    // Who compares or asks why is told by the rules that hold for each of the two.
    expect(await compared(flow)).toEqual([]);
    expect(await wantedOf(flow, "customer:2", "qbo_status")).toBe("qbo_status_open");
    expect(await wantedOf(flow, "customer:1", "qbo_status")).toBe("qbo_status_overdue");
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    expect((await named(flow, "Alder Joinery"))?.organization_fields["qbo_status"]).toBe("qbo_status_open");
    expect((await flow.connection()).settings.graceDays).toBe(30);
  });

  it("goes with its restore, and what people changed since stays", async () => {
    if (!plan) throw new Error("no plan");
    const undo = await flow.engine.planDesk.proposeRestore(flow.connectionId, plan.id);
    expect(undo.change).toEqual({ kind: "restore", ofPlan: plan.id });
    expect(await status()).toBe("qbo_status_open");
    await flow.engine.stores.plans.approve(undo.id, "test");
    await eventually(async () => (await planned(flow, plan?.id ?? 0)).state === "restored", 30_000);
    await flow.settled();
    expect(await status()).toBe("qbo_status_overdue");
    expect((await flow.connection()).settings.graceDays).toBe(0);
  });

  it("of small reach is in force at once", async () => {
    expect(await flow.engine.planDesk.changeSettings(flow.connectionId, { pollMinutes: 30 })).toBeUndefined();
    expect((await flow.connection()).settings.pollMinutes).toBe(30);
  });
});
