import {
  answerResult,
  apiKeyList,
  auditResult,
  connectResult,
  dryRunResult,
  erasureResult,
  failed,
  fitResult,
  invitedOperator,
  madeApiKey,
  operatorList,
  operatorResult,
  planResult,
  replayResult,
  reviewList,
  startResult,
  status,
  syncResult,
  verifyResult,
  whyResult,
} from "@ml-connector/contract";
import { describe, expect, it } from "vitest";
import { run } from "./sample-run.ts";
import {
  acmeOrganization,
  sampleConnection,
  sampleDifference,
  sampleEntry,
  sampleReport,
  sampleWorld,
} from "./sample-world.ts";

describe("every command with --json", () => {
  const table = [
    ["start --json", startResult],
    ["connect sample.zendesk.com --yes --json", connectResult],
    ["connect sample --json", connectResult],
    ["connect sample --read-only --json", fitResult],
    ["plan show --json", planResult],
    ["plan approve --yes --json", planResult],
    ["status --json", status],
    ["sync --json", syncResult],
    ["sync --full --json", syncResult],
    ["sync --party customer:12 --json", syncResult],
    ["sync --dry-run --json", dryRunResult],
    ["review list --json", reviewList],
    ["review link customer:20 1 --json", answerResult],
    ["review join customer:20 customer:12 --json", answerResult],
    ["review create customer:20 vendor:5 --json", answerResult],
    ["review ignore Boreal --json", answerResult],
    ["why customer:12 --json", whyResult],
    ["why customer:13 --json", whyResult],
    ["why customer:20 --json", whyResult],
    ["audit --json", auditResult],
    ["replay customer:12 --json", replayResult],
    ["replay --parked --json", replayResult],
    ["replay --parked failed --json", replayResult],
    ["replay --all --json", replayResult],
    ["operators list --json", operatorList],
    ["operators add bo@example.com --name Bo --role viewer --connection 1 --json", invitedOperator],
    ["operators invite ada@example.com --json", invitedOperator],
    ["operators role Ada@Example.com --role admin --json", operatorResult],
    ["operators enable ada@example.com --json", operatorResult],
    ["api-keys list --json", apiKeyList],
    ["erase ann@x.example --yes --json", erasureResult],
    ["api-keys create nightly --role operator --connection 1 --days 90 --json", madeApiKey],
    ["verify --json", verifyResult],
    ["verify --repair --calls 40 --json", verifyResult],
  ] as const;
  it.each(table)("%s ends with one line that fits the contract", async (line, schema) => {
    const ran = await run(line);
    expect(ran.errors).not.toContain("should not have happened");
    expect(schema.safeParse(ran.json()).error).toBeUndefined();
    expect(ran.exitCode).toBe(0);
  });

  it.each(table)("%s says the same to people, on standard output, without JSON", async (line) => {
    const ran = await run(line.replace(" --json", ""));
    expect(ran.exitCode).toBe(0);
    expect(ran.output.trim()).not.toBe("");
    expect(ran.output).not.toContain('{"');
    expect(ran.output).not.toContain("\u001B");
    expect(ran.output).not.toContain("undefined");
  });

  it.each([
    ["why customer:99 --json", "operator", 1],
    ["why", "usage", 2],
    ["why customer:x --json", "usage", 2],
    ["sync --json --frob", "usage", 2],
    ["sync --connection 7 --json", "operator", 1],
  ])("%s fails in one line, and in JSON where that was asked for", async (line, kind, exitCode) => {
    const ran = await run(line);
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.errors.trim().split("\n")).toHaveLength(1);
    if (line.includes("--json")) expect(failed.parse(ran.json()).error.kind).toBe(kind);
    else expect(ran.output).toBe("");
  });
});

describe("connect", () => {
  it("shows one address after the other and stops after the plan where nobody can be asked", async () => {
    const world = sampleWorld();
    const { output, errors } = await run("connect sample", world);
    expect(errors.indexOf("http://localhost/quickbooks")).toBeGreaterThanOrEqual(0);
    expect(errors.indexOf("http://localhost/zendesk")).toBeGreaterThan(errors.indexOf("http://localhost/quickbooks"));
    expect(output).toContain("Boreal (customer:20)");
    expect(output).toContain("ml-connector plan approve --yes --connection 1");
    expect(world.requests).toEqual([]);
  });

  it("applies with --yes and tells what became of it", async () => {
    const world = sampleWorld();
    const result = connectResult.parse((await run("connect sample --yes --json", world)).json());
    expect(world.requests).toEqual(["approve 3 by jo (command line)"]);
    expect(result).toMatchObject({
      approved: true,
      plan: { state: "approved" },
      load: { done: 2, created: 1, updated: 1 },
    });
  });

  it("works the plan out anew on demand, but only before the first approval", async () => {
    const world = { ...sampleWorld(), plan: undefined, connections: [sampleConnection({ state: "planned" })] };
    expect((await run("plan show", world)).errors).toContain("There is no plan yet");
    expect(planResult.parse((await run("plan show --again --json", world)).json()).plan.id).toBe(3);
    expect((await run("plan show --again")).errors).toContain("ml-connector sync --dry-run --connection 1");
  });

  it("does not approve a plan that was approved before", async () => {
    const world = sampleWorld();
    if (world.plan) world.plan.state = "approved";
    const ran = await run("plan approve --yes", world);
    expect(ran.exitCode).toBe(1);
    expect(ran.errors).toBe("The latest plan is approved already: there is nothing to approve.\n");
  });
});

describe("status", () => {
  it("tells freshness in words, all five kinds, the incident and what to do next", async () => {
    const { output } = await run("status");
    expect(output).toContain("Sample & Sons -> Zendesk account sample");
    expect(output).toMatch(/Changes read:\s+2 min ago/);
    expect(output).toContain("4: 1 linked, 1 rolled up, 1 parked, 0 ignored, 1 out of scope");
    expect(output).toContain("Zendesk asks us to wait.");
    expect(output).toContain("ml-connector review list --connection 1");
  });

  it("says how to begin where nothing is connected", async () => {
    const world = { ...sampleWorld(), connections: [] };
    const { output } = await run("status", world);
    expect(output).toContain("ml-connector connect SUBDOMAIN");
  });
});

describe("sync and replay", () => {
  it("reads changes, everything or one party as it is told", async () => {
    const world = sampleWorld();
    await run("sync", world);
    await run("sync --full", world);
    await run("sync --party customer:12", world);
    expect(world.requests).toEqual(["poll", "sweep", "mark customer:12 by jo (command line): sync"]);
  });

  it("counts what the journal gained meanwhile, and nothing from before", async () => {
    const world = {
      ...sampleWorld(),
      onSettle: [sampleEntry(2, "updated"), sampleEntry(3, "created"), sampleEntry(4, "answered")],
    };
    const result = syncResult.parse((await run("sync --json", world)).json());
    expect(result.effects).toMatchObject({ updated: 1, created: 1, parked: 0 });
    expect((await run("replay customer:12", sampleWorld())).output).toContain("nothing had to be written");
  });

  it("ends with exit code 1 and still one line when the time was up", async () => {
    const ran = await run("sync --json", { ...sampleWorld(), stillDue: 2 });
    expect(ran.exitCode).toBe(1);
    expect(ran.json()).toMatchObject({ settled: false, stillDue: 2 });
  });

  it("asks nothing of a connection whose plan waits for approval", async () => {
    const world = { ...sampleWorld(), connections: [sampleConnection({ state: "planned" })] };
    const ran = await run("sync", world);
    expect(ran.errors).toContain("ml-connector plan approve --connection 1");
    expect(world.requests).toEqual([]);
  });
});

describe("verify", () => {
  const edited = sampleDifference({
    what: "fields-differ",
    organizationId: acmeOrganization,
    name: "Acme Ltd",
    fields: [{ key: "qbo_open_amount", wanted: "250", found: "9", remembered: "250" }],
    reason: "edited-in-zendesk",
    says: "Somebody changed it in Zendesk after we wrote or read it last.",
  });
  const stale = sampleDifference({ between: "quickbooks-and-copy", what: "record-differs", record: "Invoice:96" });

  it("groups what differs by its reason, unexplained first, and says how to have it looked at", async () => {
    const ran = await run("verify", { ...sampleWorld(), verified: sampleReport([edited, stale]) });
    expect(ran.exitCode).toBe(1);
    expect(ran.output).toContain("qbo_open_amount is 9, should be 250");
    expect(ran.output.indexOf("Invoice:96 customer:12")).toBeLessThan(ran.output.indexOf("Acme Ltd"));
    expect(ran.output).toContain("ml-connector verify --repair");
  });

  it("ends well where all that differs is on its way or waits for a person", async () => {
    const ran = await run("verify");
    expect(ran.exitCode).toBe(0);
    expect(ran.output).toContain("Parked: waiting for a person (1)");
    expect(ran.output).not.toContain("--repair");
  });

  it("says what a budget kept from being compared", async () => {
    const verified = { ...sampleReport([]), notCompared: [{ what: "Invoice", says: "The budget was used up." }] };
    expect((await run("verify --calls 5", { ...sampleWorld(), verified })).output).toContain(
      "- The budget was used up.",
    );
  });

  it("compares also what waits for approval, and nothing that is not loaded", async () => {
    const at = (state: "planned" | "loading") => ({ ...sampleWorld(), connections: [sampleConnection({ state })] });
    expect((await run("verify", at("planned"))).exitCode).toBe(0);
    expect((await run("verify", at("loading"))).errors).toContain("ml-connector status");
  });
});
