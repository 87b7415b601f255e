// What becomes of a link when its organization, or its reason, is taken away.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, parsePartyKey, priorities } from "../../src/domain/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { compareWithOracle } from "../flow/compare.ts";
import { organizations, smallAccount, smallCompany, today } from "../harness/small-world.ts";

describe("a link ends", () => {
  let flow: Flow;
  let before: unknown;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(3), account: smallAccount(), today });
    before = await flow.zendeskControl("GET", "state");
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  async function standing(party: string) {
    const all = await flow.engine.stores.overview.standings(flow.connectionId);
    const found = all.find(({ key }) => key === party);
    if (!found) throw new Error(`there is no ${party}`);
    return found;
  }
  const answer = (party: string, given: Answer) =>
    flow.engine.stores.links.storeAnswer(flow.connectionId, parsePartyKey(party), given, "test");
  const undo = (party: string) => flow.engine.stores.links.undoAnswer(flow.connectionId, parsePartyKey(party), "test");
  const organization = async (id: number | undefined) =>
    (await flow.accountNow()).organizations.find((one) => one.id === id);
  const deleteInZendesk = (id: number | undefined) =>
    flow.zendeskControl("POST", "mutate", { entity: "organization", operation: "delete", id });
  const rows = async (party: string) =>
    (await flow.engine.stores.journal.search({ connectionId: flow.connectionId, party, limit: 100 })).map(
      ({ action }) => action,
    );

  /** One more invoice, read at once. */
  async function bill(customer: string): Promise<void> {
    const { entity } = await flow.quickbooksControl("POST", "mutate", {
      entity: "Invoice",
      operation: "create",
      record: { CustomerRef: { value: customer }, TxnDate: "2026-11-02", DueDate: "2026-12-12", TotalAmt: 1 },
    });
    await flow.engine.stores.marks.mark([
      {
        connectionId: flow.connectionId,
        kind: "record",
        key: `Invoice:${(entity as { Id: string }).Id}`,
        priority: priorities.urgent,
        causes: [{ kind: "person", who: "test", what: "look", at: new Date().toISOString() }],
      },
    ]);
    await flow.settled();
  }

  it("when a person deletes the organization: its party waits for an answer, and nothing is created in its place", async () => {
    const { organizationId } = await standing("customer:5");
    await deleteInZendesk(organizationId);
    const count = (await flow.accountNow()).organizations.length;
    await bill("5");
    expect(await standing("customer:5")).toMatchObject({
      disposition: "parked",
      reason: "deleted-in-zendesk",
      organizationId: undefined,
    });
    expect((await flow.accountNow()).organizations).toHaveLength(count);
    expect(await rows("customer:5")).toEqual(["unlinked", "created"]);
    expect(await compareWithOracle(flow, before)).toMatchObject({ different: 0, duplicates: 0, differences: [] });

    await answer("customer:5", { kind: "create" });
    await flow.settled();
    const again = await standing("customer:5");
    expect(again).toMatchObject({ disposition: "linked", origin: "created" });
    expect(again.organizationId).not.toBe(organizationId);
    expect(await organization(again.organizationId)).toMatchObject({
      name: "Elm Trading",
      external_id: `qbo:${flow.quickbooks.realm}:customer:5`,
      organization_fields: { qbo_open_amount: 31 },
    });
  });

  it("when a party is ignored whose organization a person has deleted: it is ignored, and nothing is left to do", async () => {
    await deleteInZendesk((await standing("customer:8")).organizationId);
    await answer("customer:8", { kind: "ignore" });
    await flow.settled();
    expect(await standing("customer:8")).toMatchObject({ disposition: "ignored", organizationId: undefined });
  });

  it("for each party of a shared card when a person deletes it; the one who was to leave it is decided anew", async () => {
    const own = await standing("customer:1001");
    await answer("customer:1001", { kind: "join", with: parsePartyKey("customer:1") });
    await flow.settled();
    const { organizationId } = await standing("customer:1");
    expect(await standing("customer:1001")).toMatchObject({ organizationId });
    await deleteInZendesk(organizationId);
    await undo("customer:1001");
    await flow.settled();
    expect(await standing("customer:1")).toMatchObject({ disposition: "parked", reason: "deleted-in-zendesk" });
    // The organization that it had before bears its name still.
    expect(await standing("customer:1001")).toEqual({ ...own, origin: "adopted" });
  });

  it("when the person's answer is taken back: fields and key go from the organization in the same step", async () => {
    await answer("customer:3", { kind: "link", organizationId: organizations.cedarNorth as never });
    await flow.settled();
    expect((await organization(organizations.cedarNorth))?.organization_fields).toMatchObject({ qbo_open_amount: 10 });
    const writes = await flow.zendeskWrites();
    await undo("customer:3");
    await flow.settled();
    expect((await flow.zendeskWrites()) - writes).toBe(1);
    const ours = Object.entries((await organization(organizations.cedarNorth))?.organization_fields ?? {}).filter(
      ([key, value]) => key.startsWith("qbo_") && value !== null && value !== false,
    );
    expect(ours).toEqual([]);
    expect(await standing("customer:3")).toMatchObject({ disposition: "parked", reason: "several-organizations" });
    expect((await rows("customer:3")).slice(0, 2)).toEqual(["parked", "cleared"]);
  });

  it("when QuickBooks has the party no more: what we wrote is cleared and the status says merged", async () => {
    const { organizationId } = await standing("customer:1002");
    await flow.quickbooksControl("POST", "mutate", {
      entity: "Customer",
      operation: "merge",
      id: "1002",
      into: "1003",
    });
    const causes = [{ kind: "person" as const, who: "test", what: "look", at: new Date().toISOString() }];
    await flow.engine.stores.marks.mark([
      { connectionId: flow.connectionId, kind: "record", key: "Customer:1002", priority: priorities.urgent, causes },
      { connectionId: flow.connectionId, kind: "record", key: "Customer:1003", priority: priorities.urgent, causes },
    ]);
    await flow.settled();
    const left = Object.entries((await organization(organizationId))?.organization_fields ?? {}).filter(
      ([key, value]) => key.startsWith("qbo_") && value !== null && value !== false,
    );
    expect(left).toEqual([["qbo_status", "qbo_status_merged"]]);
  });
});
