import { describe, expect, it } from "vitest";
import { type Entity, type JsonObject } from "../../domain/index.ts";
import { toCopies } from "./record-copies.ts";

const options = {
  homeCurrency: "CAD",
  emailAddresses: (text: string) => text.split(/[,;]/).map((part) => part.trim().toLowerCase()),
};
const head = {
  Id: "8",
  SyncToken: "2",
  MetaData: { CreateTime: "2026-03-31T17:00:01-07:00", LastUpdatedTime: "2026-04-08T13:15:36-07:00" },
};
const copies = (entity: Entity, ...rows: JsonObject[]) => toCopies(entity, rows, options);
const invoice = { ...head, TxnDate: "2026-01-22", CustomerRef: { value: "24" }, TotalAmt: 459, Balance: 239 };

async function party(entity: "Customer" | "Vendor", row: JsonObject) {
  const [copy] = (await copies(entity, { ...head, ...row })).records;
  if (copy?.kind !== "party") throw new Error("no party");
  return copy.party;
}
async function document(entity: Entity, row: JsonObject) {
  const [copy] = (await copies(entity, { ...head, ...row })).records;
  if (copy?.kind !== "document") throw new Error("no document");
  return copy.document;
}

describe("a party", () => {
  it("is read as Intuit's sample company has it", async () => {
    const found = await party("Customer", {
      DisplayName: "0969 Ocean View Road",
      FullyQualifiedName: "Freeman:0969 Ocean View Road",
      CompanyName: "Freeman",
      GivenName: "Sasha",
      Job: true,
      IsProject: false,
      ParentRef: { value: "7" },
      Balance: 477.5,
      CurrencyRef: { value: "USD", name: "United States Dollar" },
      SalesTermRef: { value: "3" },
      PrimaryPhone: { FreeFormNumber: " (415) 555-9933" },
      PrimaryEmailAddr: { Address: "Sporting_goods@Intuit.com; second@x.test, second@x.test" },
      BillAddr: {
        Id: "8",
        Line1: "370 Easy St.",
        Line3: " ",
        City: "Middlefield",
        CountrySubDivisionCode: "CA",
        PostalCode: "94482",
        Lat: "INVALID",
      },
      Unheard: { of: [1] },
    });
    expect(found).toMatchObject({
      kind: "customer",
      id: "8",
      active: true,
      parentId: "7",
      topId: "7",
      isProject: false,
      currency: "USD",
      termsId: "3",
      phone: "(415) 555-9933",
      addresses: ["sporting_goods@intuit.com", "second@x.test"],
      billingAddress: "370 Easy St.\nMiddlefield, CA 94482",
    });
    expect(found.balance.toString()).toBe("477.5");
  });

  it("of a company with one currency has that one, and a vendor is its own top", async () => {
    expect(
      await party("Vendor", { DisplayName: "Books", TermRef: { value: "5" }, Mobile: { FreeFormNumber: "1" } }),
    ).toMatchObject({
      kind: "vendor",
      currency: "CAD",
      topId: "8",
      fullyQualifiedName: "Books",
      termsId: "5",
      phone: "1",
      billingAddress: undefined,
    });
  });

  it("keeps its whole record, for mappings may name any field of it", async () => {
    const [copy] = (await copies("Customer", { ...head, DisplayName: "A", Notes: "n" })).records;
    expect(copy?.kind === "party" && copy.record).toMatchObject({ Notes: "n" });
    expect(copy).toMatchObject({
      syncToken: 2,
      createdAt: head.MetaData.CreateTime,
      updatedAt: head.MetaData.LastUpdatedTime,
    });
  });
});

describe("a document", () => {
  it("names what it is applied to once, wherever QuickBooks says it", async () => {
    const links = [
      { TxnId: "96", TxnType: "Invoice" },
      { TxnId: "97", TxnType: "BillPaymentCheck" },
      { TxnId: "98", TxnType: "StatementCharge" },
    ];
    const found = await document("Payment", {
      ...invoice,
      LinkedTxn: links,
      Line: [{ Amount: 1, LinkedTxn: links }, { Amount: 2 }],
    });
    expect(found.linked).toEqual([
      { entity: "Invoice", id: "96" },
      { entity: "BillPayment", id: "97" },
    ]);
  });

  it("has the unapplied credit of its kind", async () => {
    const unapplied = async (entity: Entity, row: JsonObject) =>
      (await document(entity, { ...invoice, ...row })).unapplied.toString();
    expect(await unapplied("CreditMemo", { RemainingCredit: 60, Balance: 100 })).toBe("60");
    expect(await unapplied("CreditMemo", { Balance: 100 })).toBe("100");
    expect(await unapplied("Payment", { UnappliedAmt: 5.5 })).toBe("5.5");
    expect(await unapplied("VendorCredit", { VendorRef: { value: "1" }, Balance: 7 })).toBe("7");
    expect(await unapplied("Invoice", { Balance: 7 })).toBe("0");
  });

  it("is voided only with the word and without amounts", async () => {
    const voided = async (row: JsonObject) => (await document("Invoice", { ...invoice, ...row })).voided;
    expect(await voided({ TotalAmt: 0, Balance: 0, PrivateNote: "Voided - by Ann" })).toBe(true);
    expect(await voided({ TotalAmt: 0, Balance: 0 })).toBe(false);
    expect(await voided({ TotalAmt: 5, Balance: 0, PrivateNote: "Voided" })).toBe(false);
  });

  it("belongs to a vendor only where QuickBooks says vendor", async () => {
    const purchase = { ...head, TxnDate: "2026-01-01", TotalAmt: 1 };
    const found = await copies(
      "Purchase",
      { ...purchase, EntityRef: { value: "5", type: "Vendor" } },
      { ...purchase, Id: "9", EntityRef: { value: "5", type: "Customer" } },
      { ...purchase, Id: "10" },
    );
    expect(found.records.map(({ id }) => id)).toEqual(["8"]);
    expect(found.passedOver.map(({ id }) => id)).toEqual(["9", "10"]);
  });

  it("keeps day, exchange rate and home value as they were sent", async () => {
    const found = await document("Invoice", {
      ...invoice,
      TxnDate: "2026-01-22-08:00",
      ExchangeRate: "1.0834567890123456",
      HomeBalance: 12.34,
    });
    expect(found.date).toBe("2026-01-22");
    expect(found.exchangeRate?.toString()).toBe("1.0834567890123456");
    expect(found.homeBalance?.toString()).toBe("12.34");
  });
});

describe("a record", () => {
  it("that was deleted is hearsay with its time", async () => {
    const { records, gone } = await copies("Invoice", {
      Id: "9",
      status: "Deleted",
      domain: "QBO",
      MetaData: { LastUpdatedTime: "t" },
    });
    expect([records, gone]).toEqual([[], [{ entity: "Invoice", id: "9", at: "t" }]]);
  });

  it("that cannot be read is passed over with its id and the field at fault, and without its content", async () => {
    for (const [row, where] of [
      [{ ...invoice, TotalAmt: "twelve" }, "TotalAmt"],
      [{ ...invoice, TxnDate: "soon" }, "TxnDate"],
      [{ ...invoice, TxnDate: "2026-13-01" }, "a date"],
      [{ ...head, CustomerRef: { value: "1" } }, "TxnDate"],
      [{ Id: "8" }, "MetaData"],
    ] as const) {
      const { records, unreadable } = await copies("Invoice", row);
      expect(records).toEqual([]);
      expect(unreadable).toEqual([
        { entity: "Invoice", id: "8", which: "Invoice 8", because: { kind: "form", where } },
      ]);
    }
  });

  it("of reference kind keeps name and content", async () => {
    const { records } = await copies("Term", { ...head, Name: "Net 30", Type: "STANDARD", DueDays: 30 });
    expect(records).toMatchObject([{ kind: "reference", name: "Net 30", record: { DueDays: 30 } }]);
  });
});
