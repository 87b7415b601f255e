import { PassThrough } from "node:stream";
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
  planList,
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
import { createTerminal } from "../output/index.ts";
import { buildProgram } from "../program.ts";
import { runProgram, wantsJson } from "../run-program.ts";
import { everydayCommands } from "./index.ts";
import { sampleApplication } from "./sample-application.ts";
import {
  acmeOrganization,
  otherOrganization,
  type SampleWorld,
  sampleConnection,
  sampleDifference,
  sampleEntry,
  sampleNow,
  sampleReport,
  sampleWorld,
} from "./sample-world.ts";

interface Ran {
  exitCode: number;
  output: string;
  errors: string;
  /** The one line of standard output. */
  json: () => unknown;
}

async function run(line: string, world: SampleWorld = sampleWorld()): Promise<Ran> {
  const words = line.split(" ");
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const terminal = createTerminal({ input, output, errors }, { json: wantsJson(words), noColour: false });
  const session = {
    terminal,
    withApplication: <Result>(work: (application: ReturnType<typeof sampleApplication>) => Promise<Result>) =>
      work(sampleApplication(world)),
    now: () => sampleNow,
    who: "jo (command line)",
  };
  const exitCode = await runProgram(buildProgram(everydayCommands(session)), words, {
    terminal,
    logHint: "The log says more.",
    debug: false,
  });
  const [said, remarked] = [output, errors].map((stream) => String(stream.read() ?? ""));
  return {
    exitCode,
    output: said ?? "",
    errors: remarked ?? "",
    json: () => {
      const lines = (said ?? "").split("\n");
      expect(lines).toHaveLength(2);
      expect(lines[1]).toBe("");
      return JSON.parse(lines[0] ?? "");
    },
  };
}

describe("every command with --json", () => {
  const table = [
    ["start --json", startResult],
    ["connect sample.zendesk.com --yes --json", connectResult],
    ["connect sample --json", connectResult],
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

describe("review", () => {
  it("lists candidates with numbers and evidence, without what a name could do to a terminal", async () => {
    const { output } = await run("review list");
    expect(output).toContain("1) Boreal [31m Inc");
    expect(output).toContain("e-mail bob@boreal.example");
  });

  it("links to a candidate by its number and says how to undo it", async () => {
    const world = sampleWorld();
    const { output } = await run("review link Boreal 1", world);
    expect(world.answers.get("customer:20")).toEqual({ kind: "link", organizationId: otherOrganization });
    expect(output).toContain("ml-connector review undo customer:20 --connection 1");
    await run("review undo customer:20", world);
    expect(world.answers.size).toBe(0);
  });

  it("does not put a party on somebody else's card without --yes, and says whose it is", async () => {
    const world = sampleWorld();
    const refused = await run(`review link customer:20 ${acmeOrganization}`, world);
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toContain("shows customer:12 already");
    expect(world.answers.size).toBe(0);
    await run(`review link customer:20 ${acmeOrganization} --yes`, world);
    expect(world.answers.get("customer:20")).toEqual({ kind: "link", organizationId: acmeOrganization });
  });

  it("refuses an organization that Zendesk does not have", async () => {
    const world = sampleWorld();
    const ran = await run("review link customer:20 35436999999999", world);
    expect(ran.errors).toContain("no organization");
    expect(world.answers.size).toBe(0);
  });

  it("sends an answer about a sub-customer to the top of its family", async () => {
    const ran = await run("review create customer:13");
    expect(ran.errors).toBe("customer:13 (Roof) is shown with customer:12: answer for that one instead.\n");
  });

  it("stores no answer at all when one of several parties is misspelt", async () => {
    const world = sampleWorld();
    expect((await run("review ignore customer:20 customer:99", world)).exitCode).toBe(1);
    expect(world.answers.size).toBe(0);
  });

  it("says that there is nothing to undo", async () => {
    expect((await run("review undo customer:20")).errors).toContain("nothing to undo");
  });
});

describe("why", () => {
  it("leads from the link over the documents to each field and its cause", async () => {
    const result = whyResult.parse((await run("why customer:12 --json")).json());
    expect(result.card?.links[0]).toMatchObject({ step: "email", evidence: ["e-mail jo@acme.example of 2 users"] });
    expect(result.card?.documents.open[0]).toMatchObject({ entity: "Invoice", balance: "250", total: "300.1" });
    const amount = result.card?.fields.find(({ key }) => key === "qbo_open_amount");
    expect(amount).toMatchObject({ now: "250", wanted: "250", asWanted: true });
    expect(amount?.changed).toMatchObject({
      before: "100",
      causes: [{ eventId: "e-1" }],
      requestIds: { zendesk: "zd-1" },
    });
    expect(result.card?.fields.find(({ key }) => key === "qbo_status")).toMatchObject({
      asWanted: false,
      changed: null,
    });
    expect(result.card?.fields.find(({ key }) => key === "qbo_active")?.asWanted).toBe(true);
  });

  it("shows a sub-customer with the card of its family", async () => {
    const result = whyResult.parse((await run("why Roof --json")).json());
    expect(result).toMatchObject({ party: "customer:13", standing: { kind: "rolled-up", into: "customer:12" } });
    expect(result.card?.organizationId).toBe(acmeOrganization);
  });
});

describe("audit", () => {
  it("is a table, newest first, and says how to go on", async () => {
    const world = {
      ...sampleWorld(),
      journal: [sampleEntry(1, "created"), sampleEntry(2, "updated"), sampleEntry(3, "linked")],
    };
    const { output } = await run("audit --limit 2", world);
    expect(output.indexOf("linked")).toBeLessThan(output.indexOf("updated"));
    expect(output).not.toContain("created");
    expect(output).toContain("--before 2");
    expect(output).toContain("2026-11-22 10:00:01");
  });
});

describe("fit", () => {
  it("says what would link, be created and wait, and what is missing", async () => {
    const { output } = await run("fit");
    expect(output).toContain("This Zendesk plan has no custom objects.");
    expect(output).toContain("Nothing was written for this report.");
    expect(fitResult.parse((await run("fit --json")).json())).toMatchObject({ link: 1, create: 1, review: 1 });
  });
});

describe("plans", () => {
  it("are listed, set aside, stopped and approved by whoever sits here", async () => {
    const world = sampleWorld();
    expect(planList.parse((await run("plan list --json", world)).json()).plans.map(({ id }) => id)).toEqual([3]);
    await run("plan discard", world);
    await run("apply --stop", world);
    await run("apply --yes", world);
    await run("apply --canary --yes", world);
    await run("apply --changed customer:12 --yes", world);
    expect(world.requests).toEqual([
      "discard 3 by jo (command line)",
      "stop 3 by jo (command line)",
      "approve 3 by jo (command line)",
      "try 3 by jo (command line)",
      "approve changed of 3 by jo (command line)",
    ]);
  });

  it("are not applied where nobody can be asked and nobody said --yes", async () => {
    const world = sampleWorld();
    expect((await run("apply", world)).errors).toContain("--yes");
    expect(world.requests).toEqual([]);
  });

  it("are undone only when that was agreed to", async () => {
    const world = sampleWorld();
    const { output } = await run("restore 3", world);
    expect(output).toContain("ml-connector restore 3 --yes");
    expect(world.requests).toEqual([]);
  });

  it("come from settings that touch many organizations alone", async () => {
    const world = sampleWorld();
    expect((await run("settings set tolerance 2.50", world)).output).toContain("ml-connector apply 3");
    expect((await run("settings set pollMinutes 30", world)).output).toContain("from now on");
    expect(world.requests).toEqual(['settings {"tolerance":"2.50"}', 'settings {"pollMinutes":30}']);
  });
});
