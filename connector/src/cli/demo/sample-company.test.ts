import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { addDays, compareStamps, dueDateOf } from "./company-calendar.ts";
import { type CompanyFile, type Customer, documentEntities } from "./company-file.ts";
import { sampleCompany } from "./sample-company.ts";

const today = "2026-11-22";
const company = sampleCompany(7, today);
const byId = new Map(company.Customer.map((customer) => [customer.Id, customer]));
const sum = (amounts: number[]) => amounts.reduce((total, amount) => total.plus(amount), new Decimal(0)).toNumber();

function depthOf(customer: Customer): number {
  const parent = byId.get(customer.ParentRef?.value ?? "");
  return parent ? depthOf(parent) + 1 : 1;
}

function ownBalance(file: CompanyFile, id: string): number {
  const of = <One extends { CustomerRef: { value: string } }>(list: One[]) =>
    list.filter((one) => one.CustomerRef.value === id);
  return sum([
    ...of(file.Invoice).map((one) => one.Balance),
    ...of(file.CreditMemo).map((one) => -one.RemainingCredit),
    ...of(file.Payment).map((one) => -one.UnappliedAmt),
  ]);
}

describe("sampleCompany", () => {
  it("has the size that the demo promises", () => {
    expect(company.Customer.length).toBeGreaterThanOrEqual(400);
    expect(company.Vendor.length).toBeGreaterThanOrEqual(60);
    expect(sum(documentEntities.map((entity) => company[entity].length))).toBeGreaterThanOrEqual(2500);
    for (const entity of documentEntities) expect(company[entity].length, entity).toBeGreaterThan(20);
  });

  it("tells the same story for the same seed and day, and another for another seed", () => {
    expect(sampleCompany(7, today)).toEqual(company);
    expect(sampleCompany(8, today).Customer).not.toEqual(company.Customer);
  });

  it("holds families of five levels, never deeper, with the path in the fully qualified name", () => {
    expect(Math.max(...company.Customer.map(depthOf))).toBe(5);
    for (const customer of company.Customer) {
      const parent = byId.get(customer.ParentRef?.value ?? "");
      const path = parent ? `${parent.FullyQualifiedName}:${customer.DisplayName}` : customer.DisplayName;
      expect(customer.FullyQualifiedName).toBe(path);
      expect(customer.Level ?? 0).toBe(depthOf(customer) - 1);
      expect(customer.Job).toBe(parent !== undefined);
    }
  });

  it("adds every party's balance up from its documents, families included", () => {
    for (const customer of company.Customer)
      expect(customer.Balance, customer.Id).toBe(ownBalance(company, customer.Id));
    for (const customer of company.Customer) {
      const family = company.Customer.filter((one) => {
        let at: Customer | undefined = one;
        while (at && at !== customer) at = byId.get(at.ParentRef?.value ?? "");
        return at === customer && one.CurrencyRef.value === customer.CurrencyRef.value;
      });
      expect(customer.BalanceWithJobs, customer.Id).toBe(sum(family.map((one) => one.Balance)));
    }
    for (const vendor of company.Vendor) {
      const bills = company.Bill.filter((one) => one.VendorRef.value === vendor.Id).map((one) => one.Balance);
      const credits = company.VendorCredit.filter((one) => one.VendorRef.value === vendor.Id).map(
        (one) => -one.Balance,
      );
      expect(vendor.Balance, vendor.Id).toBe(sum([...bills, ...credits]));
    }
  });

  it("settles documents by payments that link both ways and add up", () => {
    const settledBy = new Map<string, number[]>();
    const settle = (key: string, amount: number) => settledBy.set(key, [...(settledBy.get(key) ?? []), amount]);
    for (const payment of [...company.Payment, ...company.BillPayment]) {
      for (const line of payment.Line) {
        for (const link of line.LinkedTxn ?? []) settle(`${link.TxnType}:${link.TxnId}`, line.Amount);
      }
    }
    for (const payment of company.Payment) {
      const signs = payment.Line.map((line) =>
        line.LinkedTxn?.[0]?.TxnType === "CreditMemo" ? -line.Amount : line.Amount,
      );
      expect(sum([payment.TotalAmt, -payment.UnappliedAmt])).toBe(sum(signs));
    }
    const lists = [
      ["Invoice", company.Invoice],
      ["CreditMemo", company.CreditMemo],
      ["Bill", company.Bill],
      ["VendorCredit", company.VendorCredit],
    ] as const;
    for (const [entity, list] of lists) {
      for (const one of list) {
        const paid = settledBy.get(`${entity}:${one.Id}`) ?? [];
        expect((one.LinkedTxn ?? []).length, `${entity} ${one.Id}`).toBe(paid.length);
        expect(one.Balance, `${entity} ${one.Id}`).toBe(sum([one.TotalAmt, ...paid.map((amount) => -amount)]));
        expect(one.Balance).toBeGreaterThanOrEqual(0);
      }
    }
    const payments = new Set(company.Payment.map((one) => one.Id));
    const linked = company.Invoice.flatMap((invoice) => invoice.LinkedTxn ?? []);
    expect(linked.length).toBeGreaterThan(0);
    expect(linked.every((link) => link.TxnType === "Payment" && payments.has(link.TxnId))).toBe(true);
  });

  it("totals its documents by their lines and values them at home by their rate", () => {
    for (const entity of ["Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt"] as const) {
      for (const one of company[entity]) {
        const sold = one.Line.filter((line) => line.DetailType === "SalesItemLineDetail");
        expect(one.TotalAmt).toBe(sum(sold.map((line) => line.Amount)));
        expect(one.HomeTotalAmt).toBe(new Decimal(one.TotalAmt).times(one.ExchangeRate).toDecimalPlaces(2).toNumber());
      }
    }
    for (const one of company.Invoice) {
      expect(one.HomeBalance).toBe(new Decimal(one.Balance).times(one.ExchangeRate).toDecimalPlaces(2).toNumber());
      expect(one.CurrencyRef.value).toBe(byId.get(one.CustomerRef.value)?.CurrencyRef.value);
    }
  });

  it("dates invoices by their terms, leaves some without a date, and voids as QuickBooks does", () => {
    const terms = new Map(company.Term.map((term) => [term.Id, term]));
    for (const invoice of company.Invoice) {
      const term = terms.get(invoice.SalesTermRef?.value ?? "");
      if (invoice.DueDate !== undefined) expect(invoice.DueDate).toBe(dueDateOf(invoice.TxnDate, term ?? {}));
    }
    expect(company.Invoice.filter((invoice) => invoice.DueDate === undefined).length).toBeGreaterThan(5);
    const voided = company.Invoice.filter((invoice) => invoice.PrivateNote === "Voided");
    expect(voided.length).toBeGreaterThan(10);
    expect(voided.every((invoice) => invoice.TotalAmt === 0 && invoice.Balance === 0)).toBe(true);
  });

  it("numbers each kind of record once, in the order of time, and nothing is later than yesterday", () => {
    const transactions = documentEntities.flatMap(
      (entity): { Id: string; MetaData: { CreateTime: string } }[] => company[entity],
    );
    const ids = transactions.map((one) => one.Id);
    expect(new Set(ids).size).toBe(ids.length);
    const inOrder = [...transactions].sort((one, other) => Number(one.Id) - Number(other.Id));
    expect(
      inOrder.every(
        (one, at) =>
          at === 0 || compareStamps(inOrder[at - 1]?.MetaData.CreateTime ?? "", one.MetaData.CreateTime) <= 0,
      ),
    ).toBe(true);
    const stamps = [...transactions, ...company.Customer, ...company.Vendor].map((one) => one.MetaData);
    for (const stamp of stamps as { CreateTime: string; LastUpdatedTime: string }[]) {
      expect(stamp.CreateTime).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}-0[78]:00$/);
      expect(compareStamps(stamp.CreateTime, stamp.LastUpdatedTime)).toBeLessThanOrEqual(0);
      expect(stamp.LastUpdatedTime < `${today}T00:00:00`).toBe(true);
    }
  });

  it("touches a party's time, not its SyncToken, when a document of it is posted", () => {
    for (const invoice of company.Invoice) {
      const customer = byId.get(invoice.CustomerRef.value);
      expect(compareStamps(invoice.MetaData.CreateTime, customer?.MetaData.LastUpdatedTime ?? "")).toBeLessThanOrEqual(
        0,
      );
      expect(customer?.SyncToken).toBe("0");
      expect(compareStamps(customer?.MetaData.CreateTime ?? "", invoice.MetaData.CreateTime)).toBeLessThanOrEqual(0);
    }
  });

  it("holds what makes real lists awkward", () => {
    const addresses = company.Customer.flatMap((one) => (one.PrimaryEmailAddr ? [one.PrimaryEmailAddr.Address] : []));
    const tops = company.Customer.filter((one) => one.ParentRef === undefined);
    expect(addresses.filter((address) => /[,;]/.test(address)).length).toBeGreaterThan(8);
    expect(company.Customer.length - addresses.length).toBeGreaterThan(50);
    expect(addresses.filter((address) => address === "books@ledgerlight-partners.example").length).toBe(4);
    expect(tops.filter((one) => / \((EUR|GBP|CAD)\)$/.test(one.DisplayName)).length).toBe(6);
    const inactive = company.Customer.filter((one) => !one.Active);
    expect(inactive.length).toBeGreaterThan(10);
    expect(inactive.every((one) => one.DisplayName.endsWith(" (deleted)"))).toBe(true);
    expect(inactive.some((one) => one.Balance > 0)).toBe(true);
    const keys = tops.map((one) =>
      one.DisplayName.replaceAll("|", " ")
        .replaceAll(/\s+/g, " ")
        .replace(/ \(deleted\)$/, "")
        .toLowerCase(),
    );
    expect(keys.length - new Set(keys).size).toBeGreaterThanOrEqual(3);
    expect(company.Customer.some((one) => one.DisplayName.length > 255)).toBe(true);
    expect(company.Payment.filter((one) => one.UnappliedAmt > 0).length).toBeGreaterThan(10);
    expect(company.Invoice.filter((one) => one.Balance > 0 && one.Balance < one.TotalAmt).length).toBeGreaterThan(20);
    expect(company.Customer.filter((one) => one.IsProject).length).toBeGreaterThan(10);
    const customerNames = new Set(company.Customer.map((one) => one.CompanyName));
    expect(
      company.Vendor.filter((one) => one.CompanyName && customerNames.has(one.CompanyName)).length,
    ).toBeGreaterThan(5);
    const newest = new Map<string, string>();
    for (const one of [...company.Invoice, ...company.SalesReceipt]) newest.set(one.CustomerRef.value, one.TxnDate);
    const dormant = tops.filter((one) => (newest.get(one.Id) ?? "9999") < addDays(today, -740));
    expect(dormant.length).toBeGreaterThan(20);
  });

  it("writes to nobody: mail goes to reserved domains or to free mail with invented names", () => {
    const all = [...company.Customer, ...company.Vendor].flatMap(
      (one) => one.PrimaryEmailAddr?.Address.toLowerCase() ?? [],
    );
    for (const address of all.flatMap((text) => text.split(/[,;]/)).filter((part) => part.includes("@"))) {
      expect(address.trim()).toMatch(/@[a-z0-9-]+\.example$|\.invented@(gmail|yahoo|outlook)\.com$/);
    }
  });
});
