import { describe, expect, it } from "vitest";
import { cellsOf, oneLine, shortened } from "./plain-text.ts";

describe("oneLine", () => {
  it("takes away what moves a cursor, colours text or turns its direction", () => {
    expect(oneLine("Acme\u001B[2J\u001B]0;title\u0007 Ltd")).toBe("Acme [2J ]0;title Ltd");
    expect(oneLine("a\u009B31mb\u202Ec\u2066d\u200Fe")).toBe("a 31mbcde");
  });

  it("keeps accents, emoji and a joiner inside a word, and makes one line of several", () => {
    expect(oneLine("Zoë & Søn 🧾\r\n\tBäckerei  ")).toBe("Zoë & Søn 🧾 Bäckerei");
    expect(oneLine("👩\u200D👧")).toBe("👩\u200D👧");
  });
});

describe("shortened", () => {
  it("cuts between letters, never inside one", () => {
    expect(shortened("🧾🧾🧾🧾", 3)).toBe("🧾🧾…");
    expect(shortened("abc", 3)).toBe("abc");
  });
});

describe("cellsOf", () => {
  it("gives East Asian letters and emoji two cells", () => {
    expect([cellsOf("abc"), cellsOf("東京"), cellsOf("a🧾")]).toEqual([3, 4, 3]);
  });
});
