import { fitResult, planList, whyResult } from "@ml-connector/contract";
import { describe, expect, it } from "vitest";
import { run } from "./sample-run.ts";
import { acmeOrganization, otherOrganization, sampleEntry, sampleWorld } from "./sample-world.ts";

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
