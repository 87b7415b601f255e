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
    flow = await startFlow({ company: smallCompany(17), account: smallAccount(), today });
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

  const lookAt = (keys: string | readonly string[], mergedInto?: string) => {
    const at = new Date().toISOString();
    return flow.engine.stores.marks.mark(
      [keys].flat().map((key) => ({
        connectionId: flow.connectionId,
        kind: "record",
        key,
        priority: priorities.urgent,
        causes: [
          mergedInto === undefined
            ? { kind: "poll", at }
            : { kind: "webhook", eventId: "1", type: "qbo.customer.merged.v1", at, mergedInto },
        ],
      })),
    );
  };
  const merge = async (id: string, into: string, mergeLoser: "deleted" | "inactive" | "absent") => {
    await flow.quickbooksControl("POST", "switches", { mergeLoser });
    await flow.quickbooksControl("POST", "mutate", { entity: "Customer", operation: "merge", id, into });
  };
  /** What of ours an organization says. */
  const said = async (id: number | undefined) =>
    Object.entries((await organization(id))?.organization_fields ?? {}).filter(
      ([key, value]) => key.startsWith("qbo_") && value !== null && value !== false,
    );
  const mergedInto = (id: string) => [
    ["qbo_status", "qbo_status_merged"],
    ["qbo_key", `merged:qbo:${flow.quickbooks.realm}:customer:${id}`],
  ];

  // SPEC.md I29
  it.each([
    { loser: "1002", left: "deleted", heard: "by its event", of: "Customer:1002", into: "1003", told: true },
    { loser: "1004", left: "inactive", heard: "by its event", of: "Customer:1004", into: "1010", told: true },
    {
      loser: "1005",
      left: "deleted",
      heard: "by the change poll alone",
      of: "Customer:1005",
      into: "1012",
      told: false,
    },
    {
      loser: "1006",
      left: "inactive",
      heard: "by the change poll alone",
      of: "Customer:1006",
      into: "1013",
      told: false,
    },
    {
      loser: "1007",
      left: "absent",
      heard: "by a change of what was its document",
      of: "Invoice:1007",
      into: "1014",
      told: false,
    },
  ] as const)(
    "when QuickBooks merged the party, heard of $heard ($left): cleared, the status says merged, the key names the survivor",
    async ({ loser, left, of, into, told }) => {
      const { organizationId } = await standing(`customer:${loser}`);
      await merge(loser, into, left);
      await lookAt(of, told ? into : undefined);
      await lookAt(`Customer:${into}`);
      await flow.settled();
      expect(await said(organizationId)).toEqual(mergedInto(into));
      expect((await organization(organizationId))?.external_id).toBeNull();
    },
  );

  it("whose survivor is told later: the key follows, once", async () => {
    const { organizationId } = await standing("customer:1009");
    await flow.quickbooksControl("POST", "mutate", { entity: "Invoice", operation: "delete", id: "1009" });
    await merge("1009", "1008", "deleted");
    await lookAt(["Invoice:1009", "Customer:1009"]);
    await flow.settled();
    expect(await said(organizationId)).toEqual([["qbo_status", "qbo_status_merged"]]);
    await lookAt("Customer:1009", "1008");
    await flow.settled();
    expect(await said(organizationId)).toEqual(mergedInto("1008"));
    const writes = await flow.zendeskWrites();
    await lookAt("Customer:1009", "1008");
    await flow.settled();
    expect((await flow.zendeskWrites()) - writes).toBe(0);
  });

  it("whose survivor was merged in its turn: both name the last one", async () => {
    const former = [await standing("customer:1011"), await standing("customer:1016")];
    await merge("1016", "1011", "deleted");
    await lookAt("Customer:1016", "1011");
    await flow.settled();
    await merge("1011", "1015", "inactive");
    await lookAt("Customer:1011", "1015");
    await flow.settled();
    for (const { organizationId } of former) expect(await said(organizationId)).toEqual(mergedInto("1015"));
  });

  it("never because one document was given to another client", async () => {
    const { organizationId } = await standing("customer:1017");
    const line = { Amount: 5, DetailType: "SalesItemLineDetail", SalesItemLineDetail: {} };
    const record = { CustomerRef: { value: "1015" }, Line: [line] };
    await flow.quickbooksControl("POST", "mutate", { entity: "Invoice", operation: "update", id: "1017", record });
    await lookAt("Invoice:1017");
    await flow.settled();
    expect(await standing("customer:1017")).toMatchObject({ disposition: "linked", organizationId });
    await flow.quickbooksControl("POST", "mutate", { entity: "Customer", operation: "inactivate", id: "1017" });
    await lookAt("Customer:1017");
    await flow.settled();
    expect(await standing("customer:1017")).toMatchObject({ disposition: "linked", organizationId });
  });

  it("and the independent comparison agrees with all that is left", async () => {
    await flow.engine.sweep(flow.connectionId, "test", () => undefined);
    await flow.settled();
    const answers = [
      { party: "customer:5", kind: "create" },
      { party: "customer:8", kind: "ignore" },
    ];
    expect(await compareWithOracle(flow, before, answers)).toMatchObject({
      different: 0,
      foreignTouched: 0,
      duplicates: 0,
      differences: [],
    });
  });
});
