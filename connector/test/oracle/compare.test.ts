import { describe, expect, it } from "vitest";
import { openBooks } from "./books.ts";
import { cardFields, type FieldKey } from "./card-fields.ts";
import { compare, isAllRight } from "./compare.ts";
import { customer, fields, organizations, sale } from "./hand-worked.ts";
import { type Situation, situation } from "./hand-worked-account.ts";
import { type Input, readInput } from "./input.ts";

const verdictOf = (given: Situation) => compare(readInput(given));

function fieldsOf(input: Input, ...parties: string[]): Record<FieldKey, unknown> {
  const books = openBooks(input);
  return cardFields(
    parties.flatMap((party) => books.units.get(party) ?? []),
    books,
    input,
  );
}

/** The hand-worked company with only these invoices for customer 12, who has nothing else. */
function withInvoices(...invoices: Record<string, unknown>[]): Input {
  const given = situation();
  given.company["Invoice"]?.push(
    ...invoices.map((invoice, index) => sale("12", String(70 + index), "2026-11-01", invoice)),
  );
  return readInput(given);
}

describe("compare", () => {
  it("finds nothing where everything is as worked out by hand", () => {
    const verdict = verdictOf(situation());
    expect(verdict.differences).toEqual([]);
    expect(verdict).toMatchObject({ cards: 7, equal: 7, different: 0, foreignTouched: 0, duplicates: 0 });
    expect(isAllRight(verdict)).toBe(true);
  });

  it("computes every field of every card of the hand-worked company", () => {
    const input = readInput(situation());
    expect(fieldsOf(input, "customer:1")).toEqual(fields.acme);
    expect(fieldsOf(input, "customer:5", "customer:4")).toEqual(fields.bolt);
    expect(fieldsOf(input, "vendor:1", "customer:6")).toEqual({ ...fields.supply });
    expect(fieldsOf(input, "vendor:2")).toEqual(fields.lone);
    expect(Object.keys(organizations).length).toBe(Object.keys(fields).length);
  });

  it("judges a client late by one cent more than the tolerance, not by the tolerance itself", () => {
    expect(fieldsOf(withInvoices({ DueDate: "2026-11-10", Balance: 1 }), "customer:12").qbo_status).toBe(
      "qbo_status_open",
    );
    expect(fieldsOf(withInvoices({ DueDate: "2026-11-10", Balance: 1.01 }), "customer:12").qbo_status).toBe(
      "qbo_status_overdue",
    );
  });

  it("counts grace days for the status only, never for counts, amounts and dates", () => {
    const given = withInvoices({ DueDate: "2026-11-17", Balance: 40 });
    const patient: Input = { ...given, settings: { ...given.settings, graceDays: 5 } };
    expect(fieldsOf(patient, "customer:12")).toMatchObject({ qbo_status: "qbo_status_open", qbo_overdue_count: 1 });
    const stricter: Input = { ...given, settings: { ...given.settings, graceDays: 4 } };
    expect(fieldsOf(stricter, "customer:12").qbo_status).toBe("qbo_status_overdue");
  });

  it("never calls late what has neither due date nor terms", () => {
    const card = fieldsOf(withInvoices({ Balance: 40 }), "customer:12");
    expect(card).toMatchObject({
      qbo_status: "qbo_status_open",
      qbo_overdue_count: 0,
      qbo_age_bucket: "qbo_age_current",
    });
  });

  it("dates by terms of a day of the month: this month's, or the next one's when that is too soon", () => {
    const due = (TxnDate: string) => {
      const given = situation();
      given.company["Term"]?.push({
        Id: "5",
        Name: "10th",
        Type: "DATE_DRIVEN",
        DayOfMonthDue: 31,
        DueNextMonthDays: 20,
      });
      given.company["Invoice"]?.push({ ...sale("12", "70", TxnDate, { Balance: 9 }), SalesTermRef: { value: "5" } });
      const late = { ...readInput(given), today: "2027-12-31" };
      return fieldsOf(late, "customer:12").qbo_overdue_since;
    };
    expect(due("2026-06-10")).toBe("2026-06-30T00:00:00+00:00"); // 20 days ahead: soon enough
    expect(due("2026-06-11")).toBe("2026-07-31T00:00:00+00:00"); // 19 days: the next month's
    expect(due("2026-01-31")).toBe("2026-02-28T00:00:00+00:00");
  });

  it("says credit where unapplied money covers all that is open, and paid or none where nothing is", () => {
    const given = situation();
    given.company["Payment"]?.push(sale("12", "80", "2026-11-05", { TotalAmt: 40, UnappliedAmt: 40 }));
    expect(fieldsOf(readInput(given), "customer:12").qbo_status).toBe("qbo_status_credit");
    expect(fieldsOf(readInput(situation()), "customer:8").qbo_status).toBe("qbo_status_paid");
    expect(fieldsOf(readInput(situation()), "customer:9").qbo_status).toBe("qbo_status_none");
  });

  it("takes the bare name for the first by rank: active before inactive, customer before vendor, then by number", () => {
    const given = situation();
    given.company["Customer"]?.splice(9, 1, customer("10", "Twin Co (deleted)", { Active: false, Balance: 3 }));
    given.company["Vendor"]?.push(customer("9", "twin co"));
    given.connector.parties.push({ key: "vendor:9", disposition: "out-of-scope" });
    const named = verdictOf(given).differences.filter((difference) => difference.what === "name");
    // The active vendor comes before the inactive customer, which now bears its own suffix by another spelling.
    expect(named).toEqual([expect.objectContaining({ party: "customer:10", expected: "Twin Co (customer)" })]);
  });

  it("leaves an adopted organization its name, and gives its name to nobody else", () => {
    const given = situation();
    const acme = given.account.organizations.find((one) => one["id"] === organizations.acme);
    const acmeBefore = given.accountBefore.organizations.find((one) => one["id"] === organizations.acme);
    for (const one of [acme, acmeBefore]) Object.assign(one ?? {}, { name: "edge works" });
    const named = verdictOf(given).differences.filter((difference) => difference.what === "name");
    expect(named).toEqual([expect.objectContaining({ expected: "Edge | Works (customer)".replace(" | ", " ") })]);
  });

  it("accepts the old name of a client whose new one somebody else bears", () => {
    const given = situation();
    given.company["Customer"]?.splice(7, 1, { ...given.company["Customer"]?.[7], DisplayName: "Somebody Else" });
    expect(verdictOf(given).differences).toEqual([]);
  });

  it("reads dumps by realm and files alike", () => {
    const given = situation();
    const wrapped = { ...given, company: { now: "2026-11-22T20:00:00Z", companies: { "9001": given.company } } };
    expect(compare(readInput(wrapped)).differences).toEqual([]);
  });
});
