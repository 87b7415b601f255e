import { describe, expect, it } from "vitest";
import { readSubdomain, readZone, wholeNumber } from "./arguments.ts";

describe("arguments", () => {
  it.each(["acme", "ACME.zendesk.com", "https://acme.zendesk.com/agent/dashboard", " acme "])(
    "reads the account %j",
    (text) => {
      expect(readSubdomain(text)).toBe("acme");
    },
  );

  it.each(["", "a.b", "acme.evil.example", "https://acme.zendesk.com.evil.example", "a/b@c"])(
    "does not take %j for an account of Zendesk, or takes its first label alone",
    (text) => {
      let read: string | undefined;
      try {
        read = readSubdomain(text);
      } catch {
        read = undefined;
      }
      expect([undefined, "a"]).toContain(read);
    },
  );

  it("reads whole numbers within their limits only", () => {
    const read = wholeNumber({ from: 1, to: 1000 });
    expect(read("50")).toBe(50);
    for (const text of ["0", "1001", "5.5", "-1", "1e3", "", "x"]) expect(() => read(text)).toThrow("from 1 to 1000");
  });

  it("knows time zones by their names and offers two as examples", () => {
    expect(readZone("Europe/Berlin")).toBe("Europe/Berlin");
    expect(() => readZone("Berlin")).toThrow("America/New_York");
  });
});
