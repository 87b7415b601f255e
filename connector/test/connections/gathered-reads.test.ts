// Companies whose reads are metered: what a bookkeeper posts by the dozen is read together.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePartyKey } from "../../src/domain/index.ts";
import { type LiveFlow, startLiveFlow } from "../flow/live-bench.ts";
import { eventually } from "../harness/index.ts";

const stamp = "2026-10-01T09:00:00-07:00";
const common = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp }, CurrencyRef: { value: "USD" } };
const ids = Array.from({ length: 8 }, (_, index) => String(index + 1));
const company = {
  Customer: ids.map((id) => ({ Id: id, DisplayName: `Client ${id}`, Active: true, Balance: 100, ...common })),
  Invoice: ids.map((id) => ({
    Id: `10${id}`,
    CustomerRef: { value: id },
    TxnDate: "2026-10-01",
    DueDate: "2026-12-01",
    TotalAmt: 100,
    Balance: 100,
    ...common,
  })),
};
const gatherSeconds = 4;
const metered = new Set(["query", "read", "cdc", "batch", "companyinfo", "preferences"]);

describe("a company that gathers its reads", () => {
  let flow: LiveFlow;
  beforeAll(async () => {
    flow = await startLiveFlow({ company, account: {}, today: "2026-11-20" });
    // The poll that follows the load is due before polls are turned off.
    await eventually(async () => (await operations()).includes("cdc"), 30_000);
    await flow.running.engine.stores.connections.saveSettings(flow.connectionId, { gatherSeconds, pollMinutes: 0 });
  });
  afterAll(() => flow?.close());

  async function operations(): Promise<string[]> {
    const { requests }: { requests: { operation: string }[] } = await flow.quickbooksControl("GET", "log?since=0");
    return requests.map(({ operation }) => operation);
  }
  const reads = async () => (await operations()).filter((operation) => metered.has(operation)).length;
  const change = (id: string, amount: number) =>
    flow.change({ entity: "Invoice", operation: "update", id: `10${id}`, record: { TotalAmt: amount } });
  const open = async (id: string) =>
    (await flow.organizationOf(`customer:${id}`)).organization_fields["qbo_open_amount"];

  it("pays one read for what is posted within that time, and all of it arrives", async () => {
    const before = await reads();
    for (const id of ids) await change(id, 200);
    await eventually(async () => (await Promise.all(ids.map(open))).every((amount) => Number(amount) === 200), 30_000);
    expect((await reads()) - before).toBe(1);
  });

  it("does not let a person wait who asks", async () => {
    const since = performance.now();
    await change("1", 300);
    await flow.application.requestMark(flow.connectionId, [parsePartyKey("customer:1")], "ann", "sync");
    await eventually(async () => Number(await open("1")) === 300, 30_000);
    expect(performance.now() - since).toBeLessThan(gatherSeconds * 1000);
  });
});
