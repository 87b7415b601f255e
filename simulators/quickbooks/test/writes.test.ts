import { describe, expect, it } from "vitest";
import { isRecord, type JsonRecord } from "../src/json.ts";
import { smallCompany } from "./company.ts";
import { type Connected, connected, faultOf } from "./connected.ts";

async function start(): Promise<Connected> {
  return connected({ company: smallCompany() });
}

const line = {
  Amount: 12.5,
  DetailType: "SalesItemLineDetail",
  SalesItemLineDetail: { ItemRef: { value: "1" }, Qty: 1, UnitPrice: 12.5 },
};
const invoice = { CustomerRef: { value: "4" }, Line: [line] };

function inside(answer: { json: JsonRecord }, entity: string): JsonRecord {
  const found = answer.json[entity];
  if (!isRecord(found)) throw new Error(JSON.stringify(answer.json));
  return found;
}

describe("writes over the API", () => {
  it("creates, updates sparsely, refuses a stale SyncToken, deletes", async () => {
    const simulator = await start();
    const made = inside(await simulator.post("Invoice", invoice), "Invoice");
    expect(made).toMatchObject({ TotalAmt: 12.5, Balance: 12.5, SyncToken: "0", DocNumber: "1001" });
    const { Id = "", SyncToken = "" } = made;
    const change = { Id, SyncToken, sparse: true, PrivateNote: "late" };
    const updated = inside(await simulator.post("Invoice", change), "Invoice");
    expect(updated).toMatchObject({ PrivateNote: "late", SyncToken: "1", TotalAmt: 12.5 });
    expect(faultOf(await simulator.post("Invoice", change))).toMatchObject({ status: 400, code: "5010" });
    const deleted = await simulator.post("Invoice", { Id, SyncToken: "1" }, "?operation=delete");
    expect(deleted.json["Invoice"]).toEqual({ domain: "QBO", status: "Deleted", Id });
    expect(faultOf(await simulator.api(`invoice/${Id as string}`))).toMatchObject({ code: "610" });
  });

  it("clears what a full update leaves out", async () => {
    const simulator = await start();
    const full = { DisplayName: "Zoe", Notes: "tall", GivenName: "Zoe" };
    const { Id = "", SyncToken = "" } = inside(await simulator.post("Customer", full), "Customer");
    const after = inside(await simulator.post("Customer", { Id, SyncToken, DisplayName: "Zoe" }), "Customer");
    expect(after["Notes"]).toBeUndefined();
    expect(after["Balance"]).toBe(0);
  });

  it("shares one space of names among customers and vendors, but not among sub-customers of different parents", async () => {
    const simulator = await start();
    expect(faultOf(await simulator.post("Vendor", { DisplayName: "FREEMAN" }))).toMatchObject({ code: "6240" });
    expect(faultOf(await simulator.post("Customer", { DisplayName: "norton lumber" }))).toMatchObject({ code: "6240" });
    const kitchen = { DisplayName: "Kitchen", ParentRef: { value: "4" } };
    expect(inside(await simulator.post("Customer", kitchen), "Customer")).toMatchObject({
      FullyQualifiedName: "Amy's Bird Sanctuary:Kitchen",
      Job: true,
      Level: 1,
    });
  });

  it.each([
    ["Invoice", { CustomerRef: { value: "4" } }, "2020"],
    ["Invoice", { CustomerRef: { value: "4" }, Line: [{ Amount: 1 }] }, "2020"],
    ["Invoice", { ...invoice, CustomerRef: { value: "99" } }, "2500"],
    ["Invoice", { ...invoice, DocNumber: "1234567890123456789012" }, "2050"],
    ["Payment", { CustomerRef: { value: "4" } }, "2020"],
    ["Invoice", { ...invoice, CustomerRef: "4" }, "2010"],
    ["Customer", {}, "6080"],
    ["Customer", { DisplayName: "A:B" }, "6000"],
    ["Customer", { DisplayName: "Mail", PrimaryEmailAddr: { Address: "nobody" } }, "2210"],
    ["Bill", { VendorRef: { value: "5" }, Line: [] }, "2020"],
  ] as [string, JsonRecord, string][])("refuses a wrong %s %j with %s", async (entity, record, code) => {
    const simulator = await start();
    expect(faultOf(await simulator.post(entity, record))).toMatchObject({ status: 400, code });
  });

  it("refuses to delete list records, to void bills, and to inactivate with a balance", async () => {
    const simulator = await start();
    await simulator.post("Invoice", invoice);
    const gone = await simulator.post("Customer", { Id: "4", SyncToken: "0" }, "?operation=delete");
    expect(faultOf(gone)).toMatchObject({ code: "500" });
    const inactive = await simulator.post("Customer", { Id: "4", SyncToken: "0", sparse: true, Active: false });
    expect(faultOf(inactive).detail).toContain("non-zero balance");
    const other = await simulator.post("Customer", { Id: "3", SyncToken: "0", sparse: true, Active: false });
    expect(inside(other, "Customer")).toMatchObject({ Active: false, DisplayName: "Kitchen (deleted)" });
  });

  it("answers a body that is no JSON, and a path that is none, without falling over", async () => {
    const simulator = await start();
    const answer = await simulator.api("customer", { method: "POST", body: "{" });
    expect(faultOf(answer)).toMatchObject({ status: 400, code: "2010" });
    expect((await simulator.api("nothing/of/this")).status).toBe(404);
  });
});

describe("the batch endpoint", () => {
  it("keeps items apart: a fault of one leaves the others untouched", async () => {
    const simulator = await start();
    const BatchItemRequest = [
      { bId: "a", Query: "select count(*) from Customer" },
      { bId: "b", operation: "create", Vendor: { DisplayName: "Freeman" } },
      { bId: "c", operation: "create", Vendor: { DisplayName: "Brosnahan" } },
      { bId: "d", Query: "select * from Nothing" },
    ];
    const { json } = await simulator.post("batch", { BatchItemRequest });
    expect(json["BatchItemResponse"]).toMatchObject([
      { bId: "a", QueryResponse: { totalCount: 4 } },
      { bId: "b", Fault: { type: "ValidationFault", Error: [{ code: "6240" }] } },
      { bId: "c", Vendor: { DisplayName: "Brosnahan" } },
      { bId: "d", Fault: { Error: [{ code: "4001" }] } },
    ]);
  });

  it("takes 30 items and refuses 31", async () => {
    const simulator = await start();
    const items = (count: number) =>
      Array.from({ length: count }, (_, place) => ({ bId: String(place), Query: "select count(*) from Item" }));
    expect((await simulator.post("batch", { BatchItemRequest: items(30) })).status).toBe(200);
    expect(faultOf(await simulator.post("batch", { BatchItemRequest: items(31) }))).toMatchObject({ code: "1040" });
  });
});
