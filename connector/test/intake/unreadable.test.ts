import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/domain/index.ts";
import { createCompanyStore } from "../../src/store/company-store.ts";
import { intakeBench } from "./intake-bench.ts";

const stamp = "2026-10-01T09:00:00-07:00";
const common = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp }, CurrencyRef: { value: "USD" } };
const bad = 137;
const odd = 206;
const numbers = Array.from({ length: 300 }, (_, index) => index + 1);
const company: JsonObject = {
  Customer: [{ Id: "1", DisplayName: "Client 1", Active: true, Balance: 100, ...common }],
  Invoice: numbers.map((number) => ({
    Id: `${1000 + number}`,
    CustomerRef: { value: "1" },
    TxnDate: "2026-10-01",
    TotalAmt: 100,
    Balance: 100,
    MetaData: {
      CreateTime: new Date(Date.parse(stamp) + number * 1000).toISOString(),
      LastUpdatedTime: new Date(Date.parse(stamp) + number * 1000).toISOString(),
    },
    CurrencyRef: { value: "USD" },
    ...(number === bad ? { BillEmail: { Address: "no address" } } : {}),
  })),
};
const bench = await intakeBench({ company });
const { client, quickbooks, sweep, poll, activate, rows, mutate, incidents } = bench;
const control = quickbooks.control;

const spoil = (on: boolean) => control.post("switches", { invalidEmailFailsPage: on });
const causes = async () => (await incidents.open(bench.of.connectionId)).map(({ cause }) => cause);
const invoicesIn = async () => (await rows("Invoice")).map(({ id }) => id);

describe("a page that a damaged record spoils", () => {
  it("is kept without it, in few calls more; the record is an incident until a sweep finds it well again", async () => {
    await spoil(true);
    await control.post("limits", { name: "unlimited" });
    const before = (await control.log()).length;
    await sweep();
    const kept = await invoicesIn();
    expect(kept).toHaveLength(299);
    expect(kept).not.toContain(`${1000 + bad}`);
    expect((await control.log()).length - before).toBeLessThan(40);
    expect(await causes()).toEqual([`unreadable-record:the Invoice listed right after Invoice ${1000 + bad - 1}`]);

    await sweep();
    expect(await causes()).toHaveLength(1);

    await spoil(false);
    await sweep();
    expect(await invoicesIn()).toHaveLength(300);
    expect(await causes()).toEqual([]);
  });

  it("blocks no grouped read: all others arrive, and what a read by id hands out does, too", async () => {
    await spoil(true);
    const keys = numbers.slice(0, 250).map((number) => ({ entity: "Invoice" as const, id: `${1000 + number}` }));
    const answer = await client.readRecords(quickbooks.realm, keys);
    expect(answer.records).toHaveLength(250);
    expect(answer.gone).toEqual([]);
    await spoil(false);
  });

  it("that is damaged for a read by id as well is passed over by name", async () => {
    await control.faults({
      operation: "read",
      entity: "Invoice",
      nth: 1,
      times: 1,
      status: 400,
      body: { Fault: { Error: [{ Message: "m", Detail: "d", code: "4002" }], type: "ValidationFault" }, time: stamp },
    });
    const answer = await client.readRecords(quickbooks.realm, [{ entity: "Invoice", id: "1001" }]);
    expect(answer).toMatchObject({ records: [], gone: [], unreadable: [{ which: "Invoice 1001" }] });
  });
});

describe("a record in a form that we cannot read", () => {
  /** Passes every answer on, with one invoice made unreadable. */
  const distort = { TxnDate: "someday" };

  it("is counted and noted once, and stops neither sweep nor poll", async () => {
    const state = (await control.get("state")) as { companies: Record<string, JsonObject> };
    const file = state.companies[quickbooks.realm] ?? {};
    const invoices = (file["Invoice"] as JsonObject[]).map((invoice) =>
      invoice["Id"] === `${1000 + odd}` ? { ...invoice, ...distort } : invoice,
    );
    await control.post("seed", { company: { ...file, Invoice: invoices } });
    await sweep();
    expect(await invoicesIn()).toHaveLength(299);
    await sweep();
    expect(await causes()).toEqual([`unreadable-record:Invoice ${1000 + odd}`]);
    await activate();
    await mutate("Customer", "update", { id: "1", record: { CompanyName: "New" }, silent: true });
    expect(await poll()).toMatchObject({ kind: "polled" });
    expect(await bench.marked()).toContain("customer:1");
    await control.post("seed", { company: file });
  });
});

describe("what a company says of itself", () => {
  const companies = createCompanyStore(bench.database);
  const say = (record: object) => mutate("CompanyInfo", "update", { id: "1", record, silent: true });

  it("is followed as soon as it is read; a zone that a person confirmed stays", async () => {
    await sweep();
    await activate();
    await say({ CompanyName: "Renamed Ltd", DefaultTimeZone: "America/New_York" });
    await poll();
    expect(await companies.read(quickbooks.realm)).toMatchObject({
      name: "Renamed Ltd",
      zone: { kind: "known", name: "America/New_York", source: "company" },
    });
    expect(await bench.marked()).toContain("*");

    await companies.confirmZone(quickbooks.realm, "Europe/Zurich");
    await say({ CompanyName: "Once more Ltd", DefaultTimeZone: "America/Denver" });
    await poll();
    expect(await companies.read(quickbooks.realm)).toMatchObject({
      name: "Once more Ltd",
      homeCurrency: "USD",
      zone: { kind: "known", name: "Europe/Zurich", source: "confirmed" },
    });
  });
});
