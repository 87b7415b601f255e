import { describe, expect, it } from "vitest";
import { cleanJson, cleanText } from "./text.ts";

describe("cleanText", () => {
  it("leaves ordinary text as it is, accents, emoji and line feeds included", () => {
    const text = "Zoë & Søn 🧾\nBäckerei";
    expect(cleanText(text)).toBe(text);
  });

  it("turns NUL into a blank and half a surrogate pair into the replacement character", () => {
    expect(cleanText("A\0B")).toBe("A B");
    expect(cleanText("A\ud83dB\udc00")).toBe("A\ufffdB\ufffd");
  });
});

describe("cleanJson", () => {
  it("cleans values and keys at every depth and keeps everything else", () => {
    expect(cleanJson({ "a\0": ["x\0", 1, null, { b: "\ud800" }], n: true })).toEqual({
      "a ": ["x ", 1, null, { b: "\ufffd" }],
      n: true,
    });
  });

  it("keeps a key named __proto__ as data", () => {
    const copy = cleanJson(JSON.parse('{"__proto__": {"admin": true}}'));
    expect(Object.keys(copy)).toEqual(["__proto__"]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
