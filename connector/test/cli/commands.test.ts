// The everyday commands, one after the other as an operator meets them: what they print with --json, and what is then true in Zendesk.
import {
  auditResult,
  connectResult,
  dryRunResult,
  failed,
  planResult,
  replayResult,
  status,
  syncResult,
  whyResult,
} from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsThatMayWrite, type QuickbooksCall } from "../harness/only-reads.ts";
import { onlyLine, type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

const noEffects = { created: 0, updated: 0, linked: 0, unlinked: 0, cleared: 0, membersAdded: 0, parked: 0 };

describe("the command line", () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
  });
  afterAll(() => product?.close());

  /** Calls that wrote organizations, their fields or members to Zendesk so far. */
  async function writes(): Promise<number> {
    const counters = (await product.zendeskControl("GET", "counters")) as Record<string, number>;
    return Object.entries(counters).reduce(
      (sum, [operation, count]) =>
        /^(Create|Update|Delete|Bulk|Merge)\w*Organization/.test(operation) ? sum + count : sum,
      0,
    );
  }
  const fieldsOf = async (party: string) =>
    (await product.organization((await product.standing(party)).organizationId)).organization_fields;
  const bill = (customer: string, amount: number) =>
    product.change({
      entity: "Invoice",
      operation: "create",
      record: { CustomerRef: { value: customer }, TxnDate: "2026-11-02", DueDate: "2026-12-12", TotalAmt: amount },
    });

  it("connects, shows the plan, and writes nothing before it is approved", async () => {
    const connected = await product.connect("--json");
    expect(connected).toMatchObject({ code: 0, err: expect.stringContaining("plan approve --yes --connection 1") });
    const { plan, approved, load } = connectResult.parse(onlyLine(connected));
    expect({ state: plan.state, approved, load }).toEqual({ state: "proposed", approved: false, load: null });
    expect(plan.counts).toMatchObject({ parties: 10, create: 5, update: 1, parked: 2, outOfScope: 1, rolledUp: 1 });
    const shown = planResult.parse(await product.json("plan", "show"));
    expect(shown).toEqual({ plan, approved: false, load: null });
    expect(await writes()).toBe(0);
  });

  it("refuses to work before the approval, and says how to give it", async () => {
    const refused = await product.run("sync", "--json");
    expect(refused.code).toBe(1);
    const { error } = failed.parse(onlyLine(refused));
    expect(error).toEqual({ kind: "operator", says: expect.stringContaining("plan approve --connection 1") });
    expect(refused.err).toBe(`${error.says}\n`);
    const misspelt = await product.run("synk", "--json");
    expect(misspelt.code).toBe(2);
    expect(failed.parse(onlyLine(misspelt)).error).toMatchObject({
      kind: "usage",
      says: expect.stringMatching(/sync/),
    });
  });

  it("applies the approved plan, and nothing else", async () => {
    const { plan, approved, load } = planResult.parse(await product.json("plan", "approve", "--yes"));
    expect({ state: plan.state, approved, load }).toEqual({
      state: "approved",
      approved: true,
      load: { done: 6, total: 6, created: 5, updated: 1, parked: 2 },
    });
    expect(await product.verdict()).toMatchObject({
      cards: 6,
      equal: 6,
      different: 0,
      foreignTouched: 0,
      duplicates: 0,
    });
    const { connections } = status.parse(await product.json("status"));
    expect(connections).toEqual([
      expect.objectContaining({
        state: "active",
        company: "Simulated Company",
        zone: "America/Los_Angeles",
        parties: { total: 10, linked: 6, rolledUp: 1, parked: 2, ignored: 0, outOfScope: 1 },
        backlog: { due: 0, waiting: 0, oldestDueAt: null },
        incidents: [],
        next: [expect.objectContaining({ command: "ml-connector review list --connection 1" })],
      }),
    ]);
  });

  it("brings in what changed, once, and a second run writes nothing", async () => {
    await bill("2", 4.5);
    const before = await writes();
    expect(syncResult.parse(await product.json("sync"))).toMatchObject({
      read: "changes",
      settled: true,
      stillDue: 0,
      effects: { ...noEffects, updated: 1 },
    });
    expect(await fieldsOf("customer:2")).toMatchObject({ qbo_open_amount: 80 });
    expect(await writes()).toBe(before + 1);
    expect(syncResult.parse(await product.json("sync", "--full"))).toMatchObject({ effects: noEffects });
    expect(await writes()).toBe(before + 1);
  });

  it("tells in a dry run what would be written, and writes nothing", async () => {
    await product.json("review", "ignore", "customer:8");
    const before = await writes();
    const { counts, effects } = dryRunResult.parse(await product.json("sync", "--dry-run"));
    expect(effects.filter(({ effect }) => effect !== "unchanged" && effect !== "parked")).toContainEqual(
      expect.objectContaining({ party: "customer:8", effect: "clear", organization: "Gorse Gardens" }),
    );
    expect(counts).toMatchObject({ create: 0, update: 0 });
    expect(await writes()).toBe(before);
    expect(await fieldsOf("customer:8")).toMatchObject({ qbo_open_amount: 50 });
    expect(syncResult.parse(await product.json("sync"))).toMatchObject({ effects: { ...noEffects, cleared: 1 } });
    expect(await writes()).toBe(before + 1);
  });

  it("explains each value from its cause, with the same rows as the audit", async () => {
    const why = whyResult.parse(await product.json("why", "Birch Works"));
    expect(why).toMatchObject({ party: "customer:2", standing: { kind: "linked" }, answer: null });
    expect(why.card).toMatchObject({
      name: "Birch",
      read: "live",
      links: [{ party: "customer:2", origin: "adopted", step: "email" }],
      documents: { sides: [{ side: "customer", open: { count: 2, amount: "80" } }] },
    });
    const amount = why.card?.fields.find(({ key }) => key === "qbo_open_amount");
    expect(amount).toMatchObject({
      now: "80",
      wanted: "80",
      asWanted: true,
      changed: { before: "75.5", who: "engine" },
    });
    expect(amount?.changed?.causes.map(({ kind }) => kind)).toContain("poll");
    expect(why.card?.fields.filter(({ asWanted }) => !asWanted)).toEqual([]);

    const { rows } = auditResult.parse(await product.json("audit", "--party", "customer:2"));
    expect(rows[0]).toMatchObject({ id: amount?.changed?.entryId, action: "updated", outcome: "written" });
    expect(rows.map(({ action }) => action)).toEqual(["updated", "linked", "updated"]);
  });

  it("replays what has healed without a write, and says so", async () => {
    const before = await writes();
    expect(replayResult.parse(await product.json("replay", "customer:2"))).toMatchObject({
      replayed: { what: "party", party: "customer:2" },
      healed: true,
      settled: true,
      effects: noEffects,
    });
    expect(replayResult.parse(await product.json("replay", "--parked"))).toMatchObject({
      replayed: { what: "parked", parties: ["customer:3", "customer:4"] },
      healed: false,
      stillParked: 2,
    });
    expect(await writes()).toBe(before);
  });

  it("does the same beside a running service", async () => {
    await product.start();
    expect(status.parse(await product.json("status")).connections).toHaveLength(1);
    await product.quickbooksControl("POST", "mutate", {
      entity: "Customer",
      operation: "rename",
      id: "5",
      record: { DisplayName: "Elm Trading Company" },
      silent: true,
    });
    expect(syncResult.parse(await product.json("sync"))).toMatchObject({ settled: true });
    expect(await product.organization((await product.standing("customer:5")).organizationId)).toMatchObject({
      name: "Elm Trading Company",
    });
    const before = await writes();
    expect(replayResult.parse(await product.json("replay", "--all"))).toMatchObject({
      settled: true,
      effects: noEffects,
    });
    expect(await writes()).toBe(before);
    const standing = await product.standing("customer:8");
    await product.json("review", "undo", "customer:8");
    await product.quiet();
    expect(standing).toMatchObject({ disposition: "ignored" });
    expect(await fieldsOf("customer:8")).toMatchObject({ qbo_open_amount: 50 });
    expect(await product.verdict()).toMatchObject({ different: 0, foreignTouched: 0, duplicates: 0, differences: [] });
  });

  it("sent QuickBooks nothing but sign-ins, reads, queries, changes, and batches of queries", async () => {
    const { requests } = (await product.quickbooksControl("GET", "log")) as { requests: QuickbooksCall[] };
    expect(callsThatMayWrite(requests)).toEqual([]);
    expect(requests.map(({ operation }) => operation)).toEqual(expect.arrayContaining(["oauth.token", "query", "cdc"]));
  });
});
