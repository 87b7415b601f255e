import { describe, expect, it } from "vitest";
import type { JsonRecord } from "../src/json.ts";
import { smallCompany } from "./company.ts";
import { answered, type Connected, connected, faultOf } from "./connected.ts";
import { receiver } from "./receiver.ts";

async function start(switches: JsonRecord): Promise<Connected> {
  const simulator = await connected({ company: smallCompany() });
  await simulator.control("switches", switches);
  return simulator;
}

describe("what the vendor refuses by the state of things", () => {
  it("says that the subscription has ended, and that the user lost access", async () => {
    const simulator = await start({ companyStatus: "ended" });
    expect(faultOf(await simulator.query("select * from Item"))).toMatchObject({ status: 400, code: "6190" });
    await simulator.control("switches", { companyStatus: "active", userAccess: "lost" });
    expect(faultOf(await simulator.api("companyinfo/1"))).toMatchObject({
      status: 401,
      code: "120",
      type: "AuthorizationFault",
    });
  });

  it("refuses an entity that the edition has not, wherever it is named, and only that", async () => {
    const simulator = await start({ refusedEntities: ["Purchase"] });
    const refused = [
      await simulator.query("select * from purchase"),
      await simulator.api("purchase/1"),
      await simulator.api(`cdc?entities=Invoice,Purchase&changedSince=${encodeURIComponent(new Date().toISOString())}`),
    ];
    expect(refused.map((answer) => faultOf(answer).code)).toEqual(["5020", "5020", "5020"]);
    expect((await simulator.query("select * from Invoice")).status).toBe(200);
  });

  it("writes nothing into closed books, but lets a person", async () => {
    const simulator = await start({});
    const record = { AccountingInfoPrefs: { BookCloseDate: "2026-06-30" } };
    await simulator.mutate({ entity: "Preferences", operation: "update", id: "1", record });
    const payment = (TxnDate: string) => ({ CustomerRef: { value: "4" }, TotalAmt: 5, TxnDate });
    expect(faultOf(await simulator.post("Payment", payment("2026-06-30")))).toMatchObject({ code: "6210" });
    expect((await simulator.post("Payment", payment("2026-07-01"))).status).toBe(200);
    await simulator.mutate({ entity: "Payment", operation: "create", record: payment("2026-06-30") });
  });

  it("refuses addresses and lists that are too long, where the switch says how long is too long", async () => {
    const simulator = await start({ longestUrl: 300, longestInList: 3 });
    expect(faultOf(await simulator.query("select * from Item where Id in ('1','2','3','4')"))).toMatchObject({
      code: "4001",
    });
    const long = await simulator.query(`select * from Item where Name = '${"x".repeat(300)}'`);
    expect([long.status, long.headers.get("content-type")]).toEqual([414, "text/html"]);
  });

  it("refuses PKCE where the switch says so", async () => {
    const simulator = await start({ pkce: "refused" });
    const ask = async (more: string) =>
      (
        await answered(
          await fetch(
            `${simulator.url}/connect/oauth2?client_id=simulator-client&response_type=code&scope=openid&state=s&redirect_uri=http://127.0.0.1:9/cb${more}`,
          ),
        )
      ).status;
    expect([await ask(""), await ask("&code_challenge=x")]).toEqual([200, 400]);
  });

  it("answers documents without ORDERBY newest change first, or by id", async () => {
    const simulator = await start({});
    await simulator.control("clock", { freeze: true });
    const ids: unknown[] = [];
    for (const TotalAmt of [1, 2, 3]) {
      const made = await simulator.mutate({
        entity: "Invoice",
        operation: "create",
        record: { CustomerRef: { value: "4" }, TotalAmt },
      });
      ids.push(made["Id"]);
      await simulator.control("clock", { advanceMs: 1000 });
    }
    const order = async () => (await simulator.rows("Invoice", "select * from Invoice")).map((row) => row["Id"]);
    expect(await order()).toEqual(ids.toReversed());
    await simulator.control("switches", { documentOrder: "id" });
    expect(await order()).toEqual(ids);
  });
});

describe("events told through the control port", () => {
  it("are of any entity and type, also of those that are not built", async () => {
    const inbox = await receiver();
    const simulator = await connected({ company: smallCompany(), webhook: { url: inbox.url, verifier: "v" } });
    const events = [
      { entity: "Estimate", id: "7", operation: "emailed" },
      { entity: "Class", id: "2", operation: "merged", deletedId: "3" },
    ];
    await simulator.control("events", { events });
    const [delivery] = await inbox.arrived(1);
    expect(JSON.parse(delivery?.body ?? "")).toMatchObject([
      { type: "qbo.estimate.emailed.v1", intuitentityid: "7" },
      { type: "qbo.class.merged.v1", intuitentityid: "2", data: { deletedid: "3" } },
    ]);
    expect((await simulator.control("events", { events: [] })).status).toBe(400);
  });
});
