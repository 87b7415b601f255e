// What becomes of a card whose organization people deleted in Zendesk, where the operator wants it made anew.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { priorities } from "../../src/domain/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";

// SPEC.md I26.
describe("an organization that is gone in Zendesk", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(6), account: smallAccount(), today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  async function standing(party: string) {
    const found = (await flow.engine.stores.overview.standings(flow.connectionId)).find(({ key }) => key === party);
    if (!found) throw new Error(`there is no ${party}`);
    return found;
  }
  const organization = async (id: number | undefined) =>
    (await flow.accountNow()).organizations.find((one) => one.id === id);
  const count = async () => (await flow.accountNow()).organizations.length;
  const edit = (mutation: object) => flow.zendeskControl("POST", "mutate", { entity: "organization", ...mutation });

  /** One more invoice, read at once: its write meets the 404. */
  async function bill(customer: string): Promise<void> {
    const { entity }: { entity: { Id: string } } = await flow.quickbooksControl("POST", "mutate", {
      entity: "Invoice",
      operation: "create",
      record: { CustomerRef: { value: customer }, TxnDate: "2026-11-02", DueDate: "2026-12-12", TotalAmt: 1 },
    });
    await flow.engine.stores.marks.mark([
      {
        connectionId: flow.connectionId,
        kind: "record",
        key: `Invoice:${entity.Id}`,
        priority: priorities.urgent,
        causes: [{ kind: "person", who: "test", what: "look", at: new Date().toISOString() }],
      },
    ]);
    await flow.settled();
  }

  it("because it was deleted, is made anew where the operator wants that, at most once in 24 hours", async () => {
    await flow.engine.stores.connections.saveSettings(flow.connectionId, { deletedInZendesk: "recreate" });
    const { organizationId: first } = await standing("customer:1004");
    await edit({ operation: "delete", id: first });
    await bill("1004");
    const again = await standing("customer:1004");
    expect(again).toMatchObject({ disposition: "linked", origin: "created" });
    expect(again.organizationId).not.toBe(first);
    expect((await organization(again.organizationId))?.organization_fields).toMatchObject({ qbo_open_amount: 6 });
    const before = await count();
    await edit({ operation: "delete", id: again.organizationId });
    await bill("1004");
    expect(await standing("customer:1004")).toMatchObject({ disposition: "parked", reason: "deleted-in-zendesk" });
    expect(await count()).toBe(before - 1);
  });
});
