import { PassThrough } from "node:stream";
import {
  batchList,
  batchUndone,
  bulkResult,
  duplicateList,
  ignoreList,
  ignoreRuleResult,
  severalClients,
} from "@ml-connector/contract";
import { describe, expect, it } from "vitest";
import { createTerminal } from "../output/index.ts";
import { buildProgram } from "../program.ts";
import { runProgram, wantsJson } from "../run-program.ts";
import { everydayCommands } from "./index.ts";
import { sampleApplication } from "./sample-application.ts";
import { acmeOrganization, otherOrganization, sampleNow, sampleWorld } from "./sample-world.ts";

/** Commands that follow each other on one world. */
function person() {
  const application = sampleApplication(sampleWorld());
  return async (line: string) => {
    const words = line.split(" ");
    const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const terminal = createTerminal({ input, output, errors }, { json: wantsJson(words), noColour: false });
    const session = {
      terminal,
      withApplication: <Result>(work: (of: typeof application) => Promise<Result>) => work(application),
      now: () => sampleNow,
      who: "jo (command line)",
    };
    const exitCode = await runProgram(buildProgram(everydayCommands(session)), words, {
      terminal,
      logHint: "The log says more.",
      debug: false,
    });
    const text = String(output.read() ?? "");
    return { exitCode, text, errors: String(errors.read() ?? ""), json: () => JSON.parse(text) as unknown };
  };
}

describe("answers by rule", () => {
  it("are shown and not stored, until --yes stores them as one batch with the command that undoes it", async () => {
    const run = person();
    const shown = bulkResult.parse((await run("review answer link --candidates one --same-domain --json")).json());
    expect(shown).toMatchObject({ applied: false, batch: null, answers: 1, undo: null });
    expect(shown.examples).toEqual([
      {
        party: "customer:31",
        displayName: "Heron Gardens",
        organization: { organizationId: 35_436_000_000_009, name: "VIP" },
      },
    ]);
    expect(batchList.parse((await run("review batches --json")).json()).batches).toEqual([]);

    const stored = bulkResult.parse((await run("review answer link --candidates one --yes --json")).json());
    expect(stored).toMatchObject({ applied: true, undo: "ml-connector review undo-batch 1 --connection 1" });
    expect((await run("review batches")).text).toContain(
      "link to the only candidate everybody who waits with one candidate",
    );
    expect(batchUndone.parse((await run("review undo-batch 1 --json")).json())).toMatchObject({ batch: 1, answers: 1 });
    expect(await run("review undo-batch 1")).toMatchObject({ exitCode: 1 });
  });
  it("that fit nobody say so", async () => {
    const { text, exitCode } = await person()("review answer create --name nobody");
    expect(exitCode).toBe(0);
    expect(text).toContain("Nobody who waits fits");
  });
  it("are refused with words for what is wrong", async () => {
    const run = person();
    expect(await run("review answer delete")).toMatchObject({ exitCode: 2 });
    expect(await run(`review answer create --name ${"x".repeat(201)}`)).toMatchObject({ exitCode: 2 });
    expect(await run("review answer create --reason because")).toMatchObject({ exitCode: 2 });
    expect(await run("review undo-batch 0")).toMatchObject({ exitCode: 2 });
  });
});

describe("what a person says once and for all", () => {
  it("leaves out names with --yes only, and ends the rule again", async () => {
    const run = person();
    const shown = ignoreRuleResult.parse((await run("review ignore-names test* --json")).json());
    expect(shown).toMatchObject({ applied: false, rule: null, parties: 1, linked: 0 });
    expect(ignoreRuleResult.parse((await run("review ignore-names test* --yes --json")).json())).toMatchObject({
      applied: true,
      rule: 1,
    });
    expect(ignoreList.parse((await run("review ignored --json")).json()).more).toBe(false);
    expect((await run("review end-rule 1")).text).toContain("Rule 1 has ended");
    expect(await run("review end-rule 1")).toMatchObject({ exitCode: 1 });
  });
  it("of an organization that several clients share: not of one that shows a card, nor of one that is not there", async () => {
    const run = person();
    const said = severalClients.parse((await run(`review several-clients ${otherOrganization} --json`)).json());
    expect(said.organizations).toEqual([{ organizationId: otherOrganization, name: "VIP", who: "jo" }]);
    expect(await run(`review several-clients ${otherOrganization}`)).toMatchObject({ exitCode: 1 });
    expect((await run(`review several-clients ${acmeOrganization}`)).errors).toContain("shows customer:12 already");
    expect((await run("review several-clients 35436000000777")).errors).toContain("has no organization");
    expect(
      severalClients.parse((await run(`review several-clients ${otherOrganization} --undo --json`)).json()),
    ).toEqual({
      connectionId: 1,
      organizations: [],
    });
    expect(await run("review several-clients --undo")).toMatchObject({ exitCode: 1 });
  });
  it("lists possible duplicates, each with the command that joins and the one that dismisses", async () => {
    const run = person();
    const { pairs } = duplicateList.parse((await run("review duplicates --json")).json());
    expect(pairs).toMatchObject([
      {
        score: 0.91,
        join: "ml-connector review link customer:31 35436000000009 --connection 1",
        dismiss: "ml-connector review not-duplicates 35436000000001 35436000000009 --connection 1",
      },
    ]);
    expect((await run("review not-duplicates 35436000000001 35436000000009")).text).toContain("two clients");
    expect(await run("review not-duplicates 5 5")).toMatchObject({ exitCode: 1 });
  });
});
