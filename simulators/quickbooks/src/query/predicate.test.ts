import { describe, expect, it } from "vitest";
import { entityOf } from "../company/index.ts";
import { rowOf } from "../company/row.ts";
import type { JsonRecord } from "../json.ts";
import { parseQuery } from "./parse.ts";
import { matches, testOf } from "./predicate.ts";

function holds(where: string, record: JsonRecord): boolean {
  const customer = entityOf("Customer");
  const tests = parseQuery(`select * from Customer where ${where}`).conditions.map((one) => testOf(customer, one));
  return matches(tests, rowOf(customer, "10", { Id: "10", ...record }));
}

describe("conditions", () => {
  it("compare amounts as numbers and ids as numbers of any length", () => {
    expect(holds("Balance > '9'", { Balance: 10 })).toBe(true);
    expect(holds("Id > '9'", {})).toBe(true);
    expect(holds("Id < '5000000000000085682'", {})).toBe(true);
  });

  it("match with % anywhere, and with nothing else as a wildcard", () => {
    const record = { DisplayName: "Freeman & Sons (2)" };
    for (const like of ["free%", "%sons%", "%(2)", "f%&%2)", "%", "freeman & sons (2)"]) {
      expect(holds(`DisplayName like '${like}'`, record), like).toBe(true);
    }
    for (const like of ["free", "%ss%", "f_eeman%", ".*", "%2)%2)"]) {
      expect(holds(`DisplayName like '${like}'`, record), like).toBe(false);
    }
  });

  it("take blank text for no value, and a missing value for neither smaller nor larger", () => {
    expect(holds("CompanyName = ' '", {})).toBe(true);
    expect(holds("CompanyName = ''", { CompanyName: "x" })).toBe(false);
    expect(holds("Balance < '5'", {})).toBe(false);
    expect(holds("Balance > '-5'", {})).toBe(false);
  });

  it("look into an e-mail address, and negate with NOT", () => {
    expect(holds("PrimaryEmailAddr = 'A@B.example'", { PrimaryEmailAddr: { Address: "a@b.example" } })).toBe(true);
    expect(holds("not Active = true", { Active: false })).toBe(true);
    expect(holds("Id not in ('10')", {})).toBe(false);
  });
});
