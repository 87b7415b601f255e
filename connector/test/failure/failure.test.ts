// What happens when calls fail: one bad record does not block the others, nothing is created twice whatever was not answered, and what
// concerns the whole account pauses it once and is nobody's fault.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resumeByPerson } from "../../src/connections/index.ts";
import { type PartyKey, parsePartyKey, priorities } from "../../src/domain/index.ts";
import { eventually } from "../harness/index.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";
import { startWorld, type World } from "../switches/world.ts";

const due = (DueDate: string, TotalAmt = 5) => ({ TxnDate: "2026-10-01", DueDate, TotalAmt });
const overdue = "2026-11-01";
const longAgo = "2026-07-01";
const notYet = "2026-12-01";

interface DropDown {
  id: number;
  key: string;
  custom_field_options: { name: string; value: string }[];
}

/** Nobody is overdue: no value is lost when that option goes. */
function punctualCompany() {
  const company = smallCompany(12);
  return { ...company, Invoice: (company["Invoice"] ?? []).map((invoice) => ({ ...invoice, DueDate: notYet })) };
}

describe("failures", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      company: punctualCompany(),
      account: smallAccount(),
      settings: { maxAttempts: 3 },
      webhooks: { aggregationMs: 300 },
    });
    await world.connect();
    await world.approve();
    await world.quiet();
    // As forgiving as documentation allows: a second create of the same organization would succeed and show.
    await world.zendeskControl("POST", "switches", { externalIdUnique: false, nameRaceMs: 3_600_000 });
  });
  afterAll(() => world?.close());

  const fault = (body: object) => world.zendeskControl("POST", "faults", { nth: 1, ...body });
  const switches = (body: object) => world.zendeskControl("POST", "switches", body);
  const lastSeq = async () => (await world.calls()).at(-1)?.seq ?? 0;

  /** New customers, named after the test; returns their party keys. */
  async function newCustomers(name: string, count: number): Promise<string[]> {
    const mutations = Array.from({ length: count }, (_, index) => ({
      entity: "Customer",
      operation: "create",
      record: { DisplayName: `${name} ${index + 1}` },
    }));
    return (await world.change(...mutations)).entities.map(({ Id }) => `customer:${Id}`);
  }

  const invoices = (parties: readonly string[], document: object) =>
    world.change(
      ...parties.map((party) => ({
        entity: "Invoice",
        operation: "create",
        record: { CustomerRef: { value: parsePartyKey(party).id }, ...document },
      })),
    );

  async function expectOneEach(parties: readonly string[]): Promise<void> {
    await world.quiet();
    const organizations = await world.organizations();
    for (const party of parties) {
      const owned = organizations.filter(({ external_id }) => external_id === `qbo:${world.realm}:${party}`);
      expect(owned, party).toHaveLength(1);
      expect(await world.standing(party)).toMatchObject({ disposition: "linked", organizationId: owned[0]?.id });
    }
    expect(await world.verdict()).toMatchObject({ differences: [], duplicates: 0, foreignTouched: 0 });
  }

  describe("of an outcome that nobody told us", () => {
    it.each([
      ["a single create is answered 500 after it took effect", { status: 500, afterEffect: true }],
      ["a single create is cut after it took effect", { drop: true, afterEffect: true }],
      ["a single create is cut before it took effect", { drop: true, afterEffect: false }],
    ])("%s: there is one organization", async (name, how) => {
      await fault({ operation: "CreateOrUpdateOrganization", ...how });
      await expectOneEach(await newCustomers(name.slice(2, 60), 1));
    });

    it.each([
      ["a job is answered 500 after it was accepted", { status: 500, afterEffect: true }],
      ["a job is cut after it was accepted", { drop: true, afterEffect: true }],
      ["a job is cut before it was accepted", { drop: true, afterEffect: false }],
    ])("%s: each has one organization", async (name, how) => {
      // Slow: it still works when we look.
      await switches({ jobPace: 8 });
      await fault({ operation: "CreateManyOrganizations", ...how });
      await expectOneEach(await newCustomers(name.slice(2, 60), 7));
      await switches({ jobPace: 0 });
    });

    // SPEC.md I19.
    it("is read, whether a job expired before it was asked for", async () => {
      const since = await lastSeq();
      await switches({ jobResultsLost: true });
      const customers = await newCustomers("Expired job", 7);
      await expectOneEach(customers);
      await switches({ jobResultsLost: false });
      expect((await world.calls(since)).filter(({ operation }) => operation.startsWith("Create"))).toHaveLength(1);
    });

    // SPEC.md I19.
    it("is not mistaken for nothing where Zendesk shows new organizations late", async () => {
      await switches({ jobResultsLost: true, showManyLagMs: 3_000 });
      await expectOneEach(await newCustomers("Shown late", 7));
      await switches({ jobResultsLost: false, showManyLagMs: 0 });
    });
  });

  describe("of one record", () => {
    let customers: string[];
    let bad: string[];
    const linked = async (parties: readonly string[]) =>
      (await world.standings()).filter(({ key, disposition }) => disposition === "linked" && parties.includes(key));
    const parked = () => world.application.links.parked(world.connection(), { reason: "failed", limit: 100 });
    const replay = async (parties: readonly PartyKey[] | "everyone") => {
      await world.application.requestMark(world.connection(), parties, "test", "replay");
      await world.quiet();
    };
    /** Takes an option from a drop-down of ours, as somebody may in Zendesk, or puts it back: cards that need it are refused one by one. */
    async function offer(key: string, value: string, offered: boolean): Promise<void> {
      const { organization_fields: fields }: { organization_fields: DropDown[] } = await world.zendeskControl(
        "GET",
        "state",
      );
      const field = fields.find((each) => each.key === key);
      if (!field) throw new Error(`no field ${key}`);
      const others = field.custom_field_options.filter((option) => option.value !== value);
      const record = { custom_field_options: offered ? [...others, { name: value, value }] : others };
      await world.edit({ entity: "organization_field", operation: "update", id: field.id, record });
    }

    // SPEC.md I20.
    it("does not block its batch: the others are written, that one is parked with its reason", async () => {
      await switches({ unknownOption: "refuse" });
      await offer("qbo_status", "qbo_status_overdue", false);
      customers = await newCustomers("In one batch", 8);
      bad = customers.slice(3, 5);
      await invoices(bad, due(overdue));
      await world.quiet();
      expect(await linked(customers)).toHaveLength(6);
      const found = await parked();
      expect(found.map(({ party }) => `${party.kind}:${party.id}`).sort()).toEqual([...bad].sort());
      for (const { disposition } of found)
        expect(disposition).toMatchObject({ reason: "failed", says: expect.stringMatching(/Zendesk refuses/) });
    });

    it("stays parked, with the same reason, when it is replayed and nothing has changed", async () => {
      await replay(bad.slice(0, 1).map(parsePartyKey));
      expect(await parked()).toHaveLength(2);
    });

    it("is written when it is replayed alone after what refused it is mended", async () => {
      await offer("qbo_status", "qbo_status_overdue", true);
      await replay(bad.slice(0, 1).map(parsePartyKey));
      expect(await linked(bad)).toHaveLength(1);
      expect(await parked()).toHaveLength(1);
    });

    it("is written when all that are parked for this reason are replayed", async () => {
      await replay((await parked()).map(({ party }) => party));
      expect(await linked(bad)).toHaveLength(2);
    });

    it("leaves nothing to write when everything is replayed after that", async () => {
      const since = await lastSeq();
      await replay("everyone");
      const writes = (await world.calls(since)).filter(({ operation }) => /^(Create|Update)/.test(operation));
      expect(writes).toEqual([]);
      await expectOneEach(customers);
    });

    it("does not block an update of many either, and keeps its link while it is parked", async () => {
      await offer("qbo_age_bucket", "qbo_age_91_plus", false);
      await invoices(customers.slice(0, 3), due(notYet));
      await invoices(customers.slice(5, 8), due(notYet));
      await invoices(customers.slice(3, 4), due(overdue, 9));
      await invoices(customers.slice(0, 1), due(longAgo));
      await world.quiet();
      expect(await linked(customers.slice(1))).toHaveLength(7);
      expect((await parked()).map(({ party }) => `${party.kind}:${party.id}`)).toEqual(customers.slice(0, 1));
      await offer("qbo_age_bucket", "qbo_age_91_plus", true);
      await replay((await parked()).map(({ party }) => party));
      await switches({ unknownOption: "ignore" });
      await expectOneEach(customers);
    });
  });

  describe("of the whole account", () => {
    const attempts = async () => (await world.marks()).map((mark) => mark.attempts);
    const writesOf = (calls: Awaited<ReturnType<World["calls"]>>) =>
      calls.filter(({ operation }) => /^(Create|Update)/.test(operation));

    it.each([
      ["429", { status: 429, body: "Number of allowed API requests per minute exceeded\n" }],
      ["503", { status: 503, body: "<html>Down for maintenance</html>" }],
    ])("%s pauses all of it once, counts nobody's attempts, and goes on by itself", async (_, answer) => {
      const since = await lastSeq();
      await fault({ operation: "*", times: 1, headers: { "retry-after": "3" }, ...answer });
      const customers = await newCustomers(`Told to wait by a ${answer.status}`, 7);
      await eventually(async () => (await world.calls(since)).some(({ status }) => status === answer.status));
      const later = await newCustomers(`While we wait for a ${answer.status}`, 2);
      await eventually(async () => (await world.marks()).filter(({ kind }) => kind === "party").length >= 9);
      expect(new Set(await attempts())).toEqual(new Set([0]));
      expect(await world.calls(since)).toHaveLength(1);
      await expectOneEach([...customers, ...later]);
    });

    it("that is down for a while is asked now and then, and the backlog drains by itself", async () => {
      const since = await lastSeq();
      await world.zendeskControl("POST", "profile", { name: "vendor-outage" });
      const customers = await newCustomers("In an outage", 7);
      await invoices(["customer:1001", "customer:1002"], due(notYet));
      await eventually(async () => (await world.calls(since)).length > 0);
      await eventually(async () => (await world.marks()).filter(({ kind }) => kind === "party").length >= 9);
      expect(new Set(await attempts())).toEqual(new Set([0]));
      expect(writesOf(await world.calls(since)).length).toBeLessThanOrEqual(3);
      await world.zendeskControl("POST", "profile", { name: "zero" });
      await expectOneEach(customers);
    });

    // SPEC.md I21.
    it("whose line is cut again and again blames no record, however often", async () => {
      // More often than the attempts that a record has.
      await fault({ operation: "*", times: 12, drop: true });
      const customers = await newCustomers("Behind a broken line", 1);
      await invoices(["customer:1003"], due(notYet));
      await world.quiet();
      expect(await world.application.links.parked(world.connection(), { reason: "failed", limit: 10 })).toEqual([]);
      await expectOneEach(customers);
    });

    it("that refuses us while a job works leaves the job's organizations to be found: none is created twice", async () => {
      await switches({ jobPace: 8 });
      await fault({ operation: "ShowManyJobStatuses", status: 403, body: { error: { title: "Forbidden" } } });
      const customers = await newCustomers("Refused meanwhile", 7);
      const state = async () => (await world.engine.stores.connections.read(world.connection()))?.state;
      await eventually(async () => (await state()) === "paused");
      await eventually(async () => (await world.incidents()).some(({ cause }) => cause === "zendesk:Forbidden"));
      await resumeByPerson(world.connection(), world.engine.life);
      await world.wake();
      await expectOneEach(customers);
      await switches({ jobPace: 0 });
    });

    it("of QuickBooks that is down is asked now and then, and nothing is forgotten", async () => {
      const reads = async (): Promise<number> => {
        const counters: Record<string, number> = await world.quickbooksControl("GET", "counters");
        return Object.values(counters).reduce((sum, count) => sum + count, 0);
      };
      await world.quickbooksControl("POST", "profile", { unavailable: 1 });
      const before = await reads();
      const customers = await newCustomers("Unread", 8);
      await eventually(async () => (await reads()) > before);
      await invoices(["customer:1004"], due(notYet));
      await eventually(async () => (await world.marks()).filter(({ kind }) => kind === "record").length >= 9);
      expect(await reads()).toBeLessThanOrEqual(before + 3);
      await world.quickbooksControl("POST", "profile", { name: "calm" });
      await expectOneEach(customers);
    });
  });

  it("of a record that QuickBooks never hands out ends after its attempts: given up and named, until a replay reads it", async () => {
    await world.quiet();
    const body = { Fault: { Error: [{ Message: "m", code: "10000" }], type: "SystemFault" } };
    const never = { operation: "read", entity: "Invoice", nth: 1, times: 3, status: 500, body };
    await world.quickbooksControl("POST", "faults", never);
    const record = { CustomerRef: { value: "1005" }, ...due(longAgo, 11) };
    const made = await world.change({ entity: "Invoice", operation: "create", record, silent: true });
    const key = `Invoice:${made.entities[0]?.Id}`;
    const causes = [{ kind: "poll" as const, at: new Date().toISOString() }];
    await world.engine.stores.marks.mark([
      { connectionId: world.connection(), kind: "record", key, priority: priorities.live, causes },
    ]);
    await world.wake();
    const named = `record-not-read:${key}`;
    const open = async () => (await world.incidents()).filter(({ cause }) => cause.startsWith("record-not-read"));
    await eventually(async () => (await open()).length === 1, 60_000);
    expect(await open()).toMatchObject([{ cause: named, affected: 1 }]);
    await eventually(async () => (await world.marks()).length === 0, 60_000);
    expect(await world.standing("customer:1005")).toMatchObject({ disposition: "linked" });
    await world.application.requestMark(world.connection(), [], "test", "replay");
    await expectOneEach(["customer:1005"]);
    expect(await open()).toEqual([]);
  });
});
