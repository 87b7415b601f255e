import { describe, expect, it } from "vitest";
import { recordOf, tableOf } from "../company/index.ts";
import { type JsonRecord, refAt, textAt } from "../json.ts";
import { amountAt, sum } from "../ledger/money.ts";
import { generateCompany } from "./generate-company.ts";
import { wantedCompany } from "./wanted.ts";

const nowMs = Date.parse("2026-11-22T12:00:00Z");

function made(text: string) {
  const wanted = wantedCompany(text);
  if (typeof wanted === "string") throw new Error(wanted);
  return generateCompany("1", wanted, nowMs);
}

describe("a generated company", () => {
  const company = made("customers=1500,invoices=4000,bills=600,seed=7");
  const all = (entity: "Customer" | "Vendor" | "Invoice" | "Bill" | "Payment") =>
    [...tableOf(company, entity).all()].map(recordOf);

  it("has balances that agree with its documents, up the families", () => {
    const open = Map.groupBy(all("Invoice"), (invoice) => refAt(invoice, "CustomerRef"));
    const customers = all("Customer");
    for (const customer of customers) {
      const own = sum((open.get(textAt(customer, "Id")) ?? []).map((invoice) => amountAt(invoice, "Balance")));
      expect(amountAt(customer, "Balance").toFixed(2)).toBe(own.toFixed(2));
      const below = customers.filter((one) => refAt(one, "ParentRef") === textAt(customer, "Id"));
      const family = sum(below.map((one) => amountAt(one, "BalanceWithJobs"))).plus(own);
      expect(amountAt(customer, "BalanceWithJobs").toFixed(2)).toBe(family.toFixed(2));
    }
    const bills = Map.groupBy(all("Bill"), (bill) => refAt(bill, "VendorRef"));
    for (const vendor of all("Vendor")) {
      const owed = sum((bills.get(textAt(vendor, "Id")) ?? []).map((bill) => amountAt(bill, "Balance")));
      expect(amountAt(vendor, "Balance").toFixed(2)).toBe(owed.toFixed(2));
    }
  });

  it("has what makes real companies hard, in about the promised shares", () => {
    const customers = all("Customer");
    const share = (holds: (record: JsonRecord) => boolean) => customers.filter(holds).length / customers.length;
    expect(share((one) => one["Active"] === false)).toBeGreaterThan(0.02);
    expect(share((one) => refAt(one, "CurrencyRef") === "EUR")).toBeGreaterThan(0.01);
    expect(share((one) => JSON.stringify(one).includes("@shared-office.example"))).toBeGreaterThan(0.02);
    expect(share((one) => one["PrimaryEmailAddr"] === undefined)).toBeGreaterThan(0.04);
    expect(Math.max(...customers.map((one) => Number(one["Level"] ?? 0)))).toBeGreaterThan(1);
    const names = new Set(customers.map((one) => textAt(one, "FullyQualifiedName")));
    expect(names.size).toBe(customers.length);
    const invoices = all("Invoice");
    expect(invoices.some((one) => one["PrivateNote"] === "Voided" && one["TotalAmt"] === 0)).toBe(true);
    expect(invoices.some((one) => Number(one["Balance"]) > 0 && Number(one["Balance"]) < Number(one["TotalAmt"]))).toBe(
      true,
    );
    expect(all("Payment").length).toBeGreaterThan(2000);
  });

  it("is the same again under the same seed, and another under another", () => {
    const text = (seed: number) =>
      [...tableOf(made(`customers=50,seed=${seed}`), "Customer").all()].map((row) => row.json).join("");
    expect(text(3)).toBe(text(3));
    expect(text(3)).not.toBe(text(4));
  });

  it("says what is wrong with what was wanted", () => {
    expect(wantedCompany("customers=many")).toContain("customers");
    expect(wantedCompany("people=5")).toContain("people");
  });
});
