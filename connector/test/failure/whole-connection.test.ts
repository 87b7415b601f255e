// What concerns a whole company or account pauses all of it once, is one incident, is nobody's fault, and ends by itself: webhooks are
// acknowledged and marked meanwhile, and the backlog drains afterwards.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../harness/index.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";
import { startWorld, type World } from "../switches/world.ts";

const minuteMs = 60_000;

// SPEC.md I21, I24.
describe("a whole company or account that is not to be asked", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      company: smallCompany(6),
      account: smallAccount(),
      settings: { maxAttempts: 2 },
      webhooks: { aggregationMs: 100 },
      doors: true,
    });
    await world.connect();
    await world.approve();
    await world.quiet();
  });
  afterAll(() => world?.close());

  /** A new customer and an invoice of an old one. */
  async function live(name: string): Promise<void> {
    await world.change(
      { entity: "Customer", operation: "create", record: { DisplayName: name } },
      {
        entity: "Invoice",
        operation: "create",
        record: { CustomerRef: { value: "1001" }, TxnDate: "2026-11-02", DueDate: "2026-12-12", TotalAmt: 7 },
      },
    );
  }
  const causes = async () => (await world.incidents()).map(({ cause }) => cause);
  const refusals = async (system: "quickbooks" | "zendesk", status: number) => {
    const control = system === "quickbooks" ? world.quickbooksControl : world.zendeskControl;
    const { requests }: { requests: { status: number }[] } = await control("GET", "log");
    return requests.filter((call) => call.status === status).length;
  };
  const blocked = (which: "company" | "account", overMs: number) =>
    eventually(async () => (await world.blockedMs())[which] > overMs, 20_000);

  /** Everything was heard and kept meanwhile, and nobody is blamed. */
  async function expectKept(kind: "record" | "party"): Promise<void> {
    await eventually(async () => {
      const { all, acknowledged } = await world.deliveries();
      return all > 0 && all === acknowledged;
    });
    const marks = await world.marks();
    expect(marks.filter((mark) => mark.kind === kind).length).toBeGreaterThanOrEqual(2);
    expect(marks.map(({ attempts }) => attempts)).toEqual(marks.map(() => 0));
    expect(await parked()).toEqual([]);
  }
  const parked = () => world.application.links.parked(world.connection(), { reason: "failed", limit: 10 });

  /** It goes on by itself: nothing is left to do, all is as an independent computation has it, and no pause is open. */
  async function expectEnd(incident: string, toldBefore = 0): Promise<void> {
    await world.quiet();
    expect(await world.verdict()).toMatchObject({ differences: [], duplicates: 0, foreignTouched: 0 });
    expect(await parked()).toEqual([]);
    await eventually(async () => !(await causes()).some((cause) => /-(throttled|quota|unavailable)$/.test(cause)));
    const told = await timesTold(incident);
    // One that comes back within two minutes goes on as the same.
    expect(told).toBeGreaterThan(0);
    expect(told - toldBefore).toBeLessThanOrEqual(1);
  }

  const timesTold = async (incident: string) =>
    (await world.allIncidents()).filter(({ cause }) => cause === incident).length;

  it("because QuickBooks is down for maintenance is one incident of the connection, asked ever less often", async () => {
    const before = await refusals("quickbooks", 503);
    await world.quickbooksControl("POST", "profile", { unavailable: 1 });
    await live("Made while QuickBooks was down");
    await blocked("company", 0);
    expect(await causes()).toEqual([]);
    await eventually(async () => (await refusals("quickbooks", 503)) >= before + 2);
    await world.letTimePass(5);
    await eventually(async () => (await causes()).includes("quickbooks-unavailable"), 30_000);
    await expectKept("record");
    // 2 s, 4 s, 8 s ... whatever waits meanwhile.
    expect(await refusals("quickbooks", 503)).toBeLessThanOrEqual(before + 6);
    await world.quickbooksControl("POST", "profile", { name: "calm" });
    await world.letTimePass(0);
    await expectEnd("quickbooks-unavailable");
  });

  it("because QuickBooks asks us to wait for long is one incident, which ends with the wait", async () => {
    await world.quickbooksControl("POST", "faults", {
      operation: "batch",
      nth: 1,
      times: 1,
      status: 429,
      headers: { "retry-after": "1200" },
    });
    await live("Made while QuickBooks was busy");
    await blocked("company", 19 * minuteMs);
    expect(await causes()).toEqual(["quickbooks-throttled"]);
    await expectKept("record");
    await world.letTimePass(20);
    await expectEnd("quickbooks-throttled");
  });

  it("because the app's reads of the month are used up is told apart from a throttle by time alone", async () => {
    await world.quickbooksControl("POST", "limits", { meteredPerMonth: 1 });
    await live("Made when the month's reads were used up");
    await blocked("company", 50_000);
    // So far it looks like any throttle: a minute, and no news.
    expect((await world.blockedMs()).company).toBeLessThanOrEqual(minuteMs);
    expect(await causes()).toEqual([]);
    await world.letTimePass(20);
    await blocked("company", 55 * minuteMs);
    expect(await causes()).toEqual(["quickbooks-quota"]);
    await expectKept("record");
    await world.quickbooksControl("POST", "limits", { name: "unlimited" });
    await world.letTimePass(60);
    await expectEnd("quickbooks-quota");
  });

  it("because Zendesk is down for maintenance is one incident of the account; QuickBooks is read meanwhile", async () => {
    await world.zendeskControl("POST", "faults", {
      operation: "*",
      nth: 1,
      times: 2,
      status: 503,
      headers: { "retry-after": "600" },
      body: "<html>Down for maintenance</html>",
    });
    await live("Made while Zendesk was down");
    await blocked("account", 9 * minuteMs);
    expect(await causes()).toEqual(["zendesk-unavailable"]);
    await eventually(async () => (await world.marks()).filter(({ kind }) => kind === "party").length >= 2);
    await expectKept("party");
    // The second one, where only one call was under way when the first came.
    await world.zendeskControl("DELETE", "script");
    await world.letTimePass(10);
    await expectEnd("zendesk-unavailable");
  });

  it.each([
    { system: "quickbooks", which: "company", kind: "record" },
    { system: "zendesk", which: "account", kind: "party" },
  ] as const)("because nobody can reach $system is one incident, and heals", async ({ system, which, kind }) => {
    const door = world.doors?.[system];
    const cause = `${system}-unavailable`;
    const before = await timesTold(cause);
    await door?.shut();
    await live(`Made while ${system} could not be reached`);
    await blocked(which, 0);
    expect(await causes()).toEqual([]);
    await world.letTimePass(5);
    await eventually(async () => (await causes()).includes(cause), 30_000);
    if (system === "zendesk")
      await eventually(async () => (await world.marks()).filter((mark) => mark.kind === kind).length >= 2);
    await expectKept(kind);
    expect((await world.engine.stores.connections.read(world.connection()))?.state).toBe("active");
    await door?.open();
    await world.letTimePass(0);
    await expectEnd(cause, before);
  });
});
