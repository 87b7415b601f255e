import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRealm, RemoteFailure } from "../../src/domain/index.ts";
import { startQuickbooksBench } from "./quickbooks-bench.ts";

const at = (second: number) => {
  const time = `2026-01-05T08:00:${String(second).padStart(2, "0")}-08:00`;
  return { CreateTime: time, LastUpdatedTime: time };
};
const usd = { value: "USD", name: "United States Dollar" };
const customer = (id: number, more: object = {}) => ({
  Id: String(id),
  SyncToken: "0",
  domain: "QBO",
  sparse: false,
  MetaData: at(Math.floor(id / 700)),
  DisplayName: `Client ${id}`,
  FullyQualifiedName: `Client ${id}`,
  Active: true,
  Balance: 0,
  BalanceWithJobs: 0,
  CurrencyRef: usd,
  ...more,
});

let bench: Awaited<ReturnType<typeof startQuickbooksBench>>;
beforeAll(async () => {
  bench = await startQuickbooksBench({
    company: {
      Customer: [
        customer(1, {
          DisplayName: "O'Neil \\ Sons",
          PrimaryEmailAddr: { Address: "A@x.test; b@x.test" },
          Balance: 120.1,
        }),
        customer(2, { Active: false, DisplayName: "Gone (deleted)" }),
        ...Array.from({ length: 2300 }, (_, index) => customer(index + 3)),
      ],
      Vendor: Array.from({ length: 2600 }, (_, index) => ({
        ...customer(index + 1),
        MetaData: at(30),
        DisplayName: `Supplier ${index}`,
      })),
      Invoice: [
        {
          Id: "10",
          SyncToken: "1",
          MetaData: at(1),
          DocNumber: "1001",
          TxnDate: "2026-01-05",
          DueDate: "2026-02-04",
          TotalAmt: 200.2,
          Balance: 120.1,
          CurrencyRef: usd,
          CustomerRef: { value: "1", name: "O'Neil" },
          Line: [],
          LinkedTxn: [{ TxnId: "11", TxnType: "Payment" }],
        },
      ],
      Payment: [
        {
          Id: "11",
          SyncToken: "0",
          MetaData: at(2),
          TxnDate: "2026-01-06",
          TotalAmt: 80.1,
          UnappliedAmt: 0,
          CurrencyRef: usd,
          CustomerRef: { value: "1" },
          Line: [{ Amount: 80.1, LinkedTxn: [{ TxnId: "10", TxnType: "Invoice" }] }],
        },
      ],
    },
  });
});
afterAll(() => bench.close());

describe("the QuickBooks client", () => {
  it("pages through every row once, inactive ones included, although a second holds several hundred", async () => {
    const ids: string[] = [];
    let after: Awaited<ReturnType<typeof bench.client.readPage>>["next"];
    let pages = 0;
    do {
      const page = await bench.client.readPage(bench.realm, "Customer", after);
      ids.push(...page.records.map((record) => record.id));
      after = page.next;
      pages += 1;
    } while (after !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(2302);
    expect(await bench.client.countRecords(bench.realm, "Customer")).toBe(2302);
    expect(pages).toBeLessThan(7);
  });

  it("gets through a second in which a whole import was created", async () => {
    const ids: string[] = [];
    let after: Awaited<ReturnType<typeof bench.client.readPage>>["next"];
    do {
      const page = await bench.client.readPage(bench.realm, "Vendor", after);
      ids.push(...page.records.map((record) => record.id));
      after = page.next;
    } while (after !== undefined);
    expect(ids).toHaveLength(2600);
    expect(new Set(ids).size).toBe(2600);
  });

  it("reads hundreds of records in one batch of queries", async () => {
    const before = (await bench.control.log()).length;
    const keys = Array.from({ length: 450 }, (_, index) => ({ entity: "Customer" as const, id: String(index + 1) }));
    const { records, gone } = await bench.client.readRecords(bench.realm, [
      ...keys,
      { entity: "Vendor", id: "1" },
      ...keys,
    ]);
    expect([records.length, gone.length]).toEqual([451, 0]);
    expect((await bench.control.log()).slice(before).map(({ operation }) => operation)).toEqual(["batch"]);
  });

  it("reads records of several entities in one batch, in our words", async () => {
    const before = (await bench.control.log()).length;
    const answer = await bench.client.readRecords(bench.realm, [
      { entity: "Customer", id: "1" },
      { entity: "Invoice", id: "10" },
      { entity: "Payment", id: "11" },
      { entity: "Preferences", id: "1" },
    ]);
    const log = (await bench.control.log()).slice(before);
    expect(log.map((line) => line.operation)).toEqual(["batch"]);
    const [party, invoice, payment] = ["Customer", "Invoice", "Payment"].map((entity) =>
      answer.records.find((record) => record.entity === entity),
    );
    expect(party?.kind === "party" && party.party).toMatchObject({
      kind: "customer",
      displayName: "O'Neil \\ Sons",
      addresses: ["a@x.test", "b@x.test"],
    });
    expect(invoice?.kind === "document" && invoice.document.balance.toString()).toBe("120.1");
    expect(invoice?.kind === "document" && invoice.document.linked).toEqual([{ entity: "Payment", id: "11" }]);
    expect(payment?.kind === "document" && payment.document.linked).toEqual([{ entity: "Invoice", id: "10" }]);
    expect(answer.gone).toEqual([]);
  });

  it("calls a record gone only after a read by id, and with QuickBooks' time", async () => {
    const answer = await bench.client.readRecords(bench.realm, [
      { entity: "Invoice", id: "10" },
      { entity: "Invoice", id: "4711" },
    ]);
    expect(answer.records.map((record) => record.id)).toEqual(["10"]);
    expect(answer.gone.map((gone) => [gone.entity, gone.id])).toEqual([["Invoice", "4711"]]);
    expect(Date.parse(answer.gone[0]?.at ?? "")).toBeGreaterThan(0);
    const calls = (await bench.control.log()).slice(-2).map((line) => line.operation);
    expect(calls).toEqual(["query", "read"]);
  });

  it("reads changes, and deletions as hearsay", async () => {
    const since = new Date(Date.now() - 60_000).toISOString();
    await bench.control.mutate({
      entity: "Customer",
      operation: "rename",
      id: "5",
      record: { DisplayName: "Renamed" },
    });
    await bench.control.mutate({ entity: "Payment", operation: "delete", id: "11" });
    const answer = await bench.client.readChanges(bench.realm, ["Customer", "Invoice", "Payment", "Vendor"], since);
    expect(answer.capped).toBe(false);
    expect(answer.gone).toMatchObject([{ entity: "Payment", id: "11" }]);
    expect(answer.records.map((record) => `${record.entity}:${record.id}`)).toContain("Customer:5");
    expect(answer.records.map((record) => `${record.entity}:${record.id}`)).toContain("Invoice:10");
  });

  it("reads what a company says of itself", async () => {
    const facts = await bench.client.readCompany(bench.realm);
    expect(facts).toMatchObject({ homeCurrency: "USD", multiCurrency: false, zone: "America/Los_Angeles" });
  });

  it("refreshes once after a 401, asks again, and gives up on the second one", async () => {
    bench.tokens.current = "nonsense";
    bench.tokens.refreshes = 0;
    await bench.client.countRecords(bench.realm, "Vendor");
    expect(bench.tokens.refreshes).toBe(1);
    bench.tokens.current = "nonsense";
    bench.tokens.refreshed = "nonsense too";
    await expect(bench.client.countRecords(bench.realm, "Vendor")).rejects.toMatchObject({
      action: "reauthorize",
      status: 401,
    });
    bench.tokens.refreshed = "";
    bench.tokens.current = "";
  });

  it("does not believe in a company that the token does not speak for", async () => {
    const token = (await bench.grant()).accessToken;
    const other = parseRealm("4711");
    await expect(bench.client.readCompany(other, token)).rejects.toBeInstanceOf(RemoteFailure);
  });

  it("remembers a throttle for every process, and says how long to wait", async () => {
    await bench.control.faults({ operation: "query", nth: 1, times: 1, status: 429 });
    await expect(bench.client.countRecords(bench.realm, "Vendor")).rejects.toMatchObject({
      action: "wait",
      retryAfterMs: 60_000,
    });
    const until = bench.blocks.blocked.get(bench.realm);
    expect(until?.getTime()).toBeGreaterThan(Date.now() + 50_000);
  });

  it("sends nothing but reads and batches of queries", async () => {
    const operations = new Set((await bench.control.log()).map((line) => line.operation));
    for (const operation of operations)
      expect([
        "query",
        "read",
        "cdc",
        "batch",
        "companyinfo",
        "preferences",
        "oauth.discovery",
        "oauth.authorize",
        "oauth.token",
      ]).toContain(operation);
  });
});
