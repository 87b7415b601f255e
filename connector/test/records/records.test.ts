// Invoices and bills as records of custom objects: from connecting to the day on which they are kept no longer.
import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { parseOrganizationId } from "../../src/domain/index.ts";
import { familyAccount, familyCompany } from "../families/company.ts";
import { eventually } from "../harness/index.ts";
import { organizations, smallAccount, smallCompany } from "../harness/small-world.ts";
import { startWorld, type World } from "../switches/world.ts";

interface HeldRecord {
  id: string;
  name: string;
  external_id: string;
  custom_object_key: string;
  custom_object_fields: Record<string, unknown>;
}

const others = 20;
let world: World;
afterEach(() => world.close());

async function start(more: Partial<Parameters<typeof startWorld>[0]> = {}): Promise<void> {
  world = await startWorld({
    company: smallCompany(others),
    account: smallAccount(),
    settings: { records: "objects" },
    webhooks: { aggregationMs: 50 },
    ...more,
  });
}

async function load(): Promise<void> {
  await world.connect();
  await world.approve();
  await world.quiet();
}

async function records(): Promise<HeldRecord[]> {
  const state: { custom_object_records: HeldRecord[] } = await world.zendeskControl("GET", "state");
  return state.custom_object_records;
}

async function record(externalId: string): Promise<HeldRecord | undefined> {
  return (await records()).find((one) => one.external_id === `qbo:${world.realm}:${externalId}`);
}

async function allRight(): Promise<void> {
  const verdict = await world.verdict();
  expect(verdict.differences, world.said()).toEqual([]);
}

const recordCalls = async (since = 0) =>
  (await world.calls(since)).filter(({ operation }) => operation === "CustomObjectRecordBulkJobs");
const externalIdsIn = (body: unknown): string[] =>
  (body as { job: { items: { external_id: string }[] } }).job.items.map((item) => item.external_id);
const newest = async () => (await world.calls()).at(-1)?.seq ?? 0;

const invoice = (customer: string, TotalAmt: number, more: object = {}) => ({
  entity: "Invoice",
  operation: "create",
  record: { CustomerRef: { value: customer }, TxnDate: "2026-11-01", DueDate: "2026-12-01", TotalAmt, ...more },
});
const payment = (customer: string, TotalAmt: number, TxnId: string) => ({
  entity: "Payment",
  operation: "create",
  record: {
    CustomerRef: { value: customer },
    TotalAmt,
    Line: [{ Amount: TotalAmt, LinkedTxn: [{ TxnId, TxnType: "Invoice" }] }],
  },
});

describe("invoices and bills as records", () => {
  it("are made with the first load, in jobs of a hundred, and cost nothing while nothing changes", async () => {
    await start();
    await world.connect();
    const planned = (await world.application.plans.latest(world.connection()))?.counts;
    await world.approve();
    await world.quiet();
    await allRight();
    expect(planned?.recordsToWrite).toBe((await records()).length);
    const alder = await record("invoice:101");
    expect(alder?.custom_object_key).toBe("qbo_invoice");
    expect(alder?.custom_object_fields).toMatchObject({ status: "qbo_document_open", total: 120, currency: "USD" });
    expect((await records()).filter((one) => one.custom_object_key === "qbo_bill").length).toBeGreaterThan(0);
    expect((await recordCalls()).length).toBeLessThanOrEqual(4);
    const seq = await newest();
    await world.sweep();
    await world.quiet();
    expect(await recordCalls(seq)).toEqual([]);
  });

  it("follow what happens to documents: paid in part, voided, deleted, new, of a renamed or merged customer", async () => {
    await start();
    await load();
    await world.change(
      payment("2", 25.5, "102"),
      { entity: "Invoice", operation: "void", id: "1003" },
      { entity: "Invoice", operation: "delete", id: "1007" },
      { entity: "Customer", operation: "rename", id: "8", record: { DisplayName: "Gorse Gardens North" } },
      { entity: "Customer", operation: "merge", id: "1005", into: "1006" },
      invoice("1011", 7, { DueDate: "2026-11-02" }),
    );
    await world.quiet();
    // The deletion of a document moves its customer's own time, of which QuickBooks sends no event.
    await world.sweep();
    await world.quiet();
    await allRight();
    expect((await record("invoice:102"))?.custom_object_fields).toMatchObject({
      status: "qbo_document_overdue",
      balance: 50,
    });
    expect(await record("invoice:1003")).toBeUndefined();
    expect(await record("invoice:1007")).toBeUndefined();
  });

  it("go with their card when a person links its party elsewhere, and vanish with the organization", async () => {
    await start({ zendeskSwitches: { checkLookups: false, deletedTargets: "kept", recordListLagMs: 1_500 } });
    await load();
    const before = await record("invoice:1002");
    const { organizationId } = await world.standing("customer:1002");
    expect(before?.custom_object_fields["organization"]).toBe(String(organizationId));
    await world.engine.stores.links.storeAnswer(
      world.connection(),
      { kind: "customer", id: "1002" },
      { kind: "link", organizationId: parseOrganizationId(organizations.unrelated) },
      "test",
    );
    await world.application.requestMark(world.connection(), [{ kind: "customer", id: "1002" }], "test", "replay");
    await world.wake();
    await eventually(async () => (await world.standing("customer:1002")).organizationId === organizations.unrelated);
    await world.quiet();
    expect((await record("invoice:1002"))?.id).toBe(before?.id);
    expect((await record("invoice:1002"))?.custom_object_fields["organization"]).toBe(String(organizations.unrelated));

    const doomed = await world.standing("customer:1008");
    await world.subscribed();
    await world.edit({ entity: "organization", operation: "delete", id: doomed.organizationId });
    await world.quiet();
    await eventually(async () => (await world.standing("customer:1008")).disposition === "parked");
    await world.quiet();
    expect(await record("invoice:1008")).toBeUndefined();
  });

  it("follow whose card a sub-customer belongs to, and vanish with projects that are left out", async () => {
    await start({
      company: familyCompany(),
      account: familyAccount(),
      settings: { records: "objects", families: "separate" },
    });
    await load();
    await allRight();
    expect(await record("invoice:104")).toBeDefined();
    await world.apply(await world.proposeSettings({ families: "without-projects" }));
    await world.quiet();
    expect(await record("invoice:104")).toBeUndefined();
    expect(await record("invoice:103")).toBeDefined();
    const { differences } = await world.verdict();
    // Whoever became a member of a sub-customer's organization stays one.
    expect(
      differences.filter(({ what }) => !what.startsWith("memberships")),
      world.said(),
    ).toEqual([]);
  });

  it("become overdue, and are kept no longer, by the day alone", async () => {
    await start({ settings: { records: "objects", recordDays: 5 } });
    await load();
    await world.change(payment("1", 120, "101"));
    await world.quiet();
    const [paid, open] = [await record("invoice:101"), await record("invoice:1001")];
    expect(paid?.custom_object_fields["status"]).toBe("qbo_document_paid");
    expect(open?.custom_object_fields["status"]).toBe("qbo_document_open");
    // What a day does: its clock asks for what is due by then. The last change of the paid one lies long before it.
    await world.run(sql`update document set updated_at = now() - interval '400 days' where balance = 0`);
    await world.run(sql`update object_record set look_on = '2026-11-19'`);
    await world.run(sql`update connection set clock_day = null`);
    await eventually(async () => (await record("invoice:101")) === undefined, 20_000);
    await world.quiet();
    expect(await record("invoice:1001")).toEqual(open);
  });

  it("are looked up before anything is sent again when nobody knows what a job did", async () => {
    await start({ zendeskSwitches: { jobFailures: "specified", jobResults: "documented" } });
    const fault = { operation: "CustomObjectRecordBulkJobs", status: 500, afterEffect: true };
    await world.zendeskControl("POST", "faults", { ...fault, nth: 1 });
    await load();
    await allRight();
    // The job took effect: what it made is found, and nothing of it goes out a second time.
    const sent = (await recordCalls()).flatMap(({ requestBody }) => externalIdsIn(requestBody));
    expect(new Set(sent).size).toBe(sent.length);

    await world.zendeskControl("POST", "faults", { operation: "CustomObjectRecordBulkJobs", drop: true });
    await world.change(invoice("1012", 5));
    await world.quiet();
    await allRight();
    await world.zendeskControl("POST", "switches", { jobResultsLost: true });
    await world.change(invoice("1013", 6));
    await world.quiet();
    await allRight();
    const busy = { status: 429, body: { error: "TooManyJobs" }, headers: { "retry-after": "1" } };
    await world.zendeskControl("POST", "faults", { operation: "CustomObjectRecordBulkJobs", ...busy });
    await world.change(invoice("1014", 6));
    await world.quiet();
    await allRight();
  });

  it("come and go by a plan of the setting: nothing of it before it is approved, all of it when it is applied", async () => {
    await start({ settings: {} });
    await world.edit(
      { entity: "custom_object", operation: "create", record: { key: "car", title: "Car", title_pluralized: "Cars" } },
      { entity: "custom_object_record", operation: "create", object: "car", record: { name: "Blue" } },
    );
    await load();
    const seq = await newest();
    const on = await world.proposeSettings({ records: "objects", recordDays: 60 });
    expect(on.counts).toMatchObject({ create: 0, update: 0, recordsToRemove: 0 });
    expect(on.counts.recordsToWrite).toBeGreaterThan(others);
    expect(on.counts.calls).toBeGreaterThanOrEqual(Math.ceil(on.counts.recordsToWrite / 100));
    expect(on.counts.expectedSeconds).toBeGreaterThan(0);
    const objects = async () => (await world.calls(seq)).filter(({ path }) => path.includes("custom_objects"));
    expect(await objects()).toEqual([]);
    // A command that ends here ends with all of it: no service has to go on.
    expect(await world.apply(on)).toMatchObject({ state: "applied", planned: 0, beside: 0 });
    expect((await records()).length).toBe(on.counts.recordsToWrite + 1);
    await allRight();
    const alder = await record("invoice:101");
    const rowsOf = async (action: string) =>
      (await world.engine.stores.journal.search({ connectionId: world.connection(), limit: 1_000 })).filter(
        (row) => row.action === action,
      );
    const written = await rowsOf("record-written");
    expect(written).toHaveLength(on.counts.recordsToWrite);
    expect(new Set(written.map(({ outcome }) => outcome)).size).toBe(on.counts.recordsToWrite);
    expect(written.every(({ causes, requestIds }) => causes.length > 0 && requestIds.zendesk !== undefined)).toBe(true);

    // People edit one record of ours and delete another; the next look, an hour later, finds both and nothing else.
    const edited = { entity: "custom_object_record", operation: "update", object: "qbo_invoice", id: alder?.id };
    const doomed = await record("invoice:1002");
    await world.edit(
      { ...edited, record: { custom_object_fields: { total: 1 } } },
      { entity: "custom_object_record", operation: "delete", object: "qbo_invoice", id: doomed?.id },
    );
    const edits = await newest();
    await world.run(sql`update record_keeping set drift_due_at = now()`);
    await eventually(async () => (await rowsOf("record-written")).length === written.length + 2, 30_000);
    await world.quiet();
    await allRight();
    const sent = (await recordCalls(edits)).flatMap(({ requestBody }) => externalIdsIn(requestBody));
    expect(sent).toHaveLength(2);
    expect(new Set(sent)).toEqual(new Set([alder?.external_id, doomed?.external_id]));
    const restored = (await rowsOf("record-written")).find(({ outcome }) => outcome.endsWith("invoice:101"));
    expect(restored).toMatchObject({ before: { total: "1" }, after: { total: "120" } });
    expect(restored?.causes).toMatchObject([{ kind: "zendesk", what: "a record was changed" }]);
    const page = await (
      await fetch(`${world.zendeskUrl}/organizations/${String(alder?.custom_object_fields["organization"])}`)
    ).text();
    expect(page).toContain(alder?.name);

    const off = await world.proposeSettings({ records: "off" });
    expect(off.counts).toMatchObject({ recordsToWrite: 0, recordsToRemove: on.counts.recordsToWrite });
    expect((await records()).length).toBe(on.counts.recordsToWrite + 1);
    await world.apply(off);
    expect((await records()).map(({ name }) => name)).toEqual(["Blue"]);
    expect(await rowsOf("record-removed")).toHaveLength(on.counts.recordsToWrite);
    // Undone, they are there again.
    const undo = await world.application.planDesk.proposeRestore(world.connection(), off.id);
    await world.apply(undo);
    await eventually(async () => (await records()).length === on.counts.recordsToWrite + 1, 30_000);
  });
});

describe("a connection that is ended", () => {
  it("takes its records with it where it clears what it wrote", async () => {
    await start();
    await load();
    expect((await records()).length).toBeGreaterThan(others);
    const steps = world.application.life.disconnect(world.connection(), { mode: "clear", who: "test" });
    for await (const _ of steps);
    expect(await records()).toEqual([]);
  });
});

describe("an account whose plan has no custom objects", () => {
  it.each(["forbidden", "not-found"])(
    "is told once, keeps its cards, and has its records as soon as the plan offers them (%s)",
    async (missingFeature) => {
      await start();
      await world.zendeskControl("POST", "plan", { plan: "support-professional" });
      await world.zendeskControl("POST", "switches", { missingFeature });
      await load();
      const causes = async () => (await world.incidents()).map(({ cause }) => cause);
      expect(await causes()).toContain("records-unavailable");
      expect(await recordCalls()).toEqual([]);
      expect((await world.standing("customer:1001")).disposition).toBe("linked");

      await world.zendeskControl("POST", "plan", { plan: "enterprise" });
      await world.run(sql`update record_keeping set looked_up_at = now() - interval '2 hours'`);
      await world.change(invoice("1015", 5));
      await eventually(async () => (await records()).length > others, 30_000);
      await world.quiet();
      await allRight();
      expect(await causes()).not.toContain("records-unavailable");
    },
  );
});
