import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { situation } from "./hand-worked-account.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

function run(args: readonly string[], input: unknown) {
  const text = typeof input === "string" ? input : JSON.stringify(input);
  return spawnSync(process.execPath, [main, ...args], { input: text, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

describe("the comparison program", () => {
  it("ends with 0 and one line of JSON where all is right", () => {
    const ended = run(["--input", "-", "--json"], situation());
    expect(ended.status).toBe(0);
    expect(ended.stdout.trimEnd().split("\n").length).toBe(1);
    const verdict: unknown = JSON.parse(ended.stdout);
    expect(verdict).toEqual({ cards: 7, equal: 7, different: 0, foreignTouched: 0, duplicates: 0, differences: [] });
  });

  it("ends with 1 and names the value where one differs", () => {
    const given = situation();
    Object.assign(given.account.organizations[0]?.["organization_fields"] ?? {}, { qbo_open_count: 7 });
    const ended = run(["--input", "-"], given);
    expect(ended.status).toBe(1);
    expect(ended.stdout).toContain("customer:1 in 501 qbo_open_count: expected 2, found 7");
  });

  it("ends with 2 and one line where nothing can be compared", () => {
    const ended = run(["--input", "-", "--json"], "{");
    expect(ended.status).toBe(2);
    expect(ended.stdout).toBe("");
    expect(ended.stderr.trimEnd().split("\n").length).toBe(1);
    const lacking = run(["--input", "-", "--json"], { company: {} });
    expect(lacking.stderr).toBe('The comparison cannot be made: "connector" is missing\n');
  });
});
