import { stampAt } from "./company-calendar.ts";
import type { Account, CompanyInfo, Item, Preferences, Term } from "./company-file.ts";
import { currencyReference } from "./company-words.ts";

/** What every record carries besides its own fields. */
export function stored(id: number | string, createdAt: string, updatedAt = createdAt, syncToken = 0) {
  const MetaData = { CreateTime: createdAt, LastUpdatedTime: updatedAt };
  return { domain: "QBO" as const, sparse: false as const, Id: String(id), SyncToken: String(syncToken), MetaData };
}

export interface ReferenceRecords {
  CompanyInfo: CompanyInfo;
  Preferences: Preferences;
  Term: Term[];
  Account: Account[];
  Item: Item[];
}

/** Terms, accounts, items and the company's own records: set up on the company's first day. */
export function referenceRecords(openedOn: string): ReferenceRecords {
  const at = (minute: number) => stampAt(openedOn, { hour: 9, minute, second: 0 });
  return {
    CompanyInfo: companyInfo(at(0)),
    Preferences: preferences(at(0)),
    Term: terms(at(1)),
    Account: accounts(at(2)),
    Item: items(at(3)),
  };
}

function companyInfo(createdAt: string): CompanyInfo {
  return {
    ...stored(1, createdAt),
    CompanyName: "Larkspur Wholesale",
    LegalName: "Larkspur Wholesale LLC",
    CompanyAddr: {
      Id: "1",
      Line1: "400 Larkspur Court",
      City: "Fairhollow",
      CountrySubDivisionCode: "CA",
      PostalCode: "95999",
      Country: "US",
    },
    Country: "US",
    Email: { Address: "office@larkspur-wholesale.example" },
    FiscalYearStartMonth: "January",
    CompanyStartDate: createdAt.slice(0, 10),
    SupportedLanguages: "en",
    DefaultTimeZone: "America/Los_Angeles",
    NameValue: [
      { Name: "SubscriptionStatus", Value: "PAID" },
      { Name: "OfferingSku", Value: "QuickBooks Online Plus" },
    ],
  };
}

function preferences(createdAt: string): Preferences {
  return {
    ...stored(1, createdAt),
    AccountingInfoPrefs: { UseAccountNumbers: false, TrackDepartments: false, CustomerTerminology: "Customers" },
    SalesFormsPrefs: { CustomTxnNumbers: false, AutoApplyCredit: false, AutoApplyPayments: false },
    CurrencyPrefs: { MultiCurrencyEnabled: true, HomeCurrency: { value: "USD" } },
    ReportPrefs: { ReportBasis: "Accrual", CalcAgingReportFromTxnDate: false },
  };
}

function terms(createdAt: string): Term[] {
  const standard = (id: number, Name: string, DueDays: number): Term => ({
    ...stored(id, createdAt),
    Name,
    Active: true,
    Type: "STANDARD",
    DueDays,
    DiscountDays: 0,
  });
  return [
    standard(1, "Due on receipt", 0),
    standard(2, "Net 15", 15),
    standard(3, "Net 30", 30),
    standard(4, "Net 60", 60),
    {
      ...stored(5, createdAt),
      Name: "10th of next month",
      Active: true,
      Type: "DATE_DRIVEN",
      DayOfMonthDue: 10,
      DueNextMonthDays: 20,
    },
  ];
}

function accounts(createdAt: string): Account[] {
  const rows = [
    ["Checking", "Asset", "Bank", "Checking"],
    ["Accounts Receivable (A/R)", "Asset", "Accounts Receivable", "AccountsReceivable"],
    ["Accounts Payable (A/P)", "Liability", "Accounts Payable", "AccountsPayable"],
    ["Sales of Product Income", "Revenue", "Income", "SalesOfProductIncome"],
    ["Services", "Revenue", "Income", "ServiceFeeIncome"],
    ["Office Expenses", "Expense", "Expense", "OfficeGeneralAdministrativeExpenses"],
    ["Freight and Delivery", "Expense", "Expense", "ShippingFreightDelivery"],
    ["Visa Card", "Liability", "Credit Card", "CreditCard"],
    ["Undeposited Funds", "Asset", "Other Current Asset", "UndepositedFunds"],
  ] as const;
  const made: Account[] = [];
  for (const [Name, Classification, AccountType, AccountSubType] of rows) {
    made.push({
      ...stored(made.length + 1, createdAt),
      Name,
      SubAccount: false,
      FullyQualifiedName: Name,
      Active: true,
      Classification,
      AccountType,
      AccountSubType,
      CurrentBalance: 0,
      CurrentBalanceWithSubAccounts: 0,
      CurrencyRef: currencyReference("USD"),
    });
  }
  return made;
}

function items(createdAt: string): Item[] {
  const rows = [
    ["Oak shelving unit", 189, "NonInventory"],
    ["Display cabinet", 420.5, "NonInventory"],
    ["Workbench, 2 m", 315, "NonInventory"],
    ["LED panel", 64.9, "NonInventory"],
    ["Delivery", 45, "Service"],
    ["Assembly on site", 85, "Service"],
    ["Design consultation", 140, "Service"],
    ["Yearly maintenance", 360, "Service"],
    ["Spare parts set", 27.35, "NonInventory"],
    ["Express surcharge", 19.99, "Service"],
  ] as const;
  const made: Item[] = [];
  for (const [Name, UnitPrice, Type] of rows) {
    made.push({
      ...stored(made.length + 1, createdAt),
      Name,
      Description: Name,
      Active: true,
      FullyQualifiedName: Name,
      Taxable: false,
      UnitPrice,
      Type,
      IncomeAccountRef:
        Type === "Service"
          ? {
              value: "5",
              name: "Services",
            }
          : {
              value: "4",
              name: "Sales of Product Income",
            },
      PurchaseCost: 0,
      TrackQtyOnHand: false,
    });
  }
  return made;
}
