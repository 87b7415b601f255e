import { entityNamed } from "../../src/company/index.ts";
import type { JsonRecord } from "../../src/json.ts";

/** What a method of another people's client asks for, told from its name. */
export type MethodPlan =
  | {
      readonly kind: "create" | "get" | "update" | "delete" | "void" | "find" | "count";
      readonly entity: string;
      readonly isBuilt: boolean;
    }
  | { readonly kind: "report"; readonly report: string; readonly isBuilt: boolean }
  | { readonly kind: "unbuilt"; readonly what: string }
  | { readonly kind: "by-hand" };

const builtReports = new Set(["AgedReceivables", "AgedPayables"]);

function pluralize(word: string): string {
  if (word.endsWith("s")) return `${word}es`;
  return word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`;
}

const everyEntity = (
  "Account Attachable Bill BillPayment Budget Class CompanyInfo CompanyCurrency CreditMemo Customer CustomerType Department Deposit Employee " +
  "Estimate ExchangeRate Invoice Item JournalCode JournalEntry Payment PaymentMethod Preferences Purchase PurchaseOrder RefundReceipt " +
  "SalesReceipt TaxAgency TaxCode TaxRate TaxService Term TimeActivity Transfer Vendor VendorCredit"
).split(" ");

export function planOf(method: string): MethodPlan {
  const match = /^(create|get|update|delete|void|find|count|report|send)([A-Z]\w*)$/.exec(method);
  const [, verb, rest] = match ?? [];
  if (verb === undefined || rest === undefined) return { kind: "by-hand" };
  if (verb === "report") return { kind: "report", report: rest, isBuilt: builtReports.has(rest) };
  if (verb === "send" || rest.endsWith("Pdf")) return { kind: "unbuilt", what: method };
  const isList = verb === "find" || verb === "count";
  const entity = everyEntity.find((name) => (isList ? pluralize(name) : name) === rest);
  if (entity === undefined) return { kind: "by-hand" };
  return { kind: verb as "create", entity, isBuilt: entityNamed(entity) !== undefined };
}

const line = {
  Amount: 12.5,
  DetailType: "SalesItemLineDetail",
  SalesItemLineDetail: { ItemRef: { value: "1" }, Qty: 1, UnitPrice: 12.5 },
};
const expense = {
  Amount: 8,
  DetailType: "AccountBasedExpenseLineDetail",
  AccountBasedExpenseLineDetail: { AccountRef: { value: "7" } },
};

/** A record that the vendor would take; `n` keeps names apart. */
export function sampleOf(entity: string, n: number): JsonRecord {
  const CustomerRef = { value: "4" };
  const VendorRef = { value: "5" };
  const samples: Record<string, JsonRecord> = {
    Account: { Name: `Account ${n}`, AccountType: "Expense" },
    Customer: { DisplayName: `Customer ${n}` },
    Vendor: { DisplayName: `Vendor ${n}` },
    Employee: { GivenName: "Bill", FamilyName: `Miller ${n}` },
    Item: { Name: `Item ${n}`, Type: "Service" },
    Term: { Name: `Net ${n}`, DueDays: 7 },
    Invoice: { CustomerRef, Line: [line] },
    CreditMemo: { CustomerRef, Line: [line] },
    SalesReceipt: { CustomerRef, Line: [line] },
    RefundReceipt: { CustomerRef, Line: [line], DepositToAccountRef: { value: "35" } },
    Payment: { CustomerRef, TotalAmt: 5 },
    Bill: { VendorRef, Line: [expense] },
    VendorCredit: { VendorRef, Line: [expense] },
    BillPayment: { VendorRef, TotalAmt: 3, PayType: "Check", CheckPayment: { BankAccountRef: { value: "35" } } },
    Purchase: {
      PaymentType: "Cash",
      AccountRef: { value: "35" },
      EntityRef: { ...VendorRef, type: "Vendor" },
      Line: [expense],
    },
  };
  return structuredClone(samples[entity] ?? { Name: `${entity} ${n}` });
}

/** What an update changes. */
export function changeOf(entity: string): JsonRecord {
  switch (entity) {
    case "Account":
    case "Item":
      return { Description: "changed" };
    case "Term":
      return { DueDays: 8 };
    case "Customer":
    case "Vendor":
    case "Employee":
      return { GivenName: "Changed" };
    case "CompanyInfo":
      return { LegalName: "Changed" };
    case "Preferences":
      return { ReportPrefs: { ReportBasis: "Cash" } };
    default:
      return { PrivateNote: "changed" };
  }
}
