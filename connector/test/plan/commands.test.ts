// Plans at the command line, as an operator meets them: what each command prints with --json, and what is then true in Zendesk.
import { applyResult, failed, planEnded, planList, restoreResult, settingsResult } from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onlyLine, type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

describe("plans at the command line", () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({
      company: smallCompany(),
      account: smallAccount(),
      database: "own",
    });
    const connected = await product.connect("--json");
    if (connected.code !== 0) throw new Error(connected.err);
  });
  afterAll(() => product?.close());

  const made = async () =>
    (await product.account()).organizations.filter(({ external_id }) => external_id?.startsWith("qbo:")).length;
  const birch = async () => {
    const { organizations } = await product.account();
    return organizations.find(({ name }) => name === "Birch")?.organization_fields ?? {};
  };

  it("are not applied where nobody can be asked", async () => {
    const ended = await product.run("apply", "--json");
    expect(ended.code).toBe(1);
    expect(failed.parse(onlyLine(ended)).error.says).toContain("--yes");
    expect(await made()).toBe(0);
  });

  it("are tried on one card of each kind with --canary", async () => {
    const tried = applyResult.parse(await product.json("apply", "--canary", "--yes"));
    expect(tried.progress.state).toBe("trying");
    expect(tried.tried.length).toBeGreaterThan(1);
    expect(tried.tried.every(({ different }) => different.length === 0)).toBe(true);
    expect(await made()).toBe(tried.tried.filter(({ effect }) => effect === "create").length);
  });

  it("are stopped with --stop, and applied as a whole without", async () => {
    expect(planEnded.parse(await product.json("apply", "--stop")).state).toBe("stopped");
    const applied = applyResult.parse(await product.json("apply", "--yes"));
    expect(applied.progress).toMatchObject({ state: "applied", planned: 0, failed: 0, changed: 0 });
    expect(await made()).toBe(5);
  });

  it("come from settings that touch many organizations, and change nothing before they are applied", async () => {
    const { plan } = settingsResult.parse(await product.json("settings", "set", "graceDays", "30"));
    expect(plan).toMatchObject({ change: { kind: "settings", patch: { graceDays: 30 } }, state: "proposed" });
    expect((await birch())["qbo_status"]).toBe("qbo_status_overdue");
    expect(applyResult.parse(await product.json("apply", "--yes")).progress.state).toBe("applied");
    expect((await birch())["qbo_status"]).toBe("qbo_status_open");
  });

  it("do not come from the others, which are in force at once; what is no setting is refused", async () => {
    const { settings, plan } = settingsResult.parse(await product.json("settings", "set", "pollMinutes", "60"));
    expect({ minutes: settings["pollMinutes"], plan }).toEqual({ minutes: 60, plan: null });
    expect((await product.run("settings", "set", "colour", "red", "--json")).code).toBe(1);
  });

  it("are set aside with plan discard, and listed with what became of them", async () => {
    await product.json("settings", "set", "graceDays", "5");
    expect(planEnded.parse(await product.json("plan", "discard")).state).toBe("discarded");
    const { plans } = planList.parse(await product.json("plan", "list"));
    expect(plans.map(({ id, state, change }) => [id, state, change.kind])).toEqual([
      [3, "discarded", "settings"],
      [2, "applied", "settings"],
      [1, "applied", "first-load"],
    ]);
    expect(plans[1]?.approvedBy).toContain("command line");
  });

  it("are undone with restore: a dry run first, then the former values, newest plan first", async () => {
    const refused = await product.run("restore", "1", "--json");
    expect(failed.parse(onlyLine(refused)).error.says).toContain("undo that one first");
    const dry = restoreResult.parse(await product.json("restore", "2"));
    expect(dry).toMatchObject({ restore: 1, remove: [], leave: [], progress: null });
    expect((await birch())["qbo_status"]).toBe("qbo_status_open");
    expect(restoreResult.parse(await product.json("restore", "2", "--yes")).progress?.state).toBe("applied");
    expect((await birch())["qbo_status"]).toBe("qbo_status_overdue");
    const first = restoreResult.parse(await product.json("restore", "1", "--yes"));
    expect(first.remove.map(({ organization }) => organization)).toContain("Gorse Gardens");
    // Its client became a member with the load, and goes first.
    expect(first.leave).toEqual([]);
    expect(first.remove.map(({ organization }) => organization)).toContain("Alder Joinery");
    expect(await made()).toBe(0);
    expect((await birch())["qbo_key"]).toBeNull();
  });
});
