import { setTimeout as pass } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { percentile } from "../../src/cli/demo/live-changes.ts";
import { pauseByPerson, resumeByPerson } from "../../src/connections/index.ts";
import { eventually } from "../harness/index.ts";
import { type LiveFlow, startLiveFlow } from "./live-bench.ts";

const today = "2026-11-20";
const clients = 40;
const stamp = "2026-10-01T09:00:00-07:00";
const common = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp }, CurrencyRef: { value: "USD" } };
const numbers = Array.from({ length: clients }, (_, index) => index + 1);
const company = {
  Customer: numbers.map((id) => ({ Id: `${id}`, DisplayName: `Client ${id}`, Active: true, Balance: 100, ...common })),
  Invoice: numbers.map((id) => ({
    Id: `${1_000 + id}`,
    CustomerRef: { value: `${id}` },
    TxnDate: "2026-10-01",
    DueDate: "2026-12-01",
    TotalAmt: 100,
    Balance: 100,
    ...common,
  })),
};

/** Not one of the clients whose change is timed. */
const burst = 38;
const paused = 39;
const unheard = 40;

const invoice = (customer: number, TotalAmt: number) => ({
  entity: "Invoice",
  operation: "create",
  record: { CustomerRef: { value: `${customer}` }, TxnDate: today, DueDate: "2026-12-20", TotalAmt },
});
const pay = (customer: number, amount: number) => ({
  entity: "Payment",
  operation: "create",
  record: {
    CustomerRef: { value: `${customer}` },
    TxnDate: today,
    TotalAmt: amount,
    Line: [{ Amount: amount, LinkedTxn: [{ TxnId: `${1_000 + customer}`, TxnType: "Invoice" }] }],
  },
});
const telephone = (customer: number, number: string) => ({
  entity: "Customer",
  operation: "update",
  id: `${customer}`,
  record: { PrimaryPhone: { FreeFormNumber: number } },
});

describe("a company that lives", () => {
  let flow: LiveFlow;
  beforeAll(async () => {
    flow = await startLiveFlow({ company, account: {}, today });
  });
  afterAll(() => flow?.close());

  const fieldsOf = async (customer: number) => (await flow.organizationOf(`customer:${customer}`)).organization_fields;
  const newestCall = async () => {
    const { requests }: { requests: { seq: number }[] } = await flow.zendeskControl("GET", "log");
    return requests.at(-1)?.seq ?? 0;
  };
  const newestDelivery = async () => {
    const { deliveries }: { deliveries: { state: string; attempts: { atMs: number }[] }[] } =
      await flow.quickbooksControl("GET", "webhooks");
    return deliveries.at(-1);
  };

  it("shows a change in Zendesk within half a second, and in 19 of 20 cases within two", async () => {
    const times: number[] = [];
    const cards = numbers.slice(0, 36);
    for (const customer of cards) {
      const { id } = await flow.organizationOf(`customer:${customer}`);
      const seq = await newestCall();
      const changes = [pay(customer, 40), invoice(customer, 25), telephone(customer, `555-01${customer}`)];
      await flow.change(changes[customer % changes.length] ?? {});
      let at = Number.NaN;
      await eventually(async () => {
        const writes = await flow.writesSince(seq);
        at = Date.parse(writes.find(({ path }) => path.includes(`/${id}`))?.at ?? "");
        return !Number.isNaN(at);
      });
      times.push(at - ((await newestDelivery())?.attempts[0]?.atMs ?? Number.NaN));
    }
    expect(times).toHaveLength(cards.length);
    const [p50 = Number.NaN, p95 = Number.NaN] = [percentile(times, 0.5), percentile(times, 0.95)];
    process.stderr.write(`webhook to written organization: p50 ${p50} ms, p95 ${p95} ms over ${times.length} cards\n`);
    expect(p50).toBeLessThan(500);
    expect(p95).toBeLessThan(2_000);
    expect(await fieldsOf(3)).toMatchObject({ qbo_open_amount: 60, qbo_last_payment_amount: 40 });
    expect(await fieldsOf(4)).toMatchObject({ qbo_open_count: 2, qbo_open_amount: 125 });
    expect(await fieldsOf(5)).toMatchObject({ qbo_phone: "555-015" });
  });

  it("folds twenty changes of one card in ten seconds into at most three writes, of which the last tells the last state", async () => {
    const { id } = await flow.organizationOf(`customer:${burst}`);
    const seq = await newestCall();
    for (let change = 1; change <= 20; change += 1) {
      await flow.change(invoice(burst, change));
      // The pace is what is asked for: twenty changes over ten seconds.
      if (change < 20) await pass(500);
    }
    await eventually(async () => (await fieldsOf(burst))["qbo_open_count"] === 21, 40_000);
    await flow.settled();
    const writes = (await flow.writesSince(seq)).filter(({ path }) => path.includes(`/${id}`));
    expect(writes.length).toBeLessThanOrEqual(3);
    expect(await fieldsOf(burst)).toMatchObject({ qbo_open_count: 21, qbo_open_amount: 100 + (20 * 21) / 2 });
  });

  it("acknowledges and keeps a change while the connection is paused, and shows it once it goes on", async () => {
    const { life } = flow.running.engine;
    expect(await pauseByPerson(flow.connectionId, "test", life)).toBe(true);
    const seq = await newestCall();
    await flow.change(pay(paused, 30));
    await eventually(async () => (await newestDelivery())?.state === "delivered");
    const backlog = await flow.running.engine.stores.marks.countDue([flow.connectionId]);
    expect(
      backlog.reduce((sum, { due }) => sum + due, 0),
      "marks that wait",
    ).toBeGreaterThan(0);
    expect(await flow.writesSince(seq)).toEqual([]);
    expect((await fieldsOf(paused))["qbo_open_amount"]).toBe(100);

    await resumeByPerson(flow.connectionId, life);
    await eventually(async () => (await fieldsOf(paused))["qbo_open_amount"] === 70);
    expect(await fieldsOf(paused)).toMatchObject({ qbo_last_payment_amount: 30 });
  });

  it("finds by the change poll what no webhook told of", async () => {
    const seq = await newestCall();
    await flow.change({ ...pay(unheard, 100), silent: true });
    await flow.settled();
    expect(await flow.writesSince(seq)).toEqual([]);

    await flow.application.requestPoll(flow.connectionId, "test");
    await eventually(async () => (await fieldsOf(unheard))["qbo_status"] === "qbo_status_paid", 20_000);
    expect(await fieldsOf(unheard)).toMatchObject({ qbo_open_count: 0, qbo_last_payment_amount: 100 });
  });

  it("has sent QuickBooks nothing but tokens, reads, queries, changes, and batches of queries", async () => {
    const { requests }: { requests: { operation: string; requestBody?: string }[] } = await flow.quickbooksControl(
      "GET",
      "log",
    );
    const reading = /^(oauth\.\w+|query|read|cdc|batch|companyinfo|preferences)$/;
    expect(requests.filter(({ operation }) => !reading.test(operation))).toEqual([]);
    const batches = requests.filter(({ operation }) => operation === "batch");
    const items = batches.flatMap(
      ({ requestBody }) => (JSON.parse(requestBody ?? "{}") as { BatchItemRequest: object[] }).BatchItemRequest,
    );
    expect(items.length).toBeGreaterThan(0);
    expect(items.filter((item) => Object.keys(item).sort().join() !== "Query,bId")).toEqual([]);
  });
});
