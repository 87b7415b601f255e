import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isRecord } from "../src/json.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command; with `whileRunning` it is ended by SIGTERM once that is through. */
async function run(args: readonly string[], whileRunning?: (line: string) => Promise<void>): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args]);
  let out = "";
  let err = "";
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  const announced = new Promise<string>((resolve) => {
    child.stdout.on("data", (part: Buffer) => {
      out += part.toString();
      if (out.includes("\n")) resolve(out);
    });
  });
  child.stderr.on("data", (part: Buffer) => {
    err += part.toString();
  });
  if (whileRunning !== undefined) {
    const line = await Promise.race([announced, ended.then(() => "")]);
    try {
      if (line !== "") await whileRunning(line);
    } finally {
      child.kill("SIGTERM");
    }
  }
  return ended;
}

describe("the command line", () => {
  it("prints one line of JSON when it listens, serves several companies, and ends cleanly", async () => {
    const folder = await mkdtemp(join(tmpdir(), "quickbooks simulator "));
    try {
      await writeFile(join(folder, "company.json"), JSON.stringify({ Vendor: [{ Id: "1", DisplayName: "Filed" }] }));
      const { code, out } = await run(
        ["--json", "--company", folder, "--company", `77=${folder}`, "--switch", "mergeLoser=inactive"],
        async (line) => {
          const announced: unknown = JSON.parse(line);
          const url = isRecord(announced) && typeof announced["url"] === "string" ? announced["url"] : "";
          const state = await (await fetch(`${url}/_control/state`)).text();
          expect(state.match(/Filed/g)).toHaveLength(2);
          const switches = await (await fetch(`${url}/_control/switches`)).text();
          expect(switches).toContain('"mergeLoser":"inactive"');
          const taken = await run(["--port", new URL(url).port]);
          expect([taken.code, taken.err]).toEqual([1, expect.stringContaining("The port is in use.")]);
        },
      );
      expect(code).toBe(0);
      expect(out.trim().split("\n")).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [["--company", "/nowhere/at/all"], "cannot be read"],
    [["--company", main], "is not JSON"],
    [["--port", "many"], "--port must be a whole number"],
    [["--profile", "storm"], "--profile must be one of calm"],
    [["--switch", "mergeLosers=gone"], "mergeLosers"],
    [["--generate", "people=5"], "people"],
    [["--webhook-url", "http://127.0.0.1:1/"], "together"],
    [["--unknown"], "--help"],
  ])("ends with one line that says what to do and exit code 1: %j", async (args, part) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(part);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});
