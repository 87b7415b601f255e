import { createHmac } from "node:crypto";
import { request as plainRequest } from "node:http";
import { Writable } from "node:stream";
import Fastify from "fastify";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { priorities, type Subdomain } from "../../src/domain/index.ts";
import { webhookRoutes } from "../../src/http/webhook-routes.ts";
import { createIncidentStore } from "../../src/store/incident-store.ts";
import { createReceiptStore } from "../../src/store/receipt-store.ts";
import { Receipts } from "../../src/sync/intake/index.ts";
import { parseNotification, verifyIntuitSignature } from "../../src/systems/quickbooks/index.ts";
import { eventually, testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

const verifier = "verifier-token";
const store = await testDatabase();
const woken: Subdomain[] = [];
const incidents = createIncidentStore(store.database);
const receipts = new Receipts({
  store: createReceiptStore(store.database),
  incidents,
  wake: (subdomain) => Promise.resolve(void woken.push(subdomain)),
  monotonicMs: () => performance.now(),
});
const appOfTests = { clientId: "simulator-client", realms: undefined };
/** Lines that say more than that a request came and went. */
const lines: string[] = [];
const observed: string[] = [];
const app = Fastify({
  logger: {
    stream: new Writable({
      write: (line, _encoding, done) =>
        done(void (/"reqId":.*"req":|"res":/.test(String(line)) || lines.push(String(line)))),
    }),
  },
});
webhookRoutes(app, {
  verify: (body, signature) =>
    Promise.resolve(verifyIntuitSignature(body, signature, [verifier]) ? appOfTests : undefined),
  parse: parseNotification,
  receipts,
  receiveFromZendesk: () => Promise.resolve("unknown-path"),
  signatureRefused: () => Promise.resolve(),
  observe: (outcome) => void observed.push(outcome),
});
const url = await app.listen({ port: 0, host: "127.0.0.1" });
afterAll(async () => {
  await app.close();
  await receipts.close();
  await store.close();
});

const first = await makeConnection(store.database, { realm: "310687", subdomain: "acme" });
const second = await makeConnection(store.database, { realm: "310688", subdomain: "beta" });
await makeConnection(store.database, { realm: "310689", subdomain: "gamma", clientId: "another-app" });

beforeEach(async () => {
  await store.database.deleteFrom("mark").execute();
  await store.database.deleteFrom("incident").execute();
  await store.database.updateTable("connection").set({ poll_due_at: null, state: "active" }).execute();
  lines.length = 0;
  woken.length = 0;
});

const sign = (body: string) => createHmac("sha256", verifier).update(body).digest("base64");
const event = (realm: string, type: string, id: string, more: object = {}) => ({
  specversion: "1.0",
  id: `event-${realm}-${type}-${id}`,
  source: "intuit.x",
  type,
  time: "2026-11-22T10:00:00Z",
  intuitentityid: id,
  intuitaccountid: realm,
  ...more,
});
const deliver = (body: string, headers: Record<string, string> = {}, path = "/webhooks/quickbooks") =>
  fetch(url + path, {
    method: "POST",
    body,
    headers: { "content-type": "application/cloudevents+json", "intuit-signature": sign(body), ...headers },
  });
const marked = async () => {
  const rows = await store.database.selectFrom("mark").select(["connection_id", "key"]).orderBy("key").execute();
  return rows.map((row) => `${row.connection_id === first.connectionId ? "first" : "second"} ${row.key}`).toSorted();
};

describe("a webhook delivery", () => {
  it("marks what it names, for every company in it, and is answered 200 after the commit", async () => {
    const body = JSON.stringify([
      event("310687", "qbo.invoice.updated.v1", "96"),
      event("310688", "qbo.vendor.created.v1", "4", { data: {} }),
    ]);
    expect((await deliver(body)).status).toBe(200);
    expect(await marked()).toEqual(["first Invoice:96", "second Vendor:4"]);
    const row = await store.database
      .selectFrom("mark")
      .selectAll()
      .where("key", "=", "Invoice:96")
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      priority: priorities.live,
      causes: [{ kind: "webhook", eventId: "event-310687-qbo.invoice.updated.v1-96", type: "qbo.invoice.updated.v1" }],
    });
    await eventually(() => woken.length === 2);
    expect(woken.toSorted()).toEqual(["acme", "beta"]);
  });

  it("in the legacy form, without a content type, or with a nonsensical one is read all the same", async () => {
    const body = JSON.stringify({
      eventNotifications: [
        {
          realmId: "310687",
          dataChangeEvent: {
            entities: [{ name: "Customer", id: "1", operation: "Update", lastUpdated: "2026-11-22T10:00:00.000Z" }],
          },
        },
      ],
    });
    expect((await deliver(body, { "content-type": "text/nonsense; x" })).status).toBe(200);
    expect((await deliver(body, { "content-type": "garbage" })).status).toBe(200);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = plainRequest(`${url}/webhooks/quickbooks`, {
        method: "POST",
        headers: { "intuit-signature": sign(body), "content-length": Buffer.byteLength(body) },
      });
      call.on("response", (answer) => resolve(answer.resume().statusCode)).on("error", reject);
      call.end(body);
    });
    expect(status).toBe(200);
    expect(await marked()).toEqual(["first Customer:1"]);
  });

  it("of a merge marks survivor and loser", async () => {
    const body = JSON.stringify([event("310687", "qbo.customer.merged.v1", "12", { data: { deletedid: "27" } })]);
    await deliver(body);
    expect(await marked()).toEqual(["first Customer:12", "first Customer:27"]);
    const causes = await store.database.selectFrom("mark").select("causes").orderBy("key").execute();
    expect(causes.flatMap((row) => row.causes.map((cause) => "mergedInto" in cause && cause.mergedInto))).toEqual([
      false,
      "12",
    ]);
  });

  it("that comes twice leaves one mark, with both causes counted", async () => {
    const body = JSON.stringify([event("310687", "qbo.invoice.updated.v1", "96")]);
    await Promise.all([deliver(body), deliver(body)]);
    const row = await store.database.selectFrom("mark").select(["cause_count"]).executeTakeFirstOrThrow();
    expect(row.cause_count).toBe(2);
  });

  it("with a bad signature, or none, is answered 401, stores nothing and leaves one log line without its body", async () => {
    const body = JSON.stringify([event("310687", "qbo.invoice.updated.v1", "96")]);
    for (const signature of ["", "1234", sign(`${body} `)]) {
      lines.length = 0;
      const answer = await deliver(body, { "intuit-signature": signature });
      expect([answer.status, await answer.json()]).toEqual([401, { error: "unauthorized" }]);
      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toContain("310687");
    }
    expect(await marked()).toEqual([]);
  });

  it("at an unknown path is answered exactly as with a bad signature", async () => {
    const body = JSON.stringify([event("310687", "qbo.invoice.updated.v1", "96")]);
    const [unsigned, lost] = await Promise.all([
      deliver(body, { "intuit-signature": "1234" }),
      deliver(body, {}, "/webhooks/quickbooks/old"),
    ]);
    expect([lost.status, await lost.text()]).toEqual([unsigned.status, await unsigned.text()]);
    expect(await marked()).toEqual([]);
  });

  it("larger than a megabyte is refused before it is hashed, with one log line", async () => {
    const answer = await deliver(`["${"x".repeat(1024 * 1024)}"]`, { "intuit-signature": "1234" });
    expect(answer.status).toBe(413);
    expect(lines).toHaveLength(1);
  });

  it("signed but unreadable is answered 200, and every company of that app is polled now", async () => {
    expect((await deliver("not json at all")).status).toBe(200);
    const rows = await store.database
      .selectFrom("connection")
      .select(["realm", "poll_due_at"])
      .orderBy("realm")
      .execute();
    expect(rows.map((row) => [row.realm, row.poll_due_at !== null])).toEqual([
      ["310687", true],
      ["310688", true],
      ["310689", false],
    ]);
    expect((await incidents.open()).map((incident) => incident.cause)).toEqual(["webhook-unreadable"]);
    expect(observed.at(-1)).toBe("unreadable");
  });

  it("of unknown companies and unknown types is counted, answered 200, and an incident only once a day", async () => {
    const before = receipts.counts();
    const body = JSON.stringify([
      event("999", "qbo.invoice.updated.v1", "1"),
      event("310689", "qbo.invoice.updated.v1", "1"),
      event("310687", "qbo.spaceship.created.v1", "1"),
    ]);
    for (let times = 0; times < 3; times += 1) expect((await deliver(body)).status).toBe(200);
    expect(await marked()).toEqual([]);
    const counts = receipts.counts();
    expect(counts.unknownRealms - before.unknownRealms).toBe(6);
    expect(counts.unknownEvents - before.unknownEvents).toBe(3);
    const open = await incidents.open();
    expect(open.map(({ cause, affected }) => `${cause} ${affected}`).toSorted()).toEqual([
      "webhook-unknown-company:310689 1",
      "webhook-unknown-company:999 1",
      "webhook-unknown-event 1",
    ]);
  });

  it("for a paused connection is marked, but wakes nobody; for a disconnected one it is unknown", async () => {
    const body = JSON.stringify([
      event("310687", "qbo.invoice.updated.v1", "96"),
      event("310688", "qbo.bill.updated.v1", "5"),
    ]);
    await store.database
      .updateTable("connection")
      .set({ state: "paused" })
      .where("id", "=", first.connectionId)
      .execute();
    await store.database
      .updateTable("connection")
      .set({ state: "disconnected" })
      .where("id", "=", second.connectionId)
      .execute();
    expect((await deliver(body)).status).toBe(200);
    expect(await marked()).toEqual(["first Invoice:96"]);
    await receipts.close();
    expect(woken).toEqual([]);
  });

  it("is answered 503 when the database does not take it, so that QuickBooks delivers again", async () => {
    const broken = new Receipts({
      store: {
        commitReceipts: () => Promise.reject(new Error("away")),
        makePollsDue: () => Promise.reject(new Error("away")),
      },
      incidents,
      wake: () => Promise.resolve(),
      monotonicMs: () => performance.now(),
    });
    const other = Fastify();
    webhookRoutes(other, {
      verify: () => Promise.resolve(appOfTests),
      parse: parseNotification,
      receipts: broken,
      receiveFromZendesk: () => Promise.resolve("unknown-path"),
      signatureRefused: () => Promise.resolve(),
      observe: () => undefined,
    });
    const body = JSON.stringify([event("310687", "qbo.invoice.updated.v1", "96")]);
    const answer = await other.inject({ method: "POST", url: "/webhooks/quickbooks", payload: body });
    expect(answer.statusCode).toBe(503);
    await other.close();
  });

  it("of a thousand at once loses none, and shares its commit with others", async () => {
    const bodies = Array.from({ length: 1000 }, (_, n) =>
      JSON.stringify([event("310687", "qbo.invoice.updated.v1", String(n + 1))]),
    );
    const answers = await Promise.all(bodies.map((body) => deliver(body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await marked()).toHaveLength(1000);
    const written = await store.database.selectFrom("mark").select("first_at").distinct().execute();
    // How many share one depends on how fast they come; that they do is what `CommitQueue` promises.
    expect(written.length).toBeLessThan(900);
  });
});
