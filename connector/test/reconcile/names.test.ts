// Names of organizations that we created: what happens when somebody else has one, and when two of ours change places.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { priorities } from "../../src/domain/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";

describe("the name of an organization that we created", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(6), account: smallAccount(), today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  const organizationOf = async (party: string) => {
    const found = (await flow.engine.stores.overview.standings(flow.connectionId)).find(({ key }) => key === party);
    return (await flow.accountNow()).organizations.find(({ id }) => id === found?.organizationId);
  };
  const standing = async (party: string) =>
    (await flow.engine.stores.overview.standings(flow.connectionId)).find(({ key }) => key === party);
  const change = (...mutations: object[]): Promise<{ entities: { Id: string }[] }> =>
    flow.quickbooksControl("POST", "mutate", { mutations });
  const rename = (id: string, DisplayName: string) => ({
    entity: "Customer",
    operation: "rename",
    id,
    record: { DisplayName },
  });
  const bill = (customer: string, TotalAmt: number) => ({
    entity: "Invoice",
    operation: "create",
    record: { CustomerRef: { value: customer }, TxnDate: "2026-11-02", DueDate: "2026-12-12", TotalAmt },
  });
  /** Reads these records at once, and waits until all that follows is done. */
  async function read(...keys: string[]): Promise<void> {
    const at = new Date().toISOString();
    await flow.engine.stores.marks.mark(
      keys.map((key) => ({
        connectionId: flow.connectionId,
        kind: "record",
        key,
        priority: priorities.urgent,
        causes: [{ kind: "person", who: "test", what: "look", at }],
      })),
    );
    await flow.settled();
  }
  const foreign = async (name: string) => {
    const { entity }: { entity: { id: number } } = await flow.zendeskControl("POST", "mutate", {
      entity: "organization",
      operation: "create",
      record: { name },
    });
    return entity.id;
  };
  const causes = async () => (await flow.engine.stores.incidents.open(flow.connectionId)).map(({ cause }) => cause);

  it("that a foreign organization bears stays the old one: the figures go on, and the conflict is listed", async () => {
    await change(rename("1001", "Unrelated"));
    const { entities } = await change(bill("1001", 2));
    await read("Customer:1001", `Invoice:${entities[0]?.Id}`);
    const organization = await organizationOf("customer:1001");
    expect(organization).toMatchObject({ name: "Sorrel 1001", organization_fields: { qbo_open_amount: 7 } });
    expect(await causes()).toContain(`rename-conflict:${organization?.id}`);
    expect(await standing("customer:1001")).toMatchObject({ disposition: "linked" });
  });

  it("likewise where we hear of the foreign one only from Zendesk's refusal", async () => {
    await foreign("Made a moment ago");
    await change(rename("1002", "Made a moment ago"));
    const { entities } = await change(bill("1002", 3));
    await read("Customer:1002", `Invoice:${entities[0]?.Id}`);
    const organization = await organizationOf("customer:1002");
    expect(organization).toMatchObject({ name: "Sorrel 1002", organization_fields: { qbo_open_amount: 8 } });
    expect(await causes()).toContain(`rename-conflict:${organization?.id}`);
  });

  it("changes places with another one's by way of a form with suffix, and both end with their own", async () => {
    await change(rename("1003", "For a moment"), rename("1004", "Sorrel 1003"), rename("1003", "Sorrel 1004"));
    await read("Customer:1003", "Customer:1004");
    expect((await organizationOf("customer:1003"))?.name).toBe("Sorrel 1004");
    expect((await organizationOf("customer:1004"))?.name).toBe("Sorrel 1003");
    expect((await organizationOf("customer:1003"))?.external_id).toMatch(/customer:1003$/);
  });

  it("that a foreign organization bears, of which we hear only now, is no second organization: the new client is found there", async () => {
    const id = await foreign("Just taken");
    const { entities } = await change({
      entity: "Customer",
      operation: "create",
      record: { DisplayName: "JUST  taken" },
    });
    const party = `customer:${entities[0]?.Id}`;
    await read(`Customer:${entities[0]?.Id}`);
    expect(await standing(party)).toMatchObject({ disposition: "linked", organizationId: id, origin: "adopted" });
    expect(await organizationOf(party)).toMatchObject({ name: "Just taken", external_id: null });
  });
});
