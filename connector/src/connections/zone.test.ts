import { describe, expect, it } from "vitest";
import { isZone } from "../domain/index.ts";
import { companyZone, proposeZone } from "./zone.ts";

describe("the zone of a company", () => {
  it("is what CompanyInfo says", () => {
    expect(companyZone({ zone: "America/Denver", address: { country: "US", state: "NY" } })).toEqual({
      kind: "known",
      name: "America/Denver",
      source: "company",
    });
  });

  it("is only proposed from the address, and never UTC", () => {
    expect(companyZone({ zone: undefined, address: { country: "US", state: "NY" } })).toEqual({
      kind: "proposed",
      name: "America/New_York",
    });
    expect(companyZone({ zone: "Pacific Standard Time", address: undefined })).toEqual({
      kind: "proposed",
      name: undefined,
    });
    expect(companyZone({ zone: undefined, address: { country: "Atlantis", state: "" } })).toEqual({
      kind: "proposed",
      name: undefined,
    });
  });

  it.each([
    [undefined, "CA", "America/Los_Angeles"],
    ["USA", "tx", "America/Chicago"],
    ["Canada", "QC", "America/Toronto"],
    ["CA", "BC", "America/Vancouver"],
    ["Australia", "WA", "Australia/Perth"],
    ["AU", undefined, undefined],
    ["US", undefined, undefined],
    ["United Kingdom", undefined, "Europe/London"],
    ["IN", "MH", "Asia/Kolkata"],
  ])("%s, %s: %s", (country, state, zone) => {
    expect(proposeZone({ country, state })).toBe(zone);
    if (zone !== undefined) expect(isZone(zone)).toBe(true);
  });

  it("knows zones from other texts", () => {
    expect(isZone("Europe/Zurich")).toBe(true);
    for (const text of ["", "Mars/Olympus", "+02:00", "America/New_York'; drop", "x".repeat(500)])
      expect(isZone(text)).toBe(false);
  });
});
