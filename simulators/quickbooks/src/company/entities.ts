import { type Column, column, commonColumns, hidden, sortOnly } from "./columns.ts";

export type EntityName =
  | "Customer"
  | "Vendor"
  | "Employee"
  | "Invoice"
  | "CreditMemo"
  | "Payment"
  | "SalesReceipt"
  | "RefundReceipt"
  | "Bill"
  | "VendorCredit"
  | "BillPayment"
  | "Purchase"
  | "Item"
  | "Account"
  | "Term"
  | "CompanyInfo"
  | "Preferences";

export type EntityKind = "party" | "list" | "document" | "single";

/** What the simulator knows of one entity; the only place that tells entities apart by data. */
export interface Entity {
  readonly name: EntityName;
  readonly kind: EntityKind;
  /** Ids are drawn per sequence: names share one, transactions share one. */
  readonly sequence: "name" | "transaction" | "item" | "account" | "term" | "single";
  readonly nameField: "DisplayName" | "Name" | "CompanyName" | undefined;
  readonly partyField: "CustomerRef" | "VendorRef" | "EntityRef" | undefined;
  readonly columns: readonly Column[];
  /** Fields that exist but are refused in WHERE: "property 'X' is not queryable". */
  readonly notQueryable: ReadonlySet<string>;
  /** Only Invoice and Bill queries carried `totalCount` in recordings of 2026-05 (NangoHQ/integration-templates). */
  readonly countsInQuery: boolean;
  readonly required: readonly string[];
  readonly lengths: Readonly<Record<string, number>>;
  readonly canVoid: boolean;
}

const personLengths = {
  DisplayName: 500,
  Title: 16,
  GivenName: 100,
  MiddleName: 100,
  FamilyName: 100,
  Suffix: 16,
  CompanyName: 100,
  PrintOnCheckName: 110,
};
const formLengths = { DocNumber: 21, PrivateNote: 4000 };
const personColumns = ["DisplayName", "GivenName", "MiddleName", "FamilyName", "CompanyName", "PrintOnCheckName"].map(
  (name) => column(name, "text"),
);
const formColumns = [column("DocNumber", "text"), column("TxnDate", "date")];
const partyFields =
  "SyncToken Title Suffix PrimaryPhone AlternatePhone Mobile Fax WebAddr BillAddr ShipAddr Notes CurrencyRef Taxable PrimaryEmailAddr";
const formFields =
  "SyncToken Line PrivateNote CurrencyRef ExchangeRate LinkedTxn DepartmentRef TxnTaxDetail CustomField";
const salesFields = `${formFields} CustomerMemo BillEmail BillEmailCc BillEmailBcc BillAddr ShipAddr EmailStatus PrintStatus ClassRef DeliveryInfo`;

type Given = Partial<Omit<Entity, "columns" | "notQueryable">> & Pick<Entity, "name" | "kind" | "sequence">;

function entity(given: Given, columns: readonly Column[], notQueryable: string): Entity {
  return {
    nameField: undefined,
    partyField: undefined,
    countsInQuery: false,
    required: [],
    lengths: {},
    canVoid: false,
    ...given,
    columns: [...commonColumns, ...columns],
    notQueryable: new Set(notQueryable.split(" ").map((name) => name.toLowerCase())),
  };
}

const sales = { kind: "document", sequence: "transaction", partyField: "CustomerRef", lengths: formLengths } as const;
const purchases = { kind: "document", sequence: "transaction", partyField: "VendorRef", lengths: formLengths } as const;

// Which property is filterable: docs/api/accounting/all-entities/{customer,vendor,invoice,bill} as quoted in README.
const all: readonly Entity[] = [
  entity(
    {
      name: "Customer",
      kind: "party",
      sequence: "name",
      nameField: "DisplayName",
      lengths: { ...personLengths, Notes: 2000, ResaleNum: 16 },
    },
    [
      ...personColumns,
      column("FullyQualifiedName", "text"),
      column("PrimaryEmailAddr", "text"),
      column("Active", "boolean"),
      column("Balance", "number"),
      sortOnly("BalanceWithJobs", "number"),
      hidden("ParentRef", "ref"),
      hidden("SalesTermRef", "ref"),
    ],
    `${partyFields} Job Level BillWithParent IsProject CustomerTypeRef PaymentMethodRef PreferredDeliveryMethod DefaultTaxCodeRef ResaleNum`,
  ),
  entity(
    {
      name: "Vendor",
      kind: "party",
      sequence: "name",
      nameField: "DisplayName",
      lengths: { ...personLengths, AcctNum: 100, TaxIdentifier: 20 },
    },
    [
      ...personColumns,
      column("Suffix", "text"),
      column("Active", "boolean"),
      column("Balance", "number"),
      hidden("TermRef", "ref"),
    ],
    `${partyFields} TermRef AcctNum TaxIdentifier Vendor1099 OtherContactInfo BillRate CostRate`,
  ),
  entity(
    { name: "Employee", kind: "party", sequence: "name", nameField: "DisplayName", lengths: personLengths },
    [...personColumns, column("Active", "boolean")],
    `${partyFields} SSN PrimaryAddr BillableTime BirthDate Gender HiredDate ReleasedDate EmployeeNumber`,
  ),
  entity(
    { ...sales, name: "Invoice", countsInQuery: true, canVoid: true, required: ["CustomerRef", "Line"] },
    [
      ...formColumns,
      column("DueDate", "date"),
      column("Balance", "number"),
      column("CustomerRef", "ref"),
      column("SalesTermRef", "ref"),
      column("ProjectRef", "ref"),
      hidden("TotalAmt", "number"),
    ],
    `${salesFields} TotalAmt HomeBalance HomeTotalAmt Deposit`,
  ),
  entity(
    { ...sales, name: "CreditMemo", canVoid: true, required: ["CustomerRef", "Line"] },
    [...formColumns, column("TotalAmt", "number"), column("Balance", "number"), column("CustomerRef", "ref")],
    `${salesFields} RemainingCredit HomeBalance HomeTotalAmt`,
  ),
  entity(
    {
      ...sales,
      name: "Payment",
      canVoid: true,
      required: ["CustomerRef", "TotalAmt"],
      lengths: { ...formLengths, PaymentRefNum: 21 },
    },
    [
      column("TxnDate", "date"),
      column("TotalAmt", "number"),
      column("CustomerRef", "ref"),
      column("PaymentRefNum", "text"),
    ],
    `${formFields} UnappliedAmt PaymentMethodRef DepositToAccountRef ProcessPayment DocNumber`,
  ),
  entity(
    { ...sales, name: "SalesReceipt", canVoid: true, required: ["Line"] },
    [...formColumns, column("TotalAmt", "number"), column("CustomerRef", "ref")],
    `${salesFields} Balance PaymentMethodRef DepositToAccountRef`,
  ),
  entity(
    { ...sales, name: "RefundReceipt", canVoid: true, required: ["Line", "DepositToAccountRef"] },
    [...formColumns, column("TotalAmt", "number"), column("CustomerRef", "ref")],
    `${salesFields} Balance PaymentMethodRef DepositToAccountRef`,
  ),
  entity(
    { ...purchases, name: "Bill", countsInQuery: true, required: ["VendorRef", "Line"] },
    [
      ...formColumns,
      column("DueDate", "date"),
      column("TotalAmt", "number"),
      column("Balance", "number"),
      column("VendorRef", "ref"),
      column("SalesTermRef", "ref"),
    ],
    `${formFields} APAccountRef VendorAddr HomeBalance`,
  ),
  entity(
    { ...purchases, name: "VendorCredit", required: ["VendorRef", "Line"] },
    [...formColumns, column("TotalAmt", "number"), column("Balance", "number"), column("VendorRef", "ref")],
    `${formFields} APAccountRef VendorAddr`,
  ),
  entity(
    { ...purchases, name: "BillPayment", canVoid: true, required: ["VendorRef", "TotalAmt", "PayType"] },
    [...formColumns, column("TotalAmt", "number"), column("VendorRef", "ref")],
    `${formFields} PayType CheckPayment CreditCardPayment APAccountRef`,
  ),
  entity(
    {
      ...purchases,
      name: "Purchase",
      partyField: "EntityRef",
      canVoid: true,
      required: ["PaymentType", "AccountRef", "Line"],
    },
    [...formColumns, column("TotalAmt", "number"), column("PaymentType", "text"), hidden("EntityRef", "ref")],
    `${formFields} AccountRef EntityRef Credit PaymentMethodRef`,
  ),
  entity(
    {
      name: "Item",
      kind: "list",
      sequence: "item",
      nameField: "Name",
      required: ["Name"],
      lengths: { Name: 100, Sku: 100, Description: 4000 },
    },
    [
      column("Name", "text"),
      column("FullyQualifiedName", "text"),
      column("Sku", "text"),
      column("Type", "text"),
      column("Active", "boolean"),
      column("UnitPrice", "number"),
      hidden("ParentRef", "ref"),
    ],
    "SyncToken Description PurchaseDesc PurchaseCost IncomeAccountRef ExpenseAccountRef AssetAccountRef TrackQtyOnHand QtyOnHand SubItem Level Taxable InvStartDate ParentRef ReorderPoint",
  ),
  entity(
    {
      name: "Account",
      kind: "list",
      sequence: "account",
      nameField: "Name",
      required: ["Name"],
      lengths: { Name: 100, Description: 100, AcctNum: 20 },
    },
    [
      column("Name", "text"),
      column("FullyQualifiedName", "text"),
      column("AcctNum", "text"),
      column("Active", "boolean"),
      column("Classification", "text"),
      column("AccountType", "text"),
      column("AccountSubType", "text"),
      column("CurrentBalance", "number"),
      hidden("ParentRef", "ref"),
    ],
    "SyncToken Description SubAccount ParentRef CurrentBalanceWithSubAccounts CurrencyRef",
  ),
  entity(
    { name: "Term", kind: "list", sequence: "term", nameField: "Name", required: ["Name"], lengths: { Name: 31 } },
    [column("Name", "text"), column("Active", "boolean"), column("Type", "text"), column("DueDays", "number")],
    "SyncToken DiscountPercent DiscountDays DayOfMonthDue DueNextMonthDays DiscountDayOfMonth",
  ),
  entity(
    { name: "CompanyInfo", kind: "single", sequence: "single", nameField: "CompanyName" },
    [column("CompanyName", "text")],
    "SyncToken LegalName CompanyAddr Country Email NameValue",
  ),
  entity(
    { name: "Preferences", kind: "single", sequence: "single" },
    [],
    "SyncToken AccountingInfoPrefs SalesFormsPrefs CurrencyPrefs ReportPrefs",
  ),
];

export const entities: ReadonlyMap<EntityName, Entity> = new Map(all.map((one) => [one.name, one]));
const byLowerCase = new Map(all.map((one) => [one.name.toLowerCase(), one]));

/** The vendor takes entity names in any case (STRESS; node-quickbooks writes paths in lower case). */
export function entityNamed(name: string): Entity | undefined {
  return byLowerCase.get(name.toLowerCase());
}

export function entityOf(name: EntityName): Entity {
  const found = entities.get(name);
  if (found === undefined) throw new Error(`no entity ${name}`);
  return found;
}

export function columnIndex(entity: Entity, name: string): number {
  return entity.columns.findIndex((column) => column.name === name);
}

// The vendor's other entities (docs/api/accounting/all-entities): known, not built, answered 501 by name.
const unbuilt = new Set(
  (
    "Attachable Budget ChangeOrder Class CompanyCurrency CreditCardPayment CustomerType Department Deposit Estimate ExchangeRate " +
    "InventoryAdjustment JournalCode JournalEntry PaymentMethod PurchaseOrder RecurringTransaction ReimburseCharge StatementCharge " +
    "TaxAgency TaxClassification TaxCode TaxPayment TaxRate TaxReturn TaxService TimeActivity Transfer"
  )
    .toLowerCase()
    .split(" "),
);

export function isUnbuiltEntity(name: string): boolean {
  return unbuilt.has(name.toLowerCase());
}
