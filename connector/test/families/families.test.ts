// The setting `families`: whose card a sub-customer or a project belongs to, from the first load on and when it is changed, tried, undone
// and changed back. What the account holds then is computed again by the comparison program.
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Families, priorities } from "../../src/domain/index.ts";
import type { ProposedPlan } from "../../src/sync/reconcile/index.ts";
import { type AccountDump, type Flow, startFlow } from "../flow/bench.ts";
import { eventually } from "../harness/index.ts";
import { compare } from "../oracle/compare.ts";
import { readInput } from "../oracle/input.ts";
import { familyAccount, familyCompany, organizations } from "./company.ts";

const today = "2026-11-20";

/** Whoever became a member stays one: `membersOf` is the account before the latest change of the setting. */
async function differences(flow: Flow, accountBefore: AccountDump, membersOf = accountBefore) {
  const { users, organization_memberships } = membersOf;
  const { settings } = await flow.connection();
  const verdict = compare(
    readInput({
      company: await flow.quickbooksControl("GET", "state"),
      account: await flow.accountNow(),
      accountBefore: { ...accountBefore, users, organization_memberships },
      connector: {
        realm: flow.quickbooks.realm,
        appUrl: "https://qbo.intuit.com",
        zone: flow.zone,
        today,
        settings: { ...settings, tolerance: settings.tolerance.toFixed() },
        parties: await flow.engine.stores.overview.standings(flow.connectionId),
        answers: [],
      },
    }),
  );
  return verdict.differences;
}

/** `customer:2`: its standing, and the name of its organization. */
async function standings(flow: Flow): Promise<Record<string, string>> {
  const { organizations: all } = await flow.accountNow();
  const nameOf = new Map(all.map(({ id, name }) => [id, name]));
  const found = await flow.engine.stores.overview.standings(flow.connectionId);
  return Object.fromEntries(
    found
      .filter(({ key }) => key.startsWith("customer:"))
      .map(({ key, disposition, organizationId, into }) => [
        key,
        organizationId === undefined ? (into ?? disposition) : (nameOf.get(organizationId) ?? "gone"),
      ]),
  );
}

/** As a person sees it: a field that is empty says as much as one that does not exist yet. */
function seen({ organizations: all }: AccountDump): unknown[] {
  return all
    .map(({ id, name, external_id, notes, tags, organization_fields }) => ({
      id,
      name,
      external_id,
      notes,
      tags: [...tags].sort(),
      fields: Object.fromEntries(
        Object.entries(organization_fields).filter(([, value]) => value !== null && value !== false),
      ),
    }))
    .sort((one, other) => one.id - other.id);
}

async function propose(flow: Flow, families: Families): Promise<ProposedPlan> {
  const plan = await flow.engine.planDesk.changeSettings(flow.connectionId, { families });
  if (!plan) throw new Error("a plan was expected");
  return plan;
}

/** What was written in the last minute is written again slowly: see `writePace`. */
async function letMinutesPass(flow: Flow): Promise<void> {
  await sql`update write set intended_at = intended_at - interval '1 hour'`.execute(flow.store.database);
}

async function change(flow: Flow, families: Families): Promise<ProposedPlan> {
  await letMinutesPass(flow);
  const plan = await propose(flow, families);
  expect(await flow.engine.stores.plans.approve(plan.id, "test")).toBe(true);
  await flow.settled();
  return plan;
}

async function undo(flow: Flow, plan: ProposedPlan): Promise<void> {
  await letMinutesPass(flow);
  const back = await flow.engine.planDesk.proposeRestore(flow.connectionId, plan.id);
  expect(await flow.engine.stores.plans.approve(back.id, "test")).toBe(true);
  await eventually(async () => (await flow.engine.stores.plans.read(plan.id))?.state === "restored", 30_000);
  await flow.settled();
}

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
      settings: { families: "separate" },
    });
    before = await flow.accountNow();
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  it("have an organization for each, named with its parents, with its own figures alone", async () => {
    expect(await standings(flow)).toEqual(separate);
    expect(await differences(flow, before)).toEqual([]);
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
