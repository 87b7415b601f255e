import { describe, expect, it } from "vitest";
import { nameKey } from "./index.ts";

describe("a name key", () => {
  it("folds what full case folding folds, and lower case alone does not", () => {
    const equal: [string, string][] = [
      ["Straße", "STRASSE"],
      ["STRAẞE", "straße"],
      ["ΟΔΥΣΣΕΥΣ", "οδυσσευς"],
      ["οδυσσευσ", "οδυσσευς"],
      ["ﬁle", "FILE"],
      ["µm", "ΜM"],
      ["ſong", "Song"],
      ["K", "k"],
      ["Å", "å"],
      ["ǰ", "ǰ"],
      ["ᾳ", "ΑΙ"],
      ["ŉ", "ʼN"],
      ["Cafe\u0301", "CAF\u00c9"],
      ["ЁЖ", "ёж"],
    ];
    for (const [a, b] of equal) expect([a, nameKey(a)]).toEqual([a, nameKey(b)]);
  });
  it("keeps apart what folding keeps apart: dotless ı, dotted İ and accents", () => {
    expect(nameKey("ı")).not.toBe(nameKey("i"));
    expect(nameKey("I")).toBe(nameKey("i"));
    expect(nameKey("İ")).toBe("i\u0307");
    expect(nameKey("I\u0307")).toBe(nameKey("İ"));
    expect(nameKey("é")).not.toBe(nameKey("e"));
  });
  it("agrees with the engine's own case-insensitive comparison on every letter with a case", () => {
    const differing: string[] = [];
    for (let code = 0x41; code <= 0x1e943; code += 1) {
      if (code === 0xd800) code = 0xe000;
      const letter = String.fromCodePoint(code);
      for (const other of [letter.toLowerCase(), letter.toUpperCase()]) {
        if (other === letter || String.fromCodePoint(other.codePointAt(0) ?? 0) !== other) continue;
        // `iu` compares by simple folding (ECMA-262, Canonicalize): the single-letter part of full folding.
        const simplyEqual = new RegExp(`^${letter}$`, "iu").test(other);
        if (simplyEqual !== (nameKey(letter) === nameKey(other))) differing.push(`${letter} ${other}`);
      }
    }
    expect(differing).toEqual([]);
  });
  it("is the same when folded again", () => {
    for (const name of ["Straße", "İı", "ΣΑΣ", "ᾳﬁŉ", "ΐ"]) expect(nameKey(nameKey(name))).toBe(nameKey(name));
  });
});
