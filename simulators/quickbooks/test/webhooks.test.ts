import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { JsonRecord } from "../src/json.ts";
import { smallCompany } from "./company.ts";
import { type Connected, connected, idOf } from "./connected.ts";
import { type Receiver, receiver, until } from "./receiver.ts";

const verifier = "verifier-token";

async function start(inbox: Receiver): Promise<Connected> {
  return connected({ company: smallCompany(), webhook: { url: inbox.url, verifier } });
}

function events(inbox: Receiver): JsonRecord[] {
  return inbox.received.flatMap(({ body }) => JSON.parse(body) as JsonRecord[]);
}

const vendorRecord = { entity: "Vendor", operation: "create", record: { DisplayName: "Brosnahan" } };

describe("webhooks", () => {
  it("sends a signed CloudEvents array for a change", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    const made = await simulator.mutate(vendorRecord);
    const [delivery] = await inbox.arrived(1);
    const expected = createHmac("sha256", verifier)
      .update(delivery?.body ?? "")
      .digest("base64");
    expect(delivery?.headers["intuit-signature"]).toBe(expected);
    expect(events(inbox)).toMatchObject([
      {
        specversion: "1.0",
        type: "qbo.vendor.created.v1",
        intuitentityid: made["Id"],
        intuitaccountid: simulator.realm,
      },
    ]);
  });

  it("tells of a merge by the survivor, with the loser's id in data", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    await simulator.mutate({ entity: "Customer", operation: "merge", id: "3", into: "4" });
    await inbox.arrived(1);
    expect(events(inbox)).toMatchObject([
      { type: "qbo.customer.merged.v1", intuitentityid: "4", data: { deletedid: "3" } },
    ]);
  });

  it("spells void as the portal does, and tells of the invoices that a payment touches", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    const party = { CustomerRef: { value: "4" } };
    const invoice = await simulator.mutate({
      entity: "Invoice",
      operation: "create",
      record: { ...party, TotalAmt: 9 },
    });
    const Line = [{ Amount: 9, LinkedTxn: [{ TxnId: idOf(invoice), TxnType: "Invoice" }] }];
    await simulator.mutate({ entity: "Payment", operation: "create", record: { ...party, TotalAmt: 9, Line } });
    await simulator.mutate({ entity: "Invoice", operation: "void", id: idOf(invoice) });
    await until(async () => events(inbox).some((event) => event["type"] === "qbo.invoice.void.v1"));
    expect(events(inbox).map((event) => event["type"])).toEqual([
      "qbo.invoice.created.v1",
      "qbo.invoice.updated.v1",
      "qbo.payment.created.v1",
      "qbo.payment.updated.v1",
      "qbo.invoice.void.v1",
    ]);
  });

  it("loses the event of a silent change, and sends none for CompanyInfo", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    await simulator.mutate({ ...vendorRecord, silent: true });
    await simulator.mutate({ entity: "CompanyInfo", operation: "update", id: "1", record: { CompanyName: "Acme" } });
    await simulator.mutate({ entity: "Vendor", operation: "create", record: { DisplayName: "Told" } });
    await inbox.arrived(1);
    expect(events(inbox)).toHaveLength(1);
  });

  it("retries on the simulated clock with the same event ids, and holds later events back meanwhile", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    await simulator.control("clock", { freeze: true });
    inbox.answerWith(500);
    await simulator.mutate(vendorRecord);
    await inbox.arrived(1);
    await simulator.mutate({ entity: "Vendor", operation: "create", record: { DisplayName: "Second" } });
    const isRetrying = async () => (await simulator.control("webhooks")).text.includes('"retrying"');
    await until(isRetrying);
    inbox.answerWith(200);
    await simulator.control("clock", { advanceMs: 9_999 });
    expect(inbox.received).toHaveLength(1);
    await simulator.control("clock", { advanceMs: 1 });
    const [first, again] = await inbox.arrived(3);
    expect(again?.body).toBe(first?.body);
    expect(inbox.received[2]?.body).not.toBe(first?.body);
  });

  it("takes a missing answer for a failure after three seconds", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    inbox.answerWith(undefined);
    await simulator.mutate(vendorRecord);
    await until(async () => (await simulator.control("webhooks")).text.includes('"timeout"'));
    const { json } = await simulator.control("webhooks");
    expect(json["deliveries"]).toMatchObject([{ state: "retrying", status: "timeout" }]);
  });

  it("writes the legacy object when told to", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    await simulator.control("webhooks", { url: inbox.url, verifier, format: "legacy" });
    await simulator.mutate({ entity: "Customer", operation: "merge", id: "3", into: "4" });
    const [delivery] = await inbox.arrived(1);
    expect(JSON.parse(delivery?.body ?? "")).toMatchObject({
      eventNotifications: [
        {
          realmId: simulator.realm,
          dataChangeEvent: { entities: [{ name: "Customer", id: "4", operation: "Merge", deletedId: "3" }] },
        },
      ],
    });
  });
});

describe("the many forms of webhooks", () => {
  it("leave data out, spell void otherwise, and change ids, times and content type as told", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    await simulator.control("switches", { voidSpelling: "voided" });
    await simulator.control("webhooks", {
      url: inbox.url,
      verifier,
      data: "absent",
      eventId: "uuid",
      timeDigits: 9,
      contentType: "application/cloudevents+json",
    });
    const record = { CustomerRef: { value: "4" }, TotalAmt: 9 };
    const invoice = await simulator.mutate({ entity: "Invoice", operation: "create", record });
    await simulator.mutate({ entity: "Invoice", operation: "void", id: idOf(invoice) });
    await until(async () => events(inbox).length === 2);
    expect(inbox.received[0]?.headers["content-type"]).toBe("application/cloudevents+json");
    const [created, voided] = events(inbox);
    expect(Object.keys(created ?? {}).sort()).toEqual([
      "id",
      "intuitaccountid",
      "intuitentityid",
      "source",
      "specversion",
      "time",
      "type",
    ]);
    expect(created?.["id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(created?.["time"]).toMatch(/T\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect(voided?.["type"]).toBe("qbo.invoice.voided.v1");
  });

  it("gather the events of a window, of several companies when told to", async () => {
    const inbox = await receiver();
    const simulator = await connected({
      company: smallCompany(),
      companies: { "77": smallCompany() },
      webhook: { url: inbox.url, verifier },
    });
    await simulator.control("clock", { freeze: true });
    await simulator.control("webhooks", { url: inbox.url, verifier, aggregationMs: 5000, mixedRealms: true });
    await simulator.mutate(vendorRecord);
    await simulator.control("clock", { advanceMs: 4000 });
    await simulator.mutate({ ...vendorRecord, record: { DisplayName: "Second" } });
    await simulator.mutate({ ...vendorRecord, realm: "77" });
    await simulator.control("clock", { advanceMs: 999 });
    expect(inbox.received).toHaveLength(0);
    await simulator.control("clock", { advanceMs: 5001 });
    await until(async () => events(inbox).length === 3);
    expect(inbox.received).toHaveLength(1);
    expect(new Set(events(inbox).map((event) => event["intuitaccountid"])).size).toBe(2);
  });

  it("repeat events with the same id, and lose them, by the share told", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    await simulator.control("clock", { freeze: true });
    await simulator.control("webhooks", { url: inbox.url, verifier, duplicates: 1 });
    await simulator.mutate(vendorRecord);
    await inbox.arrived(1);
    await until(async () => (await simulator.control("webhooks")).text.includes('"delivered"'));
    await simulator.control("clock", { advanceMs: 2000 });
    await inbox.arrived(2);
    expect(events(inbox)[1]?.["id"]).toBe(events(inbox)[0]?.["id"]);
    await simulator.control("profile", { webhooksLost: 1 });
    await simulator.mutate({ ...vendorRecord, record: { DisplayName: "Lost" } });
    expect((await simulator.control("webhooks")).json["waiting"]).toBe(0);
  });

  it("go past a delivery that fails when nothing blocks the line", async () => {
    const inbox = await receiver();
    const simulator = await start(inbox);
    await simulator.control("clock", { freeze: true });
    await simulator.control("webhooks", { url: inbox.url, verifier, headOfLine: false });
    inbox.answerWith(500);
    await simulator.mutate(vendorRecord);
    await inbox.arrived(1);
    inbox.answerWith(200);
    await simulator.mutate({ ...vendorRecord, record: { DisplayName: "Second" } });
    await inbox.arrived(2);
    await simulator.control("clock", { advanceMs: 10_000 });
    await inbox.arrived(3);
    expect(inbox.received[2]?.body).toBe(inbox.received[0]?.body);
  });
});
