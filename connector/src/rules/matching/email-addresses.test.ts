import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { corporateDomain, emailAddresses, emailDomain, isFreeMail } from "./index.ts";

describe("emailAddresses", () => {
  it("splits at commas and semicolons, trims, lowers, drops what is none, and names each once in order", () => {
    expect(emailAddresses("Birds@Intuit.com")).toEqual(["birds@intuit.com"]);
    expect(emailAddresses(" b@acme.com;A@acme.com , B@ACME.com,; none, x@ , c@mail.acme.co.uk")).toEqual([
      "b@acme.com",
      "a@acme.com",
      "c@mail.acme.co.uk",
    ]);
  });
  it("takes the address out of a name with an address, even where the name holds the comma", () => {
    expect(emailAddresses("Ann Lee <Ann@Acme.com>")).toEqual(["ann@acme.com"]);
    expect(emailAddresses('"Lee, Ann" <ann@acme.com>')).toEqual(["ann@acme.com"]);
  });
  it("takes letters of other scripts", () => {
    expect(emailAddresses("Müller@Exämple.de")).toEqual(["müller@exämple.de"]);
  });
  it("refuses what nobody is billed at", () => {
    for (const field of [
      "",
      "acme.com",
      "a@localhost",
      "a..b@acme.com",
      ".a@acme.com",
      "a@acme.com.",
      "a b@acme.com",
      '"a b"@acme.com',
      "a@[10.0.0.1]",
      "a@b@acme.com",
      "a@acme..com",
      "(x)a@acme.com",
    ])
      expect([field, emailAddresses(field)]).toEqual([field, []]);
  });
  it("keeps the limits of the standard and at most twenty addresses", () => {
    expect(emailAddresses(`${"a".repeat(64)}@acme.com`)).toHaveLength(1);
    expect(emailAddresses(`${"a".repeat(65)}@acme.com`)).toEqual([]);
    expect(
      emailAddresses(`a@${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.${"e".repeat(60)}.${"f".repeat(20)}.com`),
    ).toEqual([]);
    expect(emailAddresses(Array.from({ length: 30 }, (_, index) => `a${index}@acme.com`).join(","))).toHaveLength(20);
  });
  it("answers hostile fields at once", () => {
    const start = performance.now();
    for (const piece of ["(", '"', "\\", "<", "(a@", "a.", "=?", " a", "ä."])
      emailAddresses(Array.from({ length: 100 }, () => `${piece.repeat(120)}@b.com`).join(";"));
    expect(performance.now() - start).toBeLessThan(1000);
  });
  it("gives addresses that it takes again as they are", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.string({ unit: "binary" }).map((text) => `${text}@acme.com`),
        ),
        (field) => {
          for (const address of emailAddresses(field)) expect(emailAddresses(address)).toEqual([address]);
        },
      ),
    );
  });
});

describe("corporateDomain", () => {
  it("is what the company registered, of an address or a domain", () => {
    expect(corporateDomain("bill@mail.Acme.co.uk")).toBe("acme.co.uk");
    expect(corporateDomain("www.acme.com")).toBe("acme.com");
    expect(corporateDomain("a@mail.münchen.de")).toBe(corporateDomain("a@xn--mnchen-3ya.de"));
  });
  it("is none for free mail, single labels and addresses of machines", () => {
    for (const domain of ["gmail.com", "a@hotmail.co.uk", "localhost", "a@10.0.0.1", ""])
      expect(corporateDomain(domain)).toBeUndefined();
    expect(isFreeMail("GMX.net")).toBe(true);
    expect(isFreeMail("intuit.com")).toBe(false);
    expect(emailDomain("a@B.com")).toBe("b.com");
  });
});
