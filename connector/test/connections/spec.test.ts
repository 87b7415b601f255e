// From each invariant of the credentials' SPEC.md to its test, and from the test back.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const spec = readFileSync(`${root}connector/src/connections/credentials/SPEC.md`, "utf8");
const invariants = [...spec.matchAll(/^\| (C\d+) \| (.+?) \| (.+) \|$/gm)].map(([, name = "", , shown = ""]) => ({
  name,
  tests: [...shown.matchAll(/`([^`]+)`: "([^"]+)"/g)].map(([, file = "", title = ""]) => ({ file, title })),
}));

describe("SPEC.md", () => {
  it("numbers its invariants without a gap, each with at least one test", () => {
    expect(invariants.map(({ name }) => name)).toEqual(invariants.map((_, at) => `C${at + 1}`));
    expect(invariants.length).toBeGreaterThan(10);
    for (const { name, tests } of invariants) expect(tests, name).not.toEqual([]);
  });

  it.each(invariants.flatMap(({ name, tests }) => tests.map((test) => ({ name, ...test }))))(
    "$name is shown by a test of that name in $file, which names it",
    ({ name, file, title }) => {
      const text = readFileSync(`${root}${file}`, "utf8");
      expect(text).toContain(title);
      expect(text).toMatch(new RegExp(`// SPEC\\.md [^\\n]*\\b${name}\\b`));
    },
  );
});
