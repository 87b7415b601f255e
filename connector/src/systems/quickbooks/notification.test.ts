import { describe, expect, it } from "vitest";
import { parseNotification } from "./notification.ts";

const parse = (body: unknown) => parseNotification(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)));
const event = (more: object = {}) => ({
  specversion: "1.0",
  id: "e-1",
  source: "intuit.x",
  type: "qbo.invoice.updated.v1",
  time: "2025-10-07T19:59:07.034359333Z",
  intuitentityid: "96",
  intuitaccountid: "310687",
  ...more,
});

describe("parseNotification", () => {
  it("reads CloudEvents of several companies, with and without data", () => {
    const found = parse([event(), event({ intuitaccountid: "42", type: "qbo.salesreceipt.void.v1", data: {} })]);
    expect(found).toEqual({
      kind: "changes",
      unknown: 0,
      changes: [
        {
          realm: "310687",
          key: { entity: "Invoice", id: "96" },
          type: "qbo.invoice.updated.v1",
          eventId: "e-1",
          at: "2025-10-07T19:59:07.034359333Z",
          deletedId: undefined,
        },
        expect.objectContaining({ realm: "42", key: { entity: "SalesReceipt", id: "96" } }),
      ],
    });
  });

  it("reads a single CloudEvent", () => {
    expect(parse(event())).toMatchObject({ kind: "changes", changes: [{ key: { entity: "Invoice" } }] });
  });

  it("tells survivor and loser of a merge apart, in both formats", () => {
    const merged = event({ type: "qbo.customer.merged.v1", intuitentityid: "123", data: { deletedid: "27" } });
    expect(parse([merged])).toMatchObject({ changes: [{ key: { entity: "Customer", id: "123" }, deletedId: "27" }] });
    const legacy = {
      eventNotifications: [
        {
          realmId: "310687",
          dataChangeEvent: {
            entities: [
              {
                name: "Customer",
                id: "1234",
                operation: "Merge",
                lastUpdated: "2025-09-08T20:52:31.657Z",
                deletedId: "27",
              },
            ],
          },
        },
      ],
    };
    const found = parse(legacy);
    expect(found).toMatchObject({
      changes: [{ realm: "310687", key: { entity: "Customer", id: "1234" }, type: "Customer.Merge", deletedId: "27" }],
    });
    expect(parse(legacy)).toEqual(found);
  });

  it.each(["updated", "created", "deleted", "emailed", "void", "voided", "merged"])(
    "takes the operation %s",
    (operation) => {
      expect(parse([event({ type: `qbo.invoice.${operation}.v1` })])).toMatchObject({ unknown: 0 });
    },
  );

  it("counts what it does not know, and keeps the rest", () => {
    const found = parse([
      event({ type: "qbo.class.created.v1" }),
      event({ type: "something else" }),
      event({ intuitaccountid: "not a realm" }),
      event({ intuitentityid: "1'; drop table mark" }),
      event({ id: undefined }),
      null,
      7,
      event(),
    ]);
    expect(found).toMatchObject({ kind: "changes", unknown: 7, changes: [{ eventId: "e-1" }] });
    expect(parse({ eventNotifications: [{ realmId: 5 }] })).toMatchObject({ kind: "changes", unknown: 1 });
  });

  it("calls unreadable what has no form of ours, and never throws", () => {
    for (const body of [
      "",
      "{",
      "<xml/>",
      "null",
      '"text"',
      {},
      { eventNotifications: "x" },
      Array(5001).fill(event()),
    ])
      expect(parse(body)).toEqual({ kind: "unreadable" });
    expect(parse([])).toEqual({ kind: "changes", changes: [], unknown: 0 });
  });

  it("keeps only texts that a database can hold", () => {
    const found = parse(JSON.stringify([event({ id: "a\u0000b" })]));
    expect(found.kind === "changes" && found.changes[0]?.eventId).toBe("a b");
  });
});
