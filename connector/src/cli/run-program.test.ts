import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createTerminal } from "./output/index.ts";
import { buildProgram } from "./program.ts";
import { runProgram, wantsJson } from "./run-program.ts";

async function run(words: string[], debug: boolean) {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const terminal = createTerminal({ input, output, errors }, { json: wantsJson(words), noColour: true });
  const program = buildProgram([
    (parent) =>
      parent
        .command("demo")
        .option("--json")
        .option("--late")
        .action((options: { late?: true }) => {
          if (options.late) terminal.report({ parse: (value) => value }, { done: true }, () => "done");
          throw new Error("it broke");
        }),
  ]);
  const exitCode = await runProgram(program, words, { terminal, logHint: "The log says more.", debug });
  return { exitCode, output: String(output.read() ?? ""), errors: String(errors.read() ?? "") };
}

describe("runProgram", () => {
  it("runs a command that boot registers, and shows no stack unless it was asked for", async () => {
    expect(await run(["demo"], false)).toEqual({
      exitCode: 1,
      output: "",
      errors: "This should not have happened: it broke. The log says more.\n",
    });
    expect((await run(["demo"], true)).errors).toContain("run-program.test.ts");
  });

  it("adds no second line of JSON to a result that was printed before the fault", async () => {
    expect((await run(["demo", "--json", "--late"], false)).output).toBe('{"done":true}\n');
    expect((await run(["demo", "--json"], false)).output.split("\n")).toHaveLength(2);
  });

  it("answers help with 0 and a missing command with 2", async () => {
    expect((await run(["demo", "--nope"], false)).exitCode).toBe(2);
    expect((await run(["nope"], false)).errors).toBe("unknown command 'nope'. See: ml-connector --help\n");
  });
});

describe("wantsJson", () => {
  it("looks no further than the end of options", () => {
    expect([wantsJson(["status", "--json"]), wantsJson(["why", "--", "--json"]), wantsJson([])]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
