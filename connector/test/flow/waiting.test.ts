import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, parseOrganizationId, parsePartyKey } from "../../src/domain/index.ts";
import { type Flow, startFlow } from "./bench.ts";

const party = (Id: string, DisplayName: string) => ({ Id, DisplayName, Active: true, Balance: 0 });
const stamp = "2026-10-01T09:00:00-07:00";
const fresh = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp } };

/** 1 and 2 claim one organization by name; 3 and 4 claim another, and 5 is to join 3. */
const company = {
  Customer: [
    { ...party("1", "Alder"), ...fresh },
    { ...party("2", "ALDER!"), ...fresh },
    { ...party("3", "Birch"), ...fresh },
    { ...party("4", "Birch."), ...fresh },
    { ...party("5", "The other desk of Birch"), ...fresh },
  ],
};
const account = {
  organizations: [
    { id: 501, name: "alder" },
    { id: 502, name: "birch" },
  ],
};

describe("a party that waits for another one", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company, account, today: "2026-11-20" });
    const plan = await flow.load();
    await answer("customer:5", { kind: "join", with: parsePartyKey("customer:3") });
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  const answer = (who: string, what: Answer) =>
    flow.engine.stores.links.storeAnswer(flow.connectionId, parsePartyKey(who), what, "test");
  const standingOf = async (who: string) => {
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    return standings.find(({ key }) => key === who);
  };

  it("waits while neither is answered for", async () => {
    for (const each of ["customer:1", "customer:2", "customer:3", "customer:4", "customer:5"])
      expect(await standingOf(each)).toMatchObject({ disposition: "parked", reason: "several-parties" });
  });

  it("takes the organization as soon as its only rival is ignored", async () => {
    await answer("customer:2", { kind: "ignore" });
    await flow.settled();
    expect(await standingOf("customer:2")).toMatchObject({ disposition: "ignored" });
    expect(await standingOf("customer:1")).toMatchObject({ disposition: "linked", organizationId: 501 });
  });

  it("joins the other as soon as that one has an organization", async () => {
    await answer("customer:3", { kind: "link", organizationId: parseOrganizationId(502) });
    await flow.settled();
    expect(await standingOf("customer:3")).toMatchObject({ disposition: "linked", organizationId: 502 });
    expect(await standingOf("customer:5")).toMatchObject({ disposition: "linked", organizationId: 502 });
  });

  it("gets an organization of its own once the one that it claimed is another's", async () => {
    expect(await standingOf("customer:4")).toMatchObject({ disposition: "linked", origin: "created" });
  });
});
