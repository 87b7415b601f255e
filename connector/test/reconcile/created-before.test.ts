import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Flow, startFlow } from "../flow/bench.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";

// SPEC.md I12.
describe("an organization that bears our key and that we do not know", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(8), account: smallAccount(), today });
  });
  afterAll(() => flow.close());

  it("is taken by its key when a job refuses to create it again, whatever it holds", async () => {
    const plan = await flow.load();
    // As a write of ours leaves it that arrived after we had looked for it.
    const external_id = `qbo:${flow.quickbooks.realm}:customer:1003`;
    const record = { name: "Sorrel 1003", external_id, notes: "Somebody wrote here." };
    const { entity }: { entity: { id: number } } = await flow.zendeskControl("POST", "mutate", {
      entity: "organization",
      operation: "create",
      record,
    });
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    expect(standings.find(({ key }) => key === "customer:1003")).toMatchObject({
      disposition: "linked",
      organizationId: entity.id,
      origin: "created",
    });
    const { organizations } = await flow.accountNow();
    expect(organizations.filter((one) => one.external_id === external_id)).toMatchObject([
      { id: entity.id, notes: "Somebody wrote here.", organization_fields: { qbo_open_amount: 5 } },
    ]);
  });
});
