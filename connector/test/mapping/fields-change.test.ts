import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MappingRow, priorities } from "../../src/domain/index.ts";
import { defaultMapping } from "../../src/rules/mapping/index.ts";
import { everyoneKey } from "../../src/sync/marks/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";
import { changeMapping, mappingWith } from "./change-mapping.ts";

interface FieldRow {
  id: number;
  key: string;
  custom_field_options?: { name: string; value: string }[];
}

describe("what becomes wrong with a mapping after it was saved", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "Ada");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  const fieldsOf = async (party: string) => {
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    const id = standings.find(({ key }) => key === party)?.organizationId;
    return (await flow.accountNow()).organizations.find((each) => each.id === id)?.organization_fields ?? {};
  };
  const incidentOf = async (cause: string) =>
    (await flow.engine.stores.incidents.open(flow.connectionId)).find((incident) => incident.cause === cause);
  const fieldRow = async (key: string) => {
    const { organization_fields: rows } = (await flow.zendeskControl("GET", "state")) as {
      organization_fields: FieldRow[];
    };
    const row = rows.find((each) => each.key === key);
    if (!row) throw new Error(`no field ${key}`);
    return row;
  };
  const changeField = (operation: string, id: number, record: object = {}) =>
    flow.zendeskControl("POST", "mutate", { entity: "organization_field", operation, id, record });
  /** As the hourly upkeep does. */
  const recheck = () => flow.engine.recheckFields(flow.subdomain);
  const owes = async (id: string, TotalAmt: number) => {
    await flow.quickbooksControl("POST", "mutate", {
      entity: "Invoice",
      operation: "update",
      id,
      record: { TotalAmt },
    });
    await flow.engine.sweep(flow.connectionId, "test", () => undefined);
    await flow.settled();
  };
  const decideAll = async () => {
    const causes = [{ kind: "person" as const, who: "Ada", what: "test", at: "2026-11-20T00:00:00Z" }];
    const key = everyoneKey;
    await flow.engine.stores.marks.mark([
      { connectionId: flow.connectionId, kind: "party", key, priority: priorities.background, causes },
    ]);
    await flow.settled();
  };

  it("a deleted field is left alone with an incident that names it, and the others go on", async () => {
    await changeField("delete", (await fieldRow("qbo_terms")).id);
    await recheck();
    expect(await incidentOf("fields-differ")).toMatchObject({
      says: expect.stringContaining("qbo_terms is not there any more"),
    });
    await owes("108", 51);
    expect(await fieldsOf("customer:8")).toMatchObject({ qbo_open_amount: 51 });
  });

  it("costs no write after write: what cannot be stored is not sent", async () => {
    const writes = await flow.zendeskWrites();
    await decideAll();
    expect(await flow.zendeskWrites()).toBe(writes);
  });

  it("another mapping that does without the field ends the incident by itself", async () => {
    const rows = defaultMapping.rows.filter(({ target }) => target.key !== "qbo_terms");
    await changeMapping(flow, mappingWith({ rows }));
    await flow.settled();
    expect(await incidentOf("fields-differ")).toBeUndefined();
  });

  it("a removed option is left out alone: other values of the field go on, and it returns with the option", async () => {
    const { id, custom_field_options: options = [] } = await fieldRow("qbo_status");
    const without = options.filter(({ value }) => value !== "qbo_status_overdue");
    await changeField("update", id, { custom_field_options: without });
    await recheck();
    expect(await incidentOf("fields-differ")).toMatchObject({
      says: expect.stringContaining("qbo_status lacks the options qbo_status_overdue"),
    });
    await flow.quickbooksControl("POST", "mutate", {
      entity: "Invoice",
      operation: "update",
      id: "105",
      record: { DueDate: "2026-11-01", TotalAmt: 30 },
    });
    await owes("104", 21);
    expect(await fieldsOf("customer:5")).toMatchObject({ qbo_overdue_amount: 30 });
    expect((await fieldsOf("customer:5"))["qbo_status"]).not.toBe("qbo_status_overdue");
    expect((await fieldsOf("customer:8"))["qbo_status"]).toBe("qbo_status_open");
    await changeField("update", id, { custom_field_options: options });
    await recheck();
    await flow.settled();
    expect(await incidentOf("fields-differ")).toBeUndefined();
    expect((await fieldsOf("customer:5"))["qbo_status"]).toBe("qbo_status_overdue");
  });

  it("a row that fails for a client leaves its field as it is, with an incident that says why; the client's other fields go on", async () => {
    const row: MappingRow = {
      target: { key: "qbo_ratio", type: "decimal", title: "Late share", description: "" },
      value: { expression: "customer.overdue / customer.open" },
      when: "card.relation == 'customer'",
    };
    await changeMapping(
      flow,
      mappingWith({ rows: [...defaultMapping.rows.filter(({ target }) => target.key !== "qbo_terms"), row] }),
    );
    await flow.settled();
    expect(await fieldsOf("customer:5")).toMatchObject({ qbo_ratio: 1 });
    expect(await incidentOf("mapping-row:qbo_ratio")).toBeUndefined();
    await owes("108", 0);
    expect(await fieldsOf("customer:8")).toMatchObject({ qbo_open_amount: 0, qbo_ratio: 0 });
    expect((await incidentOf("mapping-row:qbo_ratio"))?.says).toMatch(/division by zero.*mapping preview customer:8/);
  });
});
