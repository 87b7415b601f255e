import { describe, expect, it } from "vitest";
import { parseLocalDate } from "../../domain/index.ts";
import { sampleParty, sampleToday } from "../samples.ts";
import { familyInScope } from "./index.ts";

const zone = "America/Los_Angeles";
const day = parseLocalDate;
const old = { lastDocumentOn: undefined };

function inScope(members: Parameters<typeof familyInScope>[0]["members"], scope: "default" | "all" = "default") {
  return familyInScope({ members, scope, zone, today: sampleToday });
}

describe("familyInScope", () => {
  it("takes an active customer with a document of 24 months ago to the day, not of a day before", () => {
    const party = sampleParty("customer", "1");
    expect(inScope([{ party, lastDocumentOn: day("2024-11-22") }])).toBe(true);
    expect(inScope([{ party, lastDocumentOn: day("2024-11-21") }])).toBe(false);
  });
  it("takes a customer created 90 days ago in the company's zone, without any document", () => {
    // 2026-08-24 is 90 days before; in UTC this instant is a day later.
    expect(inScope([{ party: sampleParty("customer", "1", { createdAt: "2026-08-24T23:30:00-07:00" }), ...old }])).toBe(
      true,
    );
    expect(inScope([{ party: sampleParty("customer", "1", { createdAt: "2026-08-23T23:30:00-07:00" }), ...old }])).toBe(
      false,
    );
  });
  it("takes an inactive customer only with a balance, be it a credit", () => {
    const recent = { lastDocumentOn: day("2026-11-01") };
    expect(inScope([{ party: sampleParty("customer", "1", { active: false }), ...recent }])).toBe(false);
    expect(inScope([{ party: sampleParty("customer", "1", { active: false, balance: -15 }), ...recent }])).toBe(true);
  });
  it("judges a family as one: any member's life and any member's documents", () => {
    const top = { party: sampleParty("customer", "1"), ...old };
    const job = {
      party: sampleParty("customer", "2", { active: false, topId: "1" }),
      lastDocumentOn: day("2026-11-01"),
    };
    expect(inScope([top, job])).toBe(true);
    expect(inScope([{ ...top, party: sampleParty("customer", "1", { active: false }) }, job])).toBe(false);
  });
  it("takes a vendor only when active and with a recent document, however new or in debt", () => {
    const created = { createdAt: "2026-11-20T08:00:00-08:00" };
    const recent = { lastDocumentOn: day("2026-11-01") };
    expect(inScope([{ party: sampleParty("vendor", "1"), ...recent }])).toBe(true);
    expect(inScope([{ party: sampleParty("vendor", "1", created), ...old }])).toBe(false);
    expect(inScope([{ party: sampleParty("vendor", "1", { active: false, balance: 10 }), ...recent }])).toBe(false);
  });
  it("counts a document dated ahead as recent", () => {
    expect(inScope([{ party: sampleParty("customer", "1"), lastDocumentOn: day("2027-01-05") }])).toBe(true);
  });
  it("takes everybody when the scope is all", () => {
    expect(inScope([{ party: sampleParty("vendor", "1", { active: false }), ...old }], "all")).toBe(true);
  });
});
