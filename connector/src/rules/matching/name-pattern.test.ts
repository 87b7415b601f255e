import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitsPattern } from "./index.ts";

describe("fitsPattern", () => {
  it("takes names as a person reads the pattern", () => {
    expect(fitsPattern("test*", "Test customer 5")).toBe(true);
    expect(fitsPattern("*test", "A TEST ")).toBe(true);
    expect(fitsPattern("*(do not use)*", "Acme (Do Not Use) old")).toBe(true);
    expect(fitsPattern("a*b*c", "a-b-b-c")).toBe(true);
    expect(fitsPattern("*", "")).toBe(true);
    expect(fitsPattern("Straße*", "STRASSE 5")).toBe(true);
  });
  it("takes nothing else", () => {
    expect(fitsPattern("test", "Test 2")).toBe(false);
    expect(fitsPattern("ab*ba", "aba")).toBe(false);
    expect(fitsPattern("a*b*c", "acb")).toBe(false);
    expect(fitsPattern("a.c", "abc")).toBe(false);
    expect(fitsPattern("", "a")).toBe(false);
  });
  it("is quick for hostile patterns and names", () => {
    const started = performance.now();
    expect(fitsPattern("*a".repeat(100), `${"a".repeat(20_000)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(100);
  });
  it("finds every name that was made of its pieces", () => {
    const piece = fc.stringMatching(/^[a-z(]{0,6}$/);
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.array(piece, { minLength: 5, maxLength: 5 }),
        (pieces, between) => {
          const name = pieces.map((text, place) => (place === 0 ? text : `${between[place] ?? ""}${text}`)).join("");
          expect(fitsPattern(pieces.join("*"), name)).toBe(true);
        },
      ),
    );
  });
});
