import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../harness/index.ts";
import { type Flow, startFlow } from "./bench.ts";

const stamp = "2026-08-01T09:00:00-07:00";
const common = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp }, CurrencyRef: { value: "USD" } };
const customers = [1, 2, 3, 4];
const company = {
  Customer: customers.map((id) => ({
    Id: `${id}`,
    DisplayName: `Client ${id}`,
    Active: true,
    Balance: 100,
    ...common,
  })),
  Invoice: customers.map((id) => ({
    Id: `${1_000 + id}`,
    CustomerRef: { value: `${id}` },
    TxnDate: "2026-10-01",
    DueDate: "2026-12-01",
    TotalAmt: 100,
    Balance: 100,
    ...common,
  })),
};
/** What happens while nothing of ours runs, and no webhook of it ever arrives. */
const life = [
  {
    entity: "Payment",
    operation: "create",
    record: {
      CustomerRef: { value: "1" },
      TxnDate: "2026-11-01",
      TotalAmt: 40,
      Line: [{ Amount: 40, LinkedTxn: [{ TxnId: "1001", TxnType: "Invoice" }] }],
    },
  },
  { entity: "Invoice", operation: "delete", id: "1002" },
  { entity: "Invoice", operation: "void", id: "1003" },
  { entity: "Customer", operation: "rename", id: "4", record: { DisplayName: "Client of another name" } },
  { entity: "Customer", operation: "create", record: { DisplayName: "Client of the pause" } },
].map((mutation) => ({ ...mutation, silent: true }));

const hourMs = 60 * 60_000;

describe("after a pause", () => {
  let flow: Flow;
  afterEach(() => flow?.close());

  /** Loaded and at rest so long ago, by QuickBooks' clock; then life goes on without us, until now. */
  async function pausedFor(hours: number): Promise<void> {
    flow = await startFlow({ company, account: {}, today: "2026-11-20" });
    const clock = (now: number) => flow.quickbooksControl("POST", "clock", { now: new Date(now).toISOString() });
    await clock(Date.now() - hours * hourMs);
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    await clock(Date.now() - (hours * hourMs) / 2);
    await flow.quickbooksControl("POST", "mutate", { mutations: life });
    await clock(Date.now());
  }

  /** What the tick would have done, until nothing of it is due. */
  async function comeBack(): Promise<string[]> {
    const done: string[] = [];
    const { overview } = flow.engine.stores;
    await eventually(async () => {
      if (await overview.isDue(flow.connectionId, "sweep")) {
        await flow.engine.loadOrSweep(flow.connectionId);
        done.push("sweep");
      }
      if (await overview.isDue(flow.connectionId, "poll"))
        done.push((await flow.engine.pollWhenDue(flow.connectionId))?.kind ?? "none");
      await flow.settled();
      const due = await Promise.all([
        overview.isDue(flow.connectionId, "sweep"),
        overview.isDue(flow.connectionId, "poll"),
      ]);
      return !due.includes(true);
    }, 60_000);
    return done;
  }

  async function expectNothingLost(): Promise<void> {
    const { organizations } = await flow.accountNow();
    const fields = (name: string) => organizations.find((one) => one.name === name)?.organization_fields;
    expect(fields("Client 1")).toMatchObject({ qbo_open_amount: 60, qbo_last_payment_amount: 40 });
    expect(fields("Client 2")).toMatchObject({ qbo_open_count: 0, qbo_open_amount: 0 });
    expect(fields("Client 3")).toMatchObject({ qbo_open_count: 0 });
    expect(fields("Client of another name")).toMatchObject({ qbo_open_amount: 100 });
    expect(fields("Client of the pause")).toBeDefined();
    expect(organizations).toHaveLength(5);
  }

  it("of a day the change poll brings everything in", async () => {
    await pausedFor(24);
    await flow.engine.stores.overview.makePollDue(flow.connectionId);
    const done = await comeBack();
    expect(done).not.toContain("sweep");
    await expectNothingLost();
  });

  it("of 31 days, past what QuickBooks' change poll looks back, a sweep does, deletions included", async () => {
    await pausedFor(31 * 24);
    await flow.engine.stores.overview.makePollDue(flow.connectionId);
    const done = await comeBack();
    expect(done.slice(0, 2)).toEqual(["sweep-needed", "sweep"]);
    await expectNothingLost();
  });
});
