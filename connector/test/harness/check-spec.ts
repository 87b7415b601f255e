import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Declares the tests that hold a SPEC.md and the tests that it names together: from each invariant to its test, and from the test back. */
export function checkSpec(of: { spec: string; letter: string; atLeast: number }): void {
  const text = readFileSync(`${root}${of.spec}`, "utf8");
  const rows = text.matchAll(new RegExp(`^\\| (${of.letter}\\d+) \\| .+? \\| (.+) \\|$`, "gm"));
  const invariants = [...rows].map(([, name = "", shown = ""]) => ({
    name,
    tests: [...shown.matchAll(/`([^`]+)`: "([^"]+)"/g)].map(([, file = "", title = ""]) => ({ file, title })),
  }));

  describe("SPEC.md", () => {
    it("numbers its invariants without a gap, each with at least one test", () => {
      expect(invariants.map(({ name }) => name)).toEqual(invariants.map((_, at) => `${of.letter}${at + 1}`));
      expect(invariants.length).toBeGreaterThanOrEqual(of.atLeast);
      for (const { name, tests } of invariants) expect(tests, name).not.toEqual([]);
    });

    it.each(invariants.flatMap(({ name, tests }) => tests.map((test) => ({ name, ...test }))))(
      "$name is shown by a test of that name in $file, which names it",
      ({ name, file, title }) => {
        const source = readFileSync(`${root}${file}`, "utf8");
        expect(source).toContain(title);
        expect(source).toMatch(new RegExp(`// SPEC\\.md [^\\n]*\\b${name}\\b`));
      },
    );
  });
}
