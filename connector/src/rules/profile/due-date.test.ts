import { describe, expect, it } from "vitest";
import type { Term } from "../../domain/index.ts";
import { sampleDocument, sampleParty } from "../samples.ts";
import { dueDate } from "./index.ts";

const net30: Term = { id: "3", name: "Net 30", dueDays: 30, dayOfMonthDue: undefined, dueNextMonthDays: undefined };
const onReceipt: Term = { ...net30, id: "1", name: "Due on receipt", dueDays: 0 };
const nameless: Term = { ...net30, id: "9", dueDays: undefined };
const by31st: Term = { id: "4", name: "31st", dueDays: undefined, dayOfMonthDue: 31, dueNextMonthDays: 5 };
const by1st: Term = { id: "5", name: "1st", dueDays: undefined, dayOfMonthDue: 1, dueNextMonthDays: 2 };
const by15thAnyDay: Term = {
  id: "6",
  name: "15th",
  dueDays: undefined,
  dayOfMonthDue: 15,
  dueNextMonthDays: undefined,
};
const terms = new Map([net30, onReceipt, nameless, by31st, by1st, by15thAnyDay].map((term) => [term.id, term]));

function due(said: { date: string; dueDate?: string; termsId?: string }, partyTermsId?: string) {
  const party = sampleParty("customer", "1", { termsId: partyTermsId });
  return dueDate(sampleDocument("Invoice", "1", party, said), party, terms);
}

describe("dueDate", () => {
  it("is the document's own, before any terms, even in 1900", () => {
    expect(due({ date: "2026-01-31", dueDate: "2026-02-01", termsId: "3" }, "1")).toBe("2026-02-01");
    expect(due({ date: "1900-02-01", dueDate: "1900-03-01" })).toBe("1900-03-01");
  });
  it("is the date plus the document's terms, before the party's", () => {
    expect(due({ date: "2026-01-31", termsId: "3" }, "1")).toBe("2026-03-02");
    expect(due({ date: "2026-01-31" }, "1")).toBe("2026-01-31");
    expect(due({ date: "1900-02-28", termsId: "3" })).toBe("1900-03-30");
  });
  it("falls to the party's terms when the document's are unknown or say nothing", () => {
    expect(due({ date: "2026-01-31", termsId: "77" }, "3")).toBe("2026-03-02");
    expect(due({ date: "2026-01-31", termsId: "9" }, "3")).toBe("2026-03-02");
  });
  it("is missing without terms", () => {
    expect(due({ date: "2026-01-31" })).toBeUndefined();
    expect(due({ date: "2026-01-31", termsId: "9" }, "77")).toBeUndefined();
  });
  it("is the month's last day where DATE_DRIVEN terms name a day that it lacks", () => {
    expect(due({ date: "2026-02-10", termsId: "4" })).toBe("2026-02-28");
    expect(due({ date: "2028-02-10", termsId: "4" })).toBe("2028-02-29");
  });
  it("moves to the next month when the day is fewer days ahead than the terms allow, not when exactly as many", () => {
    expect(due({ date: "2026-02-23", termsId: "4" })).toBe("2026-02-28");
    expect(due({ date: "2026-02-24", termsId: "4" })).toBe("2026-03-31");
    expect(due({ date: "2026-12-31", termsId: "5" })).toBe("2027-01-01");
  });
  it("never lies before the document under DATE_DRIVEN terms", () => {
    expect(due({ date: "2026-02-15", termsId: "6" })).toBe("2026-02-15");
    expect(due({ date: "2026-02-16", termsId: "6" })).toBe("2026-03-15");
    expect(due({ date: "2026-02-02", termsId: "5" })).toBe("2026-03-01");
  });
});
