// The setting `families`: whose card a sub-customer or a project belongs to, from the first load on and when it is changed, tried, undone
// and changed back. What the account holds then is computed again by the comparison program.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { priorities } from "../../src/domain/index.ts";
import { type AccountDump, type Flow, startFlow } from "../flow/bench.ts";
import { eventually } from "../harness/index.ts";
import { familyAccount, familyCompany, organizations } from "./company.ts";
import { change, differences, letMinutesPass, propose, seen, standings, today, undo, verified } from "./steps.ts";

async function lookAtEverybody(flow: Flow): Promise<void> {
  await flow.engine.stores.marks.mark([
    {
      connectionId: flow.connectionId,
      kind: "party",
      key: "*",
      priority: priorities.background,
      causes: [{ kind: "person", who: "test", what: "sync --all", at: new Date().toISOString() }],
    },
  ]);
  await flow.settled();
}

const rolledUp = {
  "customer:1": "Alder Joinery",
  "customer:2": "customer:1",
  "customer:3": "customer:1",
  "customer:4": "customer:1",
  "customer:5": "customer:1",
  "customer:12": "customer:1",
  "customer:6": "Birch",
  "customer:7": "customer:6",
  "customer:8": "Elm Trading",
};
const separate = {
  "customer:1": "Alder Joinery",
  "customer:2": "Alder Joinery / Workshop",
  "customer:3": "Alder Joinery / Workshop / Cellar",
  "customer:4": "Alder Joinery / Kitchen 2026",
  "customer:5": "Alder Joinery / Kitchen 2026 / Phase two",
  "customer:12": "Alder Joinery / Workshop / Annex",
  "customer:6": "Birch",
  "customer:7": "Birch Works / Yard",
  "customer:8": "Elm Trading",
};
const withoutProjects = {
  ...rolledUp,
  "customer:4": "out-of-scope",
  "customer:5": "out-of-scope",
  "customer:12": "out-of-scope",
};

describe("families that roll up, and are taken apart later", () => {
  let flow: Flow;
  let before: AccountDump;
  let loaded: AccountDump;
  beforeAll(async () => {
    flow = await startFlow({ company: familyCompany(), account: familyAccount(), today });
    before = await flow.accountNow();
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    loaded = await flow.accountNow();
  });
  afterAll(() => flow?.close());

  it("change nothing before the plan is approved", async () => {
    expect(await standings(flow)).toEqual(rolledUp);
    expect(await differences(flow, before)).toEqual([]);
    const writes = await flow.zendeskWrites();
    const plan = await propose(flow, "separate");
    expect(plan.counts).toMatchObject({ create: 6, clear: 0, rolledUp: 0, parties: 10 });
    await lookAtEverybody(flow);
    expect(await standings(flow)).toEqual(rolledUp);
    expect(await flow.zendeskWrites()).toBe(writes);
  });

  it("are tried a whole family at a time, and stay so whoever is looked at", async () => {
    const plan = await propose(flow, "separate");
    const { effects } = plan;
    const inAlder = effects.filter(({ card }) => card === "customer:1").map(({ party }) => party);
    expect(inAlder.toSorted()).toEqual(
      Object.keys(separate)
        .filter((key) => separate[key as keyof typeof separate].startsWith("Alder"))
        .toSorted(),
    );
    expect(await flow.engine.stores.plans.tryOut(plan.id, ["customer:1"], "test")).toBe(true);
    await flow.settled();
    const tried = { ...separate, "customer:7": "customer:6" };
    expect(await standings(flow)).toEqual(tried);
    const writes = await flow.zendeskWrites();
    await lookAtEverybody(flow);
    expect(await standings(flow)).toEqual(tried);
    expect(await flow.zendeskWrites()).toBe(writes);
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    expect(await standings(flow)).toEqual(separate);
    expect(await differences(flow, before, loaded)).toEqual([]);
    await undo(flow, plan);
  });

  it("are put together again by undoing it, with nothing left of it", async () => {
    expect(await standings(flow)).toEqual(rolledUp);
    expect(await differences(flow, before, loaded)).toEqual([]);
    expect((await flow.connection()).settings.families).toBe("roll-up");
    const names = (await flow.accountNow()).organizations.map(({ name }) => name);
    expect(names.filter((name) => name.includes(" / "))).toEqual([]);
  });

  it("leave projects out, with what is below them, and get them back by undoing it", async () => {
    const now = seen(await flow.accountNow());
    const plan = await change(flow, "without-projects");
    expect(await standings(flow)).toEqual(withoutProjects);
    expect(await differences(flow, before, loaded)).toEqual([]);
    expect(await verified(flow)).toEqual([]);
    await undo(flow, plan);
    expect(await standings(flow)).toEqual(rolledUp);
    expect(seen(await flow.accountNow())).toEqual(now);
  });

  it("follow a sub-customer that becomes a project, and one that is put under another customer", async () => {
    await change(flow, "without-projects");
    await flow.quickbooksControl("POST", "mutate", {
      mutations: [
        { entity: "Customer", operation: "update", id: "2", record: { IsProject: true } },
        { entity: "Customer", operation: "update", id: "7", record: { ParentRef: { value: "8" } } },
      ],
    });
    await letMinutesPass(flow);
    await flow.engine.sweep(flow.connectionId, "test", () => undefined);
    await flow.settled();
    expect(await standings(flow)).toEqual({
      ...withoutProjects,
      "customer:2": "out-of-scope",
      "customer:3": "out-of-scope",
      "customer:7": "customer:8",
    });
    expect(await differences(flow, before, loaded)).toEqual([]);
  });
});

describe("families that are separate from the first load on", () => {
  let flow: Flow;
  let before: AccountDump;
  beforeAll(async () => {
    flow = await startFlow({
      company: familyCompany(),
      account: familyAccount(),
      today,
      settings: { families: "separate", contacts: true },
    });
    before = await flow.accountNow();
    const plan = await flow.load();
    expect(plan.counts.usersToCreate).toBe(1);
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    await eventually(async () => (await flow.accountNow()).users.some(({ name }) => name === "Yard"));
  });
  afterAll(() => flow?.close());

  it("have an organization for each, named with its parents, with its own figures alone", async () => {
    expect(await standings(flow)).toEqual(separate);
    expect(await differences(flow, before)).toEqual([]);
    expect(await verified(flow)).toEqual([]);
  });

  it("give a user whose address a project shares to the customer alone", async () => {
    const { users, organizations: all } = await flow.accountNow();
    const alder = all.find(({ name }) => name === "Alder Joinery");
    expect(users.find(({ id }) => id === 801)?.organization_id).toBe(alder?.id);
  });

  it("follow a rename of the parent", async () => {
    await flow.quickbooksControl("POST", "mutate", {
      mutations: [{ entity: "Customer", operation: "rename", id: "2", record: { DisplayName: "Works" } }],
    });
    await letMinutesPass(flow);
    await flow.engine.sweep(flow.connectionId, "test", () => undefined);
    await flow.settled();
    expect(await standings(flow)).toMatchObject({ "customer:3": "Alder Joinery / Works / Cellar" });
    expect(await differences(flow, before)).toEqual([]);
  });

  it("leave their organizations cleared, not deleted, when they roll up; undoing it gives them back to the letter", async () => {
    const now = await flow.accountNow();
    const plan = await change(flow, "roll-up");
    expect(plan.counts).toMatchObject({ create: 0, clear: 6, rolledUp: 6 });
    expect(await standings(flow)).toEqual(rolledUp);
    expect(await differences(flow, before, now)).toEqual([]);
    const left = (await flow.accountNow()).organizations.filter(({ name }) => name.includes(" / "));
    expect(
      left.map(({ external_id, organization_fields }) => [external_id, organization_fields["qbo_status"]]),
    ).toEqual(Array.from({ length: 6 }, () => [null, null]));
    await undo(flow, plan);
    expect(seen(await flow.accountNow())).toEqual(seen(now));
    expect(await differences(flow, before, now)).toEqual([]);
  });

  it("clear those of projects alone when projects are left out", async () => {
    const now = await flow.accountNow();
    await change(flow, "without-projects");
    expect(await standings(flow)).toEqual(withoutProjects);
    expect(await differences(flow, before, now)).toEqual([]);
  });

  it("find their organizations again by name when they are taken apart once more", async () => {
    const now = await flow.accountNow();
    await change(flow, "separate");
    expect(await standings(flow)).toMatchObject({ "customer:4": "Alder Joinery / Kitchen 2026" });
    expect(await differences(flow, before, now)).toEqual([]);
    expect((await flow.accountNow()).organizations).toHaveLength(now.organizations.length);
  });

  it("touch nothing of anybody else's on the way", async () => {
    const mine = ({ organizations: all }: AccountDump) => all.find(({ id }) => id === organizations.unrelated);
    expect(mine(await flow.accountNow())).toMatchObject({ name: "Unrelated", details: "Never a client." });
  });
});
