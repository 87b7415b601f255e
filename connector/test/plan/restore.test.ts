// Undoing a plan: everything that it wrote is as it was before, nothing of anybody else's is touched, whoever is killed and when.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProposedPlan } from "../../src/sync/reconcile/index.ts";
import { type AccountDump, type DumpedOrganization, type Flow, startFlow } from "../flow/bench.ts";
import { eventually } from "../harness/index.ts";
import { organizations, smallAccount, smallCompany, today } from "../harness/small-world.ts";

/** As a person sees it: a field that is empty says as much as one that does not exist yet. */
function seen({ organizations: all }: AccountDump): unknown[] {
  return all
    .map(({ id, name, external_id, details, notes, domain_names, tags, organization_fields }) => ({
      id,
      name,
      external_id,
      details,
      notes,
      domain_names,
      tags: [...tags].sort(),
      fields: Object.fromEntries(
        Object.entries(organization_fields).filter(([, value]) => value !== null && value !== false),
      ),
    }))
    .sort((one, other) => one.id - other.id);
}

const named = async (flow: Flow, name: string): Promise<DumpedOrganization> => {
  const found = (await flow.accountNow()).organizations.find((organization) => organization.name === name);
  if (!found) throw new Error(`no organization ${name}`);
  return found;
};
const change = (flow: Flow, id: number, record: object) =>
  flow.zendeskControl("POST", "mutate", { entity: "organization", operation: "update", id, record });
const restored = (flow: Flow, plan: ProposedPlan) =>
  eventually(async () => (await flow.engine.stores.plans.read(plan.id))?.state === "restored", 60_000);
const effects = async (flow: Flow, id: number) => {
  const all = await flow.engine.stores.plans.effects(id, { limit: 10_000 });
  return new Map(all.map((effect) => [effect.organization, effect]));
};

describe("a first load that is undone", () => {
  let flow: Flow;
  let before: AccountDump;
  let plan: ProposedPlan;
  let undo: ProposedPlan;
  beforeAll(async () => {
    flow = await startFlow({
      company: smallCompany(150),
      account: { ...smallAccount(), users: [] },
      today,
      settings: { members: true },
    });
    before = await flow.accountNow();
    plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  it("is planned first: names what would go and what would stay, and writes nothing", async () => {
    const writes = await flow.zendeskWrites();
    undo = await flow.engine.planDesk.proposeRestore(flow.connectionId, plan.id);
    expect(undo.counts).toMatchObject({ remove: plan.counts.create, update: plan.counts.update, leave: 0 });
    expect((await effects(flow, undo.id)).get("Gorse Gardens")).toMatchObject({ effect: "remove" });
    expect(await flow.zendeskWrites()).toBe(writes);
  });

  it("leaves the account as it was before the load", async () => {
    flow.own();
    expect(await flow.engine.stores.plans.approve(undo.id, "test")).toBe(true);
    await restored(flow, plan);
    expect(seen(await flow.accountNow())).toEqual(seen(before));
  });

  it("leaves the connection paused, so that the next pass does not undo it", async () => {
    expect(await flow.connection()).toMatchObject({ state: "paused", pausedBy: "person:test" });
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    expect(standings.filter(({ organizationId }) => organizationId !== undefined)).toEqual([]);
  });

  it("is told in the journal, each write once", async () => {
    const rows = await flow.engine.stores.journal.search({ connectionId: flow.connectionId, limit: 1_000 });
    expect(rows.filter(({ action }) => action === "removed")).toHaveLength(plan.counts.create);
    expect(rows.filter(({ action }) => action === "restored")).toHaveLength(plan.counts.update);
  });

  it("can be planned again, as if it had never been", async () => {
    await flow.engine.stores.connections.resume(flow.connectionId, "*");
    expect((await flow.connection()).state).toBe("loading");
    const again = await flow.load();
    const { create, update, parked } = plan.counts;
    expect(again.counts).toMatchObject({ create, update, parked });
  });
});

describe("a first load that people have worked with since", () => {
  let flow: Flow;
  let plan: ProposedPlan;
  let undo: ProposedPlan;
  let ada: AccountDump["users"][number] | undefined;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    await change(flow, (await named(flow, "Gorse Gardens")).id, { tags: ["vip"], notes: "Ask for Ms Gorse." });
    await change(flow, organizations.birch, { organization_fields: { qbo_currency: "CAD" } });
    const organization_id = (await named(flow, "Elm Trading")).id;
    await flow.zendeskControl("POST", "mutate", {
      entity: "user",
      operation: "create",
      record: { name: "Ms Elm", email: "ms@elm.example", organization_id },
    });
    ada = (await flow.accountNow()).users.find(({ email }) => email === "ada@alder.example");
    expect(ada?.organization_id).toBe((await named(flow, "Alder Joinery")).id);
    undo = await flow.engine.planDesk.proposeRestore(flow.connectionId, plan.id);
    flow.own();
    await flow.engine.stores.plans.approve(undo.id, "test");
    await restored(flow, plan);
  });
  afterAll(() => flow?.close());

  it("takes the members that the plan made out first, then their organization, each with its row", async () => {
    expect((await effects(flow, undo.id)).get("Alder Joinery")).toMatchObject({ effect: "remove", state: "done" });
    const { organizations: left, users } = await flow.accountNow();
    expect(left.map(({ name }) => name)).not.toContain("Alder Joinery");
    expect(users.find(({ id }) => id === ada?.id)).toMatchObject({ organization_id: null });
    const rows = await flow.engine.stores.journal.search({ connectionId: flow.connectionId, limit: 1_000 });
    const removed = rows.filter(({ action }) => action === "member-removed");
    expect(removed).toMatchObject([{ before: { user: ada?.id }, causes: [{ kind: "person", who: "test" }] }]);
    // Our directory knows it at once: planned anew, she would become a member again.
    const known = await flow.engine.stores.directory.usersByAddresses(flow.subdomain, ["ada@alder.example"]);
    expect(known).toMatchObject([{ organizationId: undefined }]);
  });

  it("keeps organizations that somebody uses: cleared of what we wrote, and named with the reason", async () => {
    const after = await effects(flow, undo.id);
    for (const [name, why] of [
      ["Gorse Gardens", /people added (tags, notes|notes, tags)/],
      ["Elm Trading", /users or tickets/],
    ] as const) {
      expect(after.get(name)).toMatchObject({ state: "left", because: expect.stringMatching(why) });
      const left = await named(flow, name);
      expect(left.external_id).toBeNull();
      const ours = Object.entries(left.organization_fields).filter(([key]) => key.startsWith("qbo_"));
      expect(ours.filter(([, value]) => value !== null && value !== false)).toEqual([]);
    }
    expect(await named(flow, "Gorse Gardens")).toMatchObject({ tags: ["vip"], notes: "Ask for Ms Gorse." });
  });

  it("removes the others", async () => {
    const names = (await flow.accountNow()).organizations.map(({ name }) => name);
    expect(names).not.toContain("Elm Trading (EUR)");
    expect(names).not.toContain("Hazel Paper");
  });

  it("does not overwrite a value that people changed since, and says so", async () => {
    const birch = await named(flow, "Birch");
    expect(birch).toMatchObject({ external_id: "CRM-602", notes: "Ask for Ms Birch.", tags: ["gold"] });
    expect(birch.organization_fields).toMatchObject({ qbo_currency: "CAD", qbo_key: null });
    expect((await effects(flow, undo.id)).get("Birch")).toMatchObject({
      effect: "restore",
      because: "people changed qbo_currency",
    });
  });
});

describe("undoing", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
  });
  afterAll(() => flow?.close());

  it("is refused for a plan that was not applied, in words that say what to do", async () => {
    const plan = await flow.load();
    await expect(flow.engine.planDesk.proposeRestore(flow.connectionId, plan.id)).rejects.toThrow(/nothing to undo/);
    await expect(flow.engine.planDesk.proposeRestore(flow.connectionId, 999)).rejects.toThrow(/no plan 999/);
  });

  it("is refused for a plan as long as a later one stands", async () => {
    const first = await flow.engine.stores.plans.latest(flow.connectionId);
    await flow.engine.stores.plans.approve(first?.id ?? 0, "test");
    await flow.settled();
    const second = await flow.engine.planDesk.changeSettings(flow.connectionId, { graceDays: 60 });
    await flow.engine.stores.plans.approve(second?.id ?? 0, "test");
    await flow.settled();
    await expect(flow.engine.planDesk.proposeRestore(flow.connectionId, first?.id ?? 0)).rejects.toThrow(
      /undo that one first/,
    );
  });
});
