import { describe, expect, it } from "vitest";
import { OperatorError } from "../../domain/index.ts";
import { erasedTexts } from "./patterns.ts";

describe("what is erased", () => {
  it("is an address, a telephone number or a full name", () => {
    for (const text of ["ann@x.example", "+49 30 1234567", "Ann Lee", "Ana María de la Cruz"])
      expect(erasedTexts([text]).texts).toEqual([text]);
  });

  it("is never a single word, a few digits, or nothing", () => {
    for (const text of ["customer", "", "  ", "1234", "a b", "Ann", "x".repeat(300)])
      expect(() => erasedTexts([text])).toThrow(OperatorError);
    expect(() => erasedTexts([])).toThrow(OperatorError);
  });

  it("does not repeat the text in what it says", () => {
    expect(() => erasedTexts(["Wolfeschlegelsteinhausen"])).not.toThrow("Wolfe");
  });

  it("is looked for as it is: nothing in it works as an expression", () => {
    const { inText, inJson } = erasedTexts(['Ann "A.*" Lee (x)']);
    expect(inText).toContain('Ann\\s+"A\\.\\*"\\s+Lee\\s+\\(x\\)');
    expect(inJson).toContain('\\\\"A\\.\\*\\\\"');
  });
});
