import { describe, expect, it } from "vitest";
import { hashPassword, isPassword, passwordProblem } from "./passwords.ts";

describe("a password", () => {
  it("is recognised, another one is not, and nobody's never is", async () => {
    const stored = await hashPassword("ein langer Satz über Kühe");
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await isPassword(stored, "ein langer Satz über Kühe")).toBe(true);
    expect(await isPassword(stored, "ein langer Satz über Kühe".normalize("NFD"))).toBe(true);
    expect(await isPassword(stored, "ein langer Satz über Kuehe")).toBe(false);
    expect(await isPassword(undefined, "ein langer Satz über Kühe")).toBe(false);
  });

  it("is long, and neither one letter over and over nor the person's own name", () => {
    const of = { email: "ada.lovelace@example.com" };
    expect(passwordProblem("correct horse", of)).toBeUndefined();
    for (const weak of ["short", "aaaaaaaaaaaaaaaa", "Ada.Lovelace.1815", "x".repeat(500)])
      expect(passwordProblem(weak, of)).toEqual(expect.any(String));
  });
});
