// What goes wrong while the service runs: deliveries that are not what they should be, and a consent that ends.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { onlyLine, type Product, startProduct, verifier } from "../harness/product.ts";
import type { LogLine, Program } from "../harness/program.ts";
import { type Recorder, startRecorder } from "../harness/recorder.ts";
import { addresses, smallAccount, smallCompany } from "../harness/small-world.ts";

const sign = (body: string) => createHmac("sha256", verifier).update(body).digest("base64");
const event = (realm: string, type: string, id: string) => ({
  specversion: "1.0",
  id: `event-${id}`,
  source: "intuit.x",
  type,
  time: "2026-11-22T10:00:00Z",
  intuitentityid: id,
  intuitaccountid: realm,
});

describe("a running service", () => {
  let product: Product;
  let service: Program;
  let recorders: Recorder[];
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    recorders = [await startRecorder(product.quickbooks.url), await startRecorder(product.zendesk.url)];
    product.env["QUICKBOOKS_BASE_URL"] = recorders[0]?.url ?? "";
    product.env["ZENDESK_BASE_URL"] = recorders[1]?.url ?? "";
    // As much as it ever says.
    product.env["ML_CONNECTOR_LOG_LEVEL"] = "trace";
    const { code } = await product.connect("--yes", "--json");
    expect(code).toBe(0);
    service = await product.start();
    await product.quiet();
  });
  afterAll(async () => {
    await product?.close();
    for (const recorder of recorders ?? []) await recorder.close();
  });

  async function deliver(body: string, signature = sign(body)): Promise<number> {
    const answer = await fetch(`${product.url}/webhooks/quickbooks`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "intuit-signature": signature },
    });
    await answer.text();
    return answer.status;
  }

  /** What the log gained meanwhile. */
  async function linesOf(work: () => Promise<void>): Promise<LogLine[]> {
    const before = service.log().length;
    await work();
    return service.log().slice(before);
  }

  const marks = () =>
    product.withDatabase(async (database) => {
      const rows = await database.selectFrom("mark").select("key").orderBy("key").execute();
      return rows.map(({ key }) => key);
    });
  const openIncidents = async () => {
    const { connections, incidents } = (await product.json("status")) as unknown as {
      connections: { state: string; pausedBy: string | null; incidents: Incident[]; next: object[] }[];
      incidents: Incident[];
    };
    return { connection: connections[0], incidents };
  };
  const polls = async () => ((await product.quickbooksControl("GET", "counters")) as { cdc?: number }).cdc ?? 0;
  const setUp = { entity: "Invoice", operation: "create" };
  const invoice = (amount: number) => ({
    ...setUp,
    record: { CustomerRef: { value: "8" }, TxnDate: "2026-11-02", DueDate: "2026-12-12", TotalAmt: amount },
  });
  const gorse = async () =>
    (await product.organization((await product.standing("customer:8")).organizationId)).organization_fields;

  it("answers 401 to a wrong signature, stores nothing and says one line", async () => {
    const body = JSON.stringify([event(product.quickbooks.realm, "qbo.customer.updated.v1", "8")]);
    const lines = await linesOf(async () => {
      expect(await deliver(body, sign(`${body} `))).toBe(401);
    });
    expect(lines).toEqual([
      expect.objectContaining({ reason: "bad signature", msg: expect.stringMatching(/refused/) }),
    ]);
    expect(await marks()).toEqual([]);
  });

  it("answers 413 to an oversized body, stores nothing and says one line", async () => {
    const body = JSON.stringify(
      Array.from({ length: 8_000 }, (_, n) => event(product.quickbooks.realm, "qbo.customer.updated.v1", String(n))),
    );
    expect(Buffer.byteLength(body)).toBeGreaterThan(1024 * 1024);
    const lines = await linesOf(async () => {
      expect(await deliver(body)).toBe(413);
    });
    expect(lines).toEqual([expect.objectContaining({ msg: expect.stringMatching(/refused/) })]);
    expect(await marks()).toEqual([]);
  });

  it("answers 200 to what is signed and no JSON, says one line, and finds by a poll what it may have meant", async () => {
    const before = await polls();
    await product.quickbooksControl("POST", "mutate", { mutations: [{ ...invoice(7), silent: true }] });
    const lines = await linesOf(async () => {
      expect(await deliver("[{ this is no JSON")).toBe(200);
    });
    expect(lines).toEqual([expect.objectContaining({ msg: expect.stringMatching(/unreadable/) })]);
    await eventually(async () => (await gorse())["qbo_open_amount"] === 57, 15_000);
    expect(await polls()).toBe(before + 1);
  });

  it("answers 200 to events of a company that is not connected, says one line, and opens one incident", async () => {
    const body = JSON.stringify([event("1234567890", "qbo.customer.updated.v1", "8")]);
    const lines = await linesOf(async () => {
      expect(await deliver(body)).toBe(200);
      await eventually(() => service.log().some(({ msg }) => /not connected/.test(msg)));
    });
    expect(lines).toHaveLength(1);
    expect(await deliver(body)).toBe(200);
    const { incidents } = await openIncidents();
    expect(incidents.filter(({ cause }) => cause.startsWith("webhook-unknown-company"))).toEqual([
      expect.objectContaining({ cause: "webhook-unknown-company:1234567890", affected: 1 }),
    ]);
  });

  it("is paused once, with one incident, when QuickBooks revokes the consent; it keeps every mark and goes on after a new consent", async () => {
    await product.revokeConsent();
    await product.change(invoice(3));
    await eventually(async () => (await openIncidents()).connection?.state === "paused", 30_000);
    await product.change(invoice(4), { entity: "Customer", operation: "create", record: { DisplayName: "Latecomer" } });
    await eventually(async () => (await product.unacknowledged()) === 0);
    const { connection } = await openIncidents();
    expect(connection).toMatchObject({ pausedBy: expect.stringMatching(/^quickbooks:/) });
    expect(connection?.incidents).toEqual([
      expect.objectContaining({ cause: connection?.pausedBy, affected: 1, says: expect.stringMatching(/QuickBooks/) }),
    ]);
    expect(connection?.next).toContainEqual(expect.objectContaining({ command: "ml-connector connect simulator" }));
    expect((await marks()).length).toBeGreaterThanOrEqual(3);

    const again = await product.connect("--json");
    expect(again).toMatchObject({ code: 0 });
    expect(onlyLine(again)).toMatchObject({ connectionId: 1, plan: { state: "applied" }, approved: true });
    await product.quiet();
    expect((await gorse())["qbo_open_amount"]).toBe(64);
    expect((await openIncidents()).connection).toMatchObject({ state: "active", pausedBy: null, incidents: [] });
    expect(await product.verdict()).toMatchObject({ different: 0, duplicates: 0, differences: [] });
  });

  it("wrote no address, token or secret into its log, whatever passed between it and the two systems", () => {
    const log = service.err();
    expect(log.length).toBeGreaterThan(200);
    const passed = recorders.flatMap((recorder) => recorder.secrets());
    // Both consents' codes and states, access and refresh tokens, the client's own credentials.
    expect(passed.length).toBeGreaterThan(8);
    for (const secret of [...passed, ...addresses, verifier, "simulator-secret"]) expect(log).not.toContain(secret);
    for (const line of log.split("\n").filter((each) => each !== "")) expect(line).toMatch(/^\{.*\}$/);
  });
});

interface Incident {
  cause: string;
  says: string;
  affected: number;
}
