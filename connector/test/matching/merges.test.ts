// Two organizations that people made one in Zendesk: the client goes on where its organization went.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseOrganizationId, parsePartyKey } from "../../src/domain/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { organizations, smallAccount, smallCompany, today } from "../harness/small-world.ts";

describe("an organization that was merged in Zendesk", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(3), account: smallAccount(), today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  async function standing(party: string) {
    const all = await flow.engine.stores.overview.standings(flow.connectionId);
    return all.find(({ key }) => key === party);
  }
  const fieldsOf = async (id: number) =>
    (await flow.accountNow()).organizations.find((one) => one.id === id)?.organization_fields ?? {};
  const merge = async (loser: number, into: number) => {
    await flow.zendeskControl("POST", "mutate", { entity: "organization", operation: "merge", id: loser, into });
    // What the event of the deletion leads to.
    await flow.engine.stores.directory.markOrganizationsGone(flow.subdomain, [parseOrganizationId(loser)]);
    await flow.settled();
  };
  const idOf = async (party: string) => (await standing(party))?.organizationId ?? 0;

  it("is followed to the winner, with every party of its card, and the winner keeps its name", async () => {
    await flow.engine.stores.links.storeAnswer(
      flow.connectionId,
      parsePartyKey("customer:1001"),
      { kind: "join", with: parsePartyKey("customer:8") },
      "test",
    );
    await flow.settled();
    const loser = await idOf("customer:8");
    expect(await idOf("customer:1001")).toBe(loser);
    await merge(loser, organizations.unrelated);
    for (const party of ["customer:8", "customer:1001"])
      expect(await standing(party)).toMatchObject({ disposition: "linked", organizationId: organizations.unrelated });
    const winner = (await flow.accountNow()).organizations.find(({ id }) => id === organizations.unrelated);
    expect(winner).toMatchObject({ name: "Unrelated", external_id: null, details: "Never a client." });
    expect(winner?.organization_fields).toMatchObject({ qbo_open_amount: 55 });
    const [link] = await flow.engine.stores.links.linksOf(flow.connectionId, [parsePartyKey("customer:8")]);
    expect(link).toMatchObject({ origin: "adopted" });
    expect(link?.evidence).toContain(`organization ${loser} was merged into it in Zendesk`);
  });

  it("is followed again when the winner is merged into another one", async () => {
    await merge(organizations.unrelated, organizations.cedarSouth);
    expect(await standing("customer:8")).toMatchObject({ organizationId: organizations.cedarSouth });
    expect(await fieldsOf(organizations.cedarSouth)).toMatchObject({ qbo_open_amount: 55 });
  });

  it("is not followed where the winner shows another client: a person decides, with the winner as candidate", async () => {
    const [loser, winner] = [await idOf("customer:5"), await idOf("customer:2")];
    const shown = await fieldsOf(winner);
    await merge(loser, winner);
    expect(await standing("customer:5")).toMatchObject({ disposition: "parked", reason: "deleted-in-zendesk" });
    const found = await flow.engine.stores.links.dispositionsOf(flow.connectionId, [parsePartyKey("customer:5")]);
    expect(found.get("customer:5")).toMatchObject({ candidates: [{ organizationId: winner }] });
    expect(await fieldsOf(winner)).toEqual(shown);
    expect(await standing("customer:2")).toMatchObject({ organizationId: winner });
  });

  it("goes on where a person's answer named the loser", async () => {
    const loser = organizations.cedarNorth;
    const party = parsePartyKey("customer:3");
    await flow.engine.stores.links.storeAnswer(
      flow.connectionId,
      party,
      { kind: "link", organizationId: parseOrganizationId(loser) },
      "test",
    );
    await flow.settled();
    expect(await idOf("customer:3")).toBe(loser);
    await merge(loser, organizations.dogwoodInc);
    expect(await standing("customer:3")).toMatchObject({ organizationId: organizations.dogwoodInc });
    await flow.engine.stores.marks.mark([
      { connectionId: flow.connectionId, kind: "party", key: "customer:3", priority: 30, causes: [] },
    ]);
    await flow.settled();
    expect(await standing("customer:3")).toMatchObject({ organizationId: organizations.dogwoodInc });
  });
});
