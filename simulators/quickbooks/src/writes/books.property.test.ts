import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultSwitches } from "../behaviour/index.ts";
import { type Company, dumpCompany, type EntityName, loadCompany, recordOf, tableOf } from "../company/index.ts";
import { VendorFault } from "../faults.ts";
import { type JsonRecord, recordsAt, refAt, textAt } from "../json.ts";
import { amountAt, sum } from "../ledger/money.ts";
import { applicationsOf, unappliedOf } from "../ledger/posting.ts";
import { type Mutation, mutateCompany } from "./mutate.ts";

const nowMs = Date.parse("2026-11-22T12:00:00Z");

function all(company: Company, entity: EntityName): JsonRecord[] {
  return [...tableOf(company, entity).all()].map(recordOf);
}

function family(): Company {
  const party = (Id: string, DisplayName: string, parent?: string): JsonRecord => ({
    Id,
    DisplayName,
    Active: true,
    Balance: 0,
    BalanceWithJobs: 0,
    CurrencyRef: { value: "USD" },
    ...(parent === undefined ? {} : { ParentRef: { value: parent }, Level: 1 }),
  });
  const Customer = [party("1", "A"), party("2", "B", "1"), party("3", "C", "2"), party("4", "D")];
  return loadCompany("1", { Customer, Vendor: [party("8", "V"), party("9", "W")] }, nowMs);
}

/** One thing a person tries; which document is meant is told by a number, since ids come up only as it goes on. */
interface Try {
  readonly kind: number;
  readonly who: number;
  readonly which: number;
  readonly cents: number;
}

const attempts = fc.array(
  fc.record({ kind: fc.nat(11), who: fc.nat(3), which: fc.nat(30), cents: fc.integer({ min: 1, max: 50_000 }) }),
  { maxLength: 40, size: "max" },
);

function pick<T>(list: readonly T[], place: number): T | undefined {
  return list.length === 0 ? undefined : list[place % list.length];
}

function mutationOf(company: Company, { kind, who, which, cents }: Try): Mutation | undefined {
  const TotalAmt = cents / 100;
  const CustomerRef = { value: String(who + 1) };
  const VendorRef = { value: who < 2 ? "8" : "9" };
  const idIn = (entity: EntityName) => textAt(pick(all(company, entity), which) ?? {}, "Id");
  const about = (entity: EntityName, operation: "void" | "delete"): Mutation | undefined => {
    const id = idIn(entity);
    return id === undefined ? undefined : { entity, operation, id };
  };
  const pays = (settled: EntityName, credit: EntityName) => {
    const debt = idIn(settled);
    const used = who % 2 === 0 ? undefined : idIn(credit);
    return [
      ...(debt === undefined ? [] : [{ Amount: TotalAmt, LinkedTxn: [{ TxnId: debt, TxnType: settled }] }]),
      ...(used === undefined ? [] : [{ Amount: TotalAmt / 2, LinkedTxn: [{ TxnId: used, TxnType: credit }] }]),
    ];
  };
  switch (kind) {
    case 0:
    case 1:
      return { entity: "Invoice", operation: "create", record: { CustomerRef, TotalAmt } };
    case 2:
      return { entity: "CreditMemo", operation: "create", record: { CustomerRef, TotalAmt } };
    case 3:
    case 4:
      return {
        entity: "Payment",
        operation: "create",
        record: { CustomerRef, TotalAmt, Line: pays("Invoice", "CreditMemo") },
      };
    case 5:
      return { entity: "Bill", operation: "create", record: { VendorRef, TotalAmt } };
    case 6:
      return {
        entity: "BillPayment",
        operation: "create",
        record: { VendorRef, TotalAmt, Line: pays("Bill", "VendorCredit") },
      };
    case 7:
      return { entity: "VendorCredit", operation: "create", record: { VendorRef, TotalAmt } };
    case 8: {
      const id = idIn("Invoice");
      return id === undefined
        ? undefined
        : { entity: "Invoice", operation: "update", id, record: { TotalAmt, CustomerRef } };
    }
    case 9:
      return about((["Invoice", "Payment", "CreditMemo", "BillPayment"] as const)[who] ?? "Invoice", "void");
    case 10:
      return about((["Invoice", "Payment", "CreditMemo", "Bill"] as const)[who] ?? "Invoice", "delete");
    default:
      return { entity: "Customer", operation: "merge", id: String(who + 1), into: String((which % 4) + 1) };
  }
}

function checkBooks(company: Company): void {
  const openOf = (entity: EntityName, reference: string, id: string, field: string) =>
    sum(
      all(company, entity)
        .filter((one) => refAt(one, reference) === id)
        .map((one) => amountAt(one, field)),
    );
  const customers = all(company, "Customer");
  for (const customer of customers) {
    const id = textAt(customer, "Id") ?? "";
    const own = openOf("Invoice", "CustomerRef", id, "Balance")
      .minus(openOf("CreditMemo", "CustomerRef", id, "RemainingCredit"))
      .minus(openOf("Payment", "CustomerRef", id, "UnappliedAmt"));
    expect(amountAt(customer, "Balance").toFixed(2), `balance of customer ${id}`).toBe(own.toFixed(2));
    const below = customers
      .filter((one) => refAt(one, "ParentRef") === id)
      .map((one) => amountAt(one, "BalanceWithJobs"));
    expect(amountAt(customer, "BalanceWithJobs").toFixed(2), `family of ${id}`).toBe(own.plus(sum(below)).toFixed(2));
  }
  for (const vendor of all(company, "Vendor")) {
    const id = textAt(vendor, "Id") ?? "";
    const paidAhead = sum(
      all(company, "BillPayment")
        .filter((one) => refAt(one, "VendorRef") === id)
        .map((one) => unappliedOf("BillPayment", one)),
    );
    const owed = openOf("Bill", "VendorRef", id, "Balance").minus(openOf("VendorCredit", "VendorRef", id, "Balance"));
    expect(amountAt(vendor, "Balance").toFixed(2), `balance of vendor ${id}`).toBe(owed.minus(paidAhead).toFixed(2));
  }
  checkLinks(company);
}

function checkLinks(company: Company): void {
  const settling = (["Payment", "BillPayment"] as const).flatMap((entity) =>
    all(company, entity).map((record) => ({ entity, record, applied: applicationsOf(entity, record) })),
  );
  for (const entity of ["Invoice", "CreditMemo", "Bill", "VendorCredit"] as const) {
    for (const record of all(company, entity)) {
      const id = textAt(record, "Id");
      const links = recordsAt(record, "LinkedTxn").map((link) => textAt(link, "TxnId"));
      const by = settling.filter(({ applied }) => applied.some((one) => one.entity === entity && one.id === id));
      const expected = new Set(by.map((one) => textAt(one.record, "Id")));
      expect(new Set(links), `links of ${entity} ${id ?? ""}`).toEqual(expected);
      expect(links).toHaveLength(expected.size);
      const taken = sum(
        by
          .flatMap(({ applied }) => applied.filter((one) => one.entity === entity && one.id === id))
          .map((one) => one.amount),
      );
      expect(amountAt(record, "Balance").toFixed(2)).toBe(amountAt(record, "TotalAmt").minus(taken).toFixed(2));
      expect(amountAt(record, "Balance").isNegative()).toBe(false);
    }
  }
}

describe("the books", () => {
  it("balance after anything that people do, and are untouched by what is refused", () => {
    fc.assert(
      fc.property(attempts, (tries) => {
        const company = family();
        for (const one of tries) {
          const mutation = mutationOf(company, one);
          if (mutation === undefined) continue;
          const before = JSON.stringify(dumpCompany(company));
          try {
            mutateCompany(company, nowMs, defaultSwitches, mutation);
          } catch (error) {
            if (!(error instanceof VendorFault)) throw error;
            expect(JSON.stringify(dumpCompany(company))).toBe(before);
          }
        }
        checkBooks(company);
      }),
      { numRuns: 200 },
    );
  });
});
