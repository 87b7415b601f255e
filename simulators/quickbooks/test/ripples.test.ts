import { describe, expect, it } from "vitest";
import type { JsonRecord } from "../src/json.ts";
import { smallCompany } from "./company.ts";
import { type Connected, connected, idOf } from "./connected.ts";

async function start(): Promise<Connected> {
  return connected({ company: smallCompany() });
}

function invoice(customerId: string, TotalAmt: number, more: JsonRecord = {}): JsonRecord {
  return { entity: "Invoice", operation: "create", record: { CustomerRef: { value: customerId }, TotalAmt, ...more } };
}

function payment(customerId: string, TotalAmt: number, applied: Record<string, number>): JsonRecord {
  const Line = Object.entries(applied).map(([TxnId, Amount]) => ({
    Amount,
    LinkedTxn: [{ TxnId, TxnType: "Invoice" }],
  }));
  return { entity: "Payment", operation: "create", record: { CustomerRef: { value: customerId }, TotalAmt, Line } };
}

async function balances(simulator: Connected, id: string): Promise<[unknown, unknown]> {
  const found = await simulator.one("Customer", id);
  return [found["Balance"], found["BalanceWithJobs"]];
}

describe("what a transaction does to others", () => {
  it("raises the customer's balance, and the family's up to the top, and moves their time without SyncToken", async () => {
    const simulator = await start();
    await simulator.mutate(invoice("3", 100.1));
    expect(await balances(simulator, "3")).toEqual([100.1, 100.1]);
    expect(await balances(simulator, "2")).toEqual([0, 100.1]);
    expect(await balances(simulator, "1")).toEqual([0, 100.1]);
    const top = await simulator.one("Customer", "3");
    expect(top["SyncToken"]).toBe("0");
    expect(JSON.stringify(top["MetaData"])).not.toContain('2026-03-31T17:00:01-07:00"}');
    expect(await balances(simulator, "4")).toEqual([0, 0]);
  });

  it("settles an invoice by a payment: balance, links both ways, SyncToken and time of the invoice", async () => {
    const simulator = await start();
    const made = await simulator.mutate(invoice("4", 100));
    const paid = await simulator.mutate(payment("4", 60, { [idOf(made)]: 50 }));
    const after = await simulator.one("Invoice", idOf(made));
    expect(after).toMatchObject({
      Balance: 50,
      SyncToken: "1",
      LinkedTxn: [{ TxnId: paid["Id"], TxnType: "Payment" }],
    });
    expect(after["MetaData"]).toMatchObject({ LastUpdatedTime: (paid["MetaData"] as JsonRecord)["CreateTime"] });
    expect(paid["UnappliedAmt"]).toBe(10);
    expect(await balances(simulator, "4")).toEqual([40, 40]);
  });

  it("gives the invoice its balance back when the payment is deleted, and leaves only a tombstone", async () => {
    const simulator = await start();
    const made = await simulator.mutate(invoice("4", 100));
    const paid = await simulator.mutate(payment("4", 100, { [idOf(made)]: 100 }));
    await simulator.mutate({ entity: "Payment", operation: "delete", id: idOf(paid) });
    const after = await simulator.one("Invoice", idOf(made));
    expect(after["Balance"]).toBe(100);
    expect(after["LinkedTxn"]).toBeUndefined();
    expect((await simulator.api(`payment/${idOf(paid)}`)).json).toMatchObject({
      Fault: { Error: [{ code: "610" }] },
    });
    expect(await balances(simulator, "4")).toEqual([100, 100]);
  });

  it("voids an invoice: zero amounts, the word in the note, its payment left unapplied", async () => {
    const simulator = await start();
    const made = await simulator.mutate(invoice("4", 100, { PrivateNote: "for the barn" }));
    const paid = await simulator.mutate(payment("4", 30, { [idOf(made)]: 30 }));
    const voided = await simulator.mutate({ entity: "Invoice", operation: "void", id: idOf(made) });
    expect(voided).toMatchObject({ TotalAmt: 0, Balance: 0, PrivateNote: "Voided - for the barn" });
    expect(await simulator.one("Payment", idOf(paid))).toMatchObject({ UnappliedAmt: 30, Line: [] });
    expect(await balances(simulator, "4")).toEqual([-30, -30]);
  });

  it("uses a credit memo through a payment of zero, and puts both back when the credit memo goes", async () => {
    const simulator = await start();
    const madeInvoice = await simulator.mutate(invoice("4", 100));
    const credit = await simulator.mutate({
      entity: "CreditMemo",
      operation: "create",
      record: { CustomerRef: { value: "4" }, TotalAmt: 40 },
    });
    expect(credit).toMatchObject({ Balance: 40, RemainingCredit: 40 });
    await simulator.mutate({
      entity: "Payment",
      operation: "create",
      record: {
        CustomerRef: { value: "4" },
        TotalAmt: 0,
        Line: [
          { Amount: 40, LinkedTxn: [{ TxnId: idOf(madeInvoice), TxnType: "Invoice" }] },
          { Amount: 40, LinkedTxn: [{ TxnId: credit["Id"] ?? "", TxnType: "CreditMemo" }] },
        ],
      },
    });
    expect(await simulator.one("Invoice", idOf(madeInvoice))).toMatchObject({ Balance: 60 });
    expect(await simulator.one("CreditMemo", idOf(credit))).toMatchObject({ Balance: 0, RemainingCredit: 0 });
    expect(await balances(simulator, "4")).toEqual([60, 60]);
    await simulator.mutate({ entity: "CreditMemo", operation: "delete", id: idOf(credit) });
    expect(await simulator.one("Invoice", idOf(madeInvoice))).toMatchObject({ Balance: 100 });
    expect(await balances(simulator, "4")).toEqual([100, 100]);
  });

  it("pays bills on the vendor's side, by cheque and by vendor credit", async () => {
    const simulator = await start();
    const record = { VendorRef: { value: "5" }, TotalAmt: 80 };
    const bill = await simulator.mutate({ entity: "Bill", operation: "create", record });
    const credit = await simulator.mutate({
      entity: "VendorCredit",
      operation: "create",
      record: { ...record, TotalAmt: 30 },
    });
    expect((await simulator.one("Vendor", "5"))["Balance"]).toBe(50);
    const Line = [
      { Amount: 80, LinkedTxn: [{ TxnId: bill["Id"] ?? "", TxnType: "Bill" }] },
      { Amount: 30, LinkedTxn: [{ TxnId: credit["Id"] ?? "", TxnType: "VendorCredit" }] },
    ];
    const paid = await simulator.mutate({
      entity: "BillPayment",
      operation: "create",
      record: { ...record, TotalAmt: 50, Line },
    });
    expect(await simulator.one("Bill", idOf(bill))).toMatchObject({
      Balance: 0,
      LinkedTxn: [{ TxnId: paid["Id"], TxnType: "BillPaymentCheck" }],
    });
    expect((await simulator.one("Vendor", "5"))["Balance"]).toBe(0);
    const refused = await simulator.control("mutate", { entity: "Bill", operation: "void", id: bill["Id"] });
    expect(refused.status).toBe(400);
  });

  it("takes the excess back from payments when an invoice shrinks under them", async () => {
    const simulator = await start();
    const made = await simulator.mutate(invoice("4", 100));
    const paid = await simulator.mutate(payment("4", 90, { [idOf(made)]: 90 }));
    await simulator.mutate({ entity: "Invoice", operation: "update", id: idOf(made), record: { TotalAmt: 70 } });
    expect(await simulator.one("Invoice", idOf(made))).toMatchObject({ TotalAmt: 70, Balance: 0 });
    expect(await simulator.one("Payment", idOf(paid))).toMatchObject({ UnappliedAmt: 20 });
    expect(await balances(simulator, "4")).toEqual([-20, -20]);
  });

  it("refuses to pay more than is open, and changes nothing then", async () => {
    const simulator = await start();
    const made = await simulator.mutate(invoice("4", 10));
    const refused = await simulator.control("mutate", payment("4", 20, { [idOf(made)]: 20 }));
    expect(refused.status).toBe(400);
    expect(await simulator.rows("Payment", "select * from Payment")).toEqual([]);
    expect(await balances(simulator, "4")).toEqual([10, 10]);
  });

  it("keeps the home value of a foreign document beside its own", async () => {
    const simulator = await start();
    const CurrencyRef = { value: "EUR", name: "Euro" };
    await simulator.mutate({
      entity: "Preferences",
      operation: "update",
      id: "1",
      record: { CurrencyPrefs: { MultiCurrencyEnabled: true } },
    });
    const buyer = await simulator.mutate({
      entity: "Customer",
      operation: "create",
      record: { DisplayName: "Wiener", CurrencyRef },
    });
    const made = await simulator.mutate(invoice(idOf(buyer), 100, { ExchangeRate: 1.1 }));
    expect(made).toMatchObject({ CurrencyRef, Balance: 100, HomeBalance: 110, HomeTotalAmt: 110, ExchangeRate: 1.1 });
    await simulator.mutate(payment(idOf(buyer), 40, { [idOf(made)]: 40 }));
    expect(await simulator.one("Invoice", idOf(made))).toMatchObject({ Balance: 60, HomeBalance: 66 });
  });
});

describe("what happens to names and lists", () => {
  it("renames the full names below, and the references of documents, without touching the documents", async () => {
    const simulator = await start();
    const { MetaData, ...made } = await simulator.mutate(invoice("1", 5));
    await simulator.mutate({
      entity: "Customer",
      operation: "rename",
      id: "1",
      record: { DisplayName: "Freeman & Co" },
    });
    expect((await simulator.one("Customer", "3"))["FullyQualifiedName"]).toBe("Freeman & Co:Ocean View:Kitchen");
    const after = await simulator.one("Invoice", idOf(made));
    expect(after["CustomerRef"]).toEqual({ value: "1", name: "Freeman & Co" });
    expect(after).toMatchObject({ SyncToken: "0", MetaData });
  });

  it("merges: the survivor takes documents, children and balance; the loser is gone", async () => {
    const simulator = await start();
    const made = await simulator.mutate(invoice("2", 25));
    await simulator.mutate({ entity: "Customer", operation: "merge", id: "2", into: "4" });
    expect(await simulator.one("Invoice", idOf(made))).toMatchObject({
      CustomerRef: { value: "4", name: "Amy's Bird Sanctuary" },
    });
    expect((await simulator.api("customer/2")).status).toBe(400);
    expect(await balances(simulator, "4")).toEqual([25, 25]);
    expect(await balances(simulator, "1")).toEqual([0, 0]);
    expect(await simulator.one("Customer", "3")).toMatchObject({
      ParentRef: { value: "4" },
      FullyQualifiedName: "Amy's Bird Sanctuary:Kitchen",
      Level: 1,
    });
  });

  it("makes inactive with a balancing credit memo, and active again under the old name", async () => {
    const simulator = await start();
    await simulator.mutate(invoice("4", 25));
    const gone = await simulator.mutate({ entity: "Customer", operation: "inactivate", id: "4" });
    expect(gone).toMatchObject({ Active: false, DisplayName: "Amy's Bird Sanctuary (deleted)", Balance: 0 });
    expect(await simulator.rows("CreditMemo", "select * from CreditMemo")).toMatchObject([{ TotalAmt: 25 }]);
    expect(await simulator.rows("Customer", "select * from Customer where Id = '4'")).toEqual([]);
    const back = await simulator.mutate({ entity: "Customer", operation: "activate", id: "4" });
    expect(back).toMatchObject({
      Active: true,
      DisplayName: "Amy's Bird Sanctuary",
      FullyQualifiedName: "Amy's Bird Sanctuary",
    });
  });
});
