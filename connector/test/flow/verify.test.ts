import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyConnection } from "../../src/boot/verify.ts";
import { priorities } from "../../src/domain/index.ts";
import type { Difference } from "../../src/oversight/verify/index.ts";
import { organizations, smallAccount, smallCompany, today } from "../harness/small-world.ts";
import { type Flow, startFlow } from "./bench.ts";

const cause = { kind: "poll", at: "2026-11-20T10:00:00Z" } as const;

describe("verify", () => {
  let flow: Flow;

  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow.close());

  const verify = (repair = false) =>
    verifyConnection(
      {
        engine: flow.engine,
        today: flow.business.today,
        wake: async () => void flow.engine.owners.wake(flow.subdomain),
      },
      flow.connectionId,
      {
        calls: undefined,
        repair,
        who: "test",
        onProgress: () => undefined,
      },
    );
  const organizationOf = async (party: string): Promise<number> => {
    const found = (await flow.engine.stores.overview.standings(flow.connectionId)).find(({ key }) => key === party);
    if (found?.organizationId === undefined) throw new Error(`${party} is not linked`);
    return found.organizationId;
  };
  const inZendesk = (operation: string, id: number, record: object) =>
    flow.zendeskControl("POST", "mutate", { entity: "organization", operation, id, record });
  const inQuickbooks = (mutation: object) => flow.quickbooksControl("POST", "mutate", { ...mutation, silent: true });
  const brief = (differences: readonly Difference[]) =>
    differences.map(({ record, parties, what, reason }) => `${record ?? parties.join(" ")} ${what}: ${reason}`).sort();
  const parked = ["customer:3", "customer:4"].map((party) => `${party} organization-missing: parked`);

  it("finds nothing but the parked after a first load, and writes nothing", async () => {
    const writes = await flow.zendeskWrites();
    const report = await verify();
    expect(brief(report.differences)).toEqual(parked);
    expect(report.notCompared).toEqual([]);
    expect(report.cards).toEqual({ compared: 6, different: 0, parked: 2 });
    expect(report.records).toEqual({ compared: 24, different: 0 });
    expect(await flow.zendeskWrites()).toBe(writes);
  });

  it("finds each planted difference on both sides with its reason, writes nothing, and heals them with repair", async () => {
    const database = flow.store.database;
    const writes = await flow.zendeskWrites();
    // QuickBooks goes on without a word: changed, created, deleted.
    await inQuickbooks({ entity: "Invoice", operation: "update", id: "105", record: { TotalAmt: 31 } });
    await inQuickbooks({
      entity: "Invoice",
      operation: "create",
      record: { CustomerRef: { value: "5" }, TotalAmt: 7, TxnDate: today },
    });
    await inQuickbooks({ entity: "Invoice", operation: "delete", id: "106" });
    // Our copy spoils: content that QuickBooks never had, and a figure that nobody marked.
    await sql`update document set content_hash = decode('00', 'hex') where entity = 'Invoice' and id = '104'`.execute(
      database,
    );
    await sql`update document set balance = 1 where entity = 'Bill' and id = '201'`.execute(database);
    // A record that is marked already, and waits.
    await flow.engine.stores.marks.mark([
      {
        connectionId: flow.connectionId,
        kind: "record",
        key: "Invoice:102",
        priority: priorities.live,
        causes: [cause],
        delayMs: 600_000,
      },
    ]);
    await inQuickbooks({ entity: "Invoice", operation: "update", id: "102", record: { TotalAmt: 76 } });
    // Somebody works in Zendesk: one of our values, a name of ours, a deletion, a copy of our key.
    const [alder, elm, gorse] = await Promise.all(["customer:1", "customer:5", "customer:8"].map(organizationOf));
    await inZendesk("update", alder ?? 0, { organization_fields: { qbo_open_amount: 9 } });
    await inZendesk("update", elm ?? 0, { name: "Elm, renamed" });
    await inZendesk("delete", gorse ?? 0, {});
    const key = `qbo:${flow.quickbooks.realm}:customer:1`;
    await inZendesk("update", organizations.unrelated, { organization_fields: { qbo_key: key } });

    const report = await verify();
    const lines = brief(report.differences);
    expect(lines).toContain("Invoice:102 record-differs: put-off");
    expect(lines).toContain("Invoice:104 record-differs: unexplained");
    expect(lines).toContain("Invoice:105 record-differs: not-polled-yet");
    expect(lines).toContain("Invoice:106 record-gone: unexplained");
    expect(lines.filter((line) => line.includes("record-missing: not-polled-yet"))).toHaveLength(1);
    expect(lines).toContain("customer:1 fields-differ: edited-in-zendesk");
    expect(lines).toContain("customer:5 fields-differ: edited-in-zendesk");
    expect(lines).toContain("customer:8 organization-gone: edited-in-zendesk");
    expect(lines).toContain("vendor:1 fields-differ: unexplained");
    expect(lines).toContain("customer:1 stray-key: unexplained");
    for (const line of parked) expect(lines).toContain(line);
    const edited = report.differences.find(
      ({ organizationId, what }) => organizationId === alder && what !== "stray-key",
    );
    expect(edited?.fields).toEqual([{ key: "qbo_open_amount", wanted: "120", found: "9", remembered: "120" }]);
    expect(await flow.zendeskWrites()).toBe(writes);

    // Its content is QuickBooks' own as far as anybody can tell: only a read mends a spoilt figure.
    await sql`update document set content_hash = decode('00', 'hex') where entity = 'Bill' and id = '201'`.execute(
      database,
    );
    const repaired = await verify(true);
    expect(repaired.marked).toBeGreaterThan(8);
    await sql`update mark set due_at = now() where key = 'Invoice:102'`.execute(database);
    await flow.settled();
    const after = await verify();
    expect(brief(after.differences)).toEqual(
      [...parked, "customer:1 stray-key: unexplained", "customer:8 organization-missing: parked"].sort(),
    );
    expect(after.differences.find(({ parties }) => parties.includes("customer:8"))?.says).toContain(
      "deleted in Zendesk",
    );
  });

  it("knows a card whose figures change with the day from one that nothing explains", async () => {
    flow.business.move("2027-01-02");
    const report = await verify();
    const turned = report.differences.filter(({ reason }) => reason === "day-turned");
    expect(turned.length).toBeGreaterThan(0);
    expect(turned.some(({ fields }) => fields.some(({ key }) => key === "qbo_status"))).toBe(true);
    flow.business.move(today);
  });

  it("sees that a write is under way, and what was forgotten of a link", async () => {
    const database = flow.store.database;
    const [birch, hazel] = await Promise.all(["customer:2", "vendor:1"].map(organizationOf));
    await sql`insert into write (subdomain, connection_id, kind, parties, organization_id, "values", mapping_version, lane, epoch, deadline_at)
      values (${flow.subdomain}, ${flow.connectionId}, 'update', '{customer:2}', ${birch ?? 0}, '{}', 1, 'live', 0, now())`.execute(
      database,
    );
    await inZendesk("update", birch ?? 0, { organization_fields: { qbo_balance: 1 } });
    await sql`delete from link where organization_id = ${hazel ?? 0}`.execute(database);
    await sql`delete from disposition where kind = 'vendor'`.execute(database);
    const lines = brief((await verify()).differences);
    expect(lines).toContain("customer:2 fields-differ: being-written");
    expect(lines).toContain("vendor:1 standing-differs: unexplained");
    await sql`update write set closed_at = now(), state = 'lost' where closed_at is null`.execute(database);
  });
});
